extension Scenario {
    /// What the task queue costs without sockets and disk.
    static let queue = [
        Scenario(
            name: "queue-100k",
            trial: QueueLoad(),
            maximumRuns: 3,
            thresholds: [
                .rate(atLeast: 20_000),
                .figure(.lateOverEarlySubmits, atMost: 2),
                .figure(.fullOverEmptyRuns, atMost: 2),
                .figure(.residentBytesPerWaitingTask, atMost: 1_024),
            ]
        )
    ]
}
