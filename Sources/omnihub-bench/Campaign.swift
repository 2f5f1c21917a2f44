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
        try DescriptorLimit.raise()
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

    /// Server and floor in turn, so that what changes on the machine meanwhile changes both.
    private func measure(_ scenario: Scenario) throws -> ScenarioResult {
        var result = ScenarioResult(name: scenario.name)
        let load = scenario.load
        for _ in 0..<options.runs {
            do {
                let server = try load.startServer(options.programs)
                result.server.append(try load.run(on: server, for: options.interval))
                try server.stop()
            } catch {
                throw BenchError("\(scenario.name): \(error)")
            }
            guard options.measuresFloor, let last = result.server.last else { continue }
            do {
                let floor = try load.startFloor(options.programs, like: last)
                result.floor.append(try load.run(on: floor, for: options.interval))
                try floor.stop()
            } catch {
                throw BenchError("\(scenario.name), floor: \(error)")
            }
        }
        return result
    }
}
