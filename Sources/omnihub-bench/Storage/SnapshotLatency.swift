import EventLoops

/// Calls a hub with many tasks at a fixed rate while it writes one snapshot after the other.
///
/// An open loop: a latency counts from when the call was due, so that what a stall holds up is in
/// it.
struct SnapshotLatency: Load {
    enum Method: Sendable {
        /// `tasks.get`, which the runtime's thread answers.
        case read
        /// `tasks.create`, which is answered when it is on the disk, and whose task then runs.
        case create
    }

    var method: Method
    var callsPerSecond: Int
    var tasks = 100_000
    /// Without them the same is measured in peace.
    var takesSnapshots = true

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        let folder = try TemporaryDirectory()
        try RecordedTasks.write(tasks: tasks, to: "\(folder.path)/state")
        return try programs.startHub(in: folder, settings: DurableLoad.settings)
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        // Long enough for a whole snapshot, from its first moment to its last.
        var interval = interval
        if !interval.isShort { interval.measured = max(interval.measured, 6_000_000_000) }
        let request = try self.request(to: server)
        var driver = try OpenLoopDriver(
            server,
            request: request,
            callsPerSecond: callsPerSecond,
            besides: takesSnapshots ? Self.snapshotRequest : nil
        )
        return try driver.run(RunClock(interval, server))
    }

    static let snapshotRequest =
        #"{"jsonrpc":"2.0","id":20000000,"method":"system.snapshot","params":{}}"#

    private func request(to server: ServerProcess) throws -> String {
        switch method {
        case .create:
            return DurableLoad.request
        case .read:
            let client = try BenchClient(server)
            try client.send(
                text: #"{"jsonrpc":"2.0","id":1,"method":"tasks.list","params":{"limit":1}}"#
            )
            let list = try client.message(containing: #""tasks":["#)
            guard let start = list.firstRange(of: Array(#"[{"id":""#.utf8))?.upperBound else {
                throw BenchError("the hub does not list the tasks it has")
            }
            let id = String(decoding: list[start..<min(start + 36, list.count)], as: UTF8.self)
            return #"{"jsonrpc":"2.0","id":10000000,"method":"tasks.get","params":{"id":"\#(id)"}}"#
        }
    }
}
