import EventLoops

/// Counts what servers do for each message, instead of measuring how long it takes.
struct Counting {
    private let options: MeasureOptions

    init(_ options: MeasureOptions) {
        self.options = options
    }

    func run() throws {
        DescriptorLimit.raise()
        try Processor.pinCaller(to: Processor.load)
        let profiled = try ProfiledPrograms(
            options.programs,
            profileDirectory: options.profileDirectory
        )
        let machine = Machine.current()
        print(Table.heading(machine))
        var results: [Counts] = []
        for scenario in options.scenarios {
            guard let load = scenario.countableLoad else { continue }
            var sides = [(name: "server", load: load)]
            if options.measuresReference, let reference = scenario.reference,
                let load = reference.trial as? any Load
            {
                sides.append((reference.name, load))
            }
            var other: Measurement?
            for side in sides {
                let name = "\(scenario.name), \(side.name)"
                let (counts, measurement) = try count(side.load, name, like: other, profiled)
                print(Table.row(of: counts))
                results.append(counts)
                other = measurement
            }
        }
        if let path = options.jsonPath {
            try ResultFile.write(results, of: machine, to: path)
        }
    }

    private func count(
        _ load: any Load,
        _ name: String,
        like other: Measurement?,
        _ profiled: ProfiledPrograms
    ) throws(BenchError) -> (Counts, Measurement) {
        do {
            let server = try load.startServer(options.programs, like: other)
            let calls = try SystemCallProbe(server.identifier)
            server.probe = calls
            let traced = try load.run(on: server, for: options.interval)
            try server.stop()
            if let failure = calls.failure { throw failure }

            let slow = try load.startServer(profiled.programs, like: other)
            let probe = CallgrindProbe(slow.identifier)
            slow.probe = probe
            // Under valgrind a message takes some fifty times as long.
            let interval = Interval(
                warmUp: options.interval.warmUp * 5,
                measured: options.interval.measured * 5
            )
            let counted = try load.run(on: slow, for: interval)
            try slow.stop()
            if let failure = probe.failure { throw failure }
            let profile = try CallgrindProfile(profiled.profile(of: slow.identifier))
            let counts = Counts(
                name: name,
                systemCalls: Double(calls.calls) / Double(traced.messages),
                instructions: Double(profile.instructions) / Double(counted.messages),
                allocations: Double(profile.allocations) / Double(counted.messages),
                messages: counted.messages
            )
            return (counts, traced)
        } catch {
            throw BenchError("\(name): \(error)")
        }
    }
}

/// What a server did for each message.
struct Counts {
    let name: String
    let systemCalls: Double
    /// In user space.
    let instructions: Double
    let allocations: Double
    /// How many messages the latter two were counted over.
    let messages: Int
}

extension Scenario {
    /// Its load, if that sends messages for as long as it is told and does nothing else.
    fileprivate var countableLoad: (any Load)? {
        if trial is IdleLoad || trial is TaskMemory || trial is SnapshotLatency { return nil }
        return trial as? any Load
    }
}
