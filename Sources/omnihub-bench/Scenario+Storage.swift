extension Scenario {
    /// What the journal and the state cost: commits, starts, snapshots, memory.
    static let storage =
        [1, 16, 256].map { callers in
            Scenario(
                name: "durable-\(callers)",
                trial: DurableLoad(callers: callers),
                reference: Reference(name: "floor", trial: CommitFloor()),
                thresholds: [.throughput(atLeast: 0.8)]
            )
        } + [
            Scenario(
                name: "start-100k-tasks",
                trial: StartUp(size: .tasks(100_000), hasSnapshot: true),
                maximumRuns: 3,
                thresholds: [.figure(.startMilliseconds, atMost: 2_000)]
            ),
            Scenario(
                name: "start-100k-tasks-journal",
                trial: StartUp(size: .tasks(100_000)),
                maximumRuns: 3
            ),
            Scenario(
                name: "start-1M-events",
                trial: StartUp(size: .events(1_000_000)),
                maximumRuns: 3,
                thresholds: [.figure(.startMilliseconds, atMost: 10_000)]
            ),
            snapshots("snapshot-get", SnapshotLatency(method: .read, callsPerSecond: 1_000)),
            snapshots("snapshot-create", SnapshotLatency(method: .create, callsPerSecond: 200)),
            Scenario(
                name: "memory-100k-tasks",
                trial: TaskMemory(),
                maximumRuns: 1,
                thresholds: [.figure(.residentBytesPerTask, atMost: 1_024)]
            ),
        ]

    private static func snapshots(_ name: String, _ load: SnapshotLatency) -> Scenario {
        var quiet = load
        quiet.takesSnapshots = false
        return Scenario(
            name: name,
            trial: load,
            reference: Reference(name: "without", trial: quiet),
            maximumRuns: 5,
            thresholds: [.p99(below: 2)]
        )
    }
}
