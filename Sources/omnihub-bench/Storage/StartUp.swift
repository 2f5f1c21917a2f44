import EventLoops

/// Starts a hub on a state folder of a given size, up to the moment at which it listens.
///
/// The folder's files are in the page cache: what is measured is the hub.
struct StartUp: Trial {
    enum Size: Sendable {
        case tasks(Int)
        case events(Int)
    }

    var size: Size
    /// Whether the newest snapshot has all of it; otherwise all is in the journal.
    var hasSnapshot = false

    func measure(
        _ programs: Programs,
        like other: Measurement?,
        for interval: Interval
    ) throws -> Measurement {
        let folder = try TemporaryDirectory()
        let events = try prepare(folder, interval)
        if hasSnapshot {
            let server = try programs.startHub(in: folder, settings: DurableLoad.settings)
            let client = try BenchClient(server)
            try client.send(text: SnapshotLatency.snapshotRequest)
            try client.awaitMessage(containing: #""result""#)
            server.kill()
        }
        // What is killed leaves no snapshot behind, so that each start finds the same.
        let begin = MonotonicClock.nanoseconds
        let server = try programs.startHub(in: folder, settings: DurableLoad.settings)
        let wall = MonotonicClock.nanoseconds - begin
        var latency = LatencyHistogram()
        latency.record(wall)
        var measurement = Measurement(
            opened: events,
            wall: wall,
            serverTime: server.clock.nanoseconds,
            latency: latency
        )
        measurement.figures = [
            Figure(kind: .startMilliseconds, value: Double(wall) / 1e6),
            Figure(kind: .residentBytes, value: Double(try server.residentBytes())),
        ]
        server.kill()
        return measurement
    }

    /// Returns how many events were written.
    private func prepare(_ folder: TemporaryDirectory, _ interval: Interval) throws -> Int {
        let path = "\(folder.path)/state"
        let share = interval.isShort ? 50 : 1
        switch size {
        case .tasks(let count):
            try RecordedTasks.write(tasks: count / share, to: path)
            return count / share * RecordedTasks.eventsPerTask
        case .events(let count):
            try RecordedTasks.write(events: count / share, to: path)
            return count / share
        }
    }
}
