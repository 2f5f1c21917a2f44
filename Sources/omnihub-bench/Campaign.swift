import EventLoops
import Glibc

/// Measures scenarios and reports them.
struct Campaign {
    private let options: MeasureOptions

    init(_ options: MeasureOptions) {
        self.options = options
    }

    func run() throws {
        guard sysconf(Int32(_SC_NPROCESSORS_ONLN)) >= 2 else {
            throw BenchError("needs two processors: one for the server and one for the load")
        }
        DescriptorLimit.raise()
        try Processor.pinCaller(to: Processor.load)
        let machine = Machine.current()
        print(Table.heading(machine, options))
        var results: [ScenarioResult] = []
        for scenario in options.scenarios {
            let result = try measure(scenario)
            print(Table.rows(of: result))
            results.append(result)
        }
        if let path = options.jsonPath {
            try ResultFile(machine: machine, options: options, results: results).write(to: path)
        }
    }

    /// The server and what it is compared with in turn, so that what changes on the machine meanwhile changes both.
    private func measure(_ scenario: Scenario) throws -> ScenarioResult {
        var result = ScenarioResult(
            name: scenario.name,
            referenceName: scenario.reference?.name,
            thresholds: scenario.thresholds
        )
        for _ in 0..<min(options.runs, scenario.maximumRuns) {
            let measurement = try run(scenario.trial, like: nil, of: scenario.name)
            result.server.append(measurement)
            guard options.measuresReference, let reference = scenario.reference else { continue }
            let name = "\(scenario.name), \(reference.name)"
            result.reference.append(try run(reference.trial, like: measurement, of: name))
        }
        return result
    }

    private func run(
        _ trial: any Trial,
        like other: Measurement?,
        of name: String
    ) throws(BenchError) -> Measurement {
        do {
            return try trial.measure(options.programs, like: other, for: options.interval)
        } catch {
            throw BenchError("\(name): \(error)")
        }
    }
}
