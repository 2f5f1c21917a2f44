import EventLoops
import Glibc
import JSONRPC

/// Has many tasks carried out, and looks at what the hub's memory has grown by for each.
struct TaskMemory: Load {
    /// Tasks before the first look: by then channels, buffers and the allocator are what they stay.
    var first = 20_000
    /// As many as a hub keeps.
    var last = 100_000

    private static let batch = 64
    private static let payload = #"{"text":"Short words are best, and old words when short are."}"#

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        try programs.startHub(in: TemporaryDirectory(), settings: DurableLoad.settings)
    }

    /// The interval is this load's own; a short one makes it create fewer tasks.
    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let share = interval.isShort ? 20 : 1
        let (first, last) = (first / share, last / share)
        let client = try BenchClient(server)
        try carryOut(first, by: client, server, of: first)
        let before = try server.residentBytes()
        let (wall, computed) = (MonotonicClock.nanoseconds, server.clock.nanoseconds)
        try carryOut(last - first, by: client, server, of: last)
        let grown = Double(try server.residentBytes() - before) / Double(last - first)
        let content = try bytesOfContent(client)
        var measurement = Measurement(
            opened: last - first,
            wall: MonotonicClock.nanoseconds - wall,
            serverTime: server.clock.nanoseconds - computed,
            latency: LatencyHistogram()
        )
        measurement.figures = [
            Figure(kind: .contentBytesPerTask, value: Double(content)),
            Figure(kind: .residentBytesPerTask, value: grown - Double(content)),
        ]
        return measurement
    }

    /// Creates `count` tasks, some at a time, and waits until all are completed.
    private func carryOut(
        _ count: Int,
        by client: BenchClient,
        _ server: ServerProcess,
        of total: Int
    ) throws {
        var created = 0
        while created < count {
            let number = min(Self.batch, count - created)
            for _ in 0..<number { try client.send(text: Self.request) }
            for _ in 0..<number { try client.awaitMessage(containing: #""result""#) }
            created += number
        }
        let series = #"omnihub_tasks{status="completed"}"#
        for _ in 0..<6_000 {
            if try HubFigures(server)[series] >= Double(total) { return }
            usleep(10_000)
        }
        throw BenchError("the hub did not carry out \(total) tasks within a minute")
    }

    private static let request =
        #"{"jsonrpc":"2.0","id":1,"method":"tasks.create","params":{"type":"content.analyze","#
        + #""payload":"# + payload + "}}"

    /// What a task has of its client's and of its agent's: payload and result.
    private func bytesOfContent(_ client: BenchClient) throws -> Int {
        try client.send(
            text: #"{"jsonrpc":"2.0","id":1,"method":"tasks.list","params":{"limit":1}}"#
        )
        let list = try JSONValue(parsing: client.message(containing: #""tasks":["#))
        guard let task = list["result"]?["tasks"]?.arrayValue?.first, let result = task["result"]
        else { throw BenchError("a completed task has no result") }
        return Self.payload.utf8.count + result.encoded().count
    }
}
