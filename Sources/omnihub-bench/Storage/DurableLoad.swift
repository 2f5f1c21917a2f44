import EventLoops
import Glibc

/// Creates tasks for an agent that is paused: each command is answered once the task's event, and
/// the audit's, are on the disk.
struct DurableLoad: Load {
    /// Each waits for an answer before it calls again.
    var callers: Int

    func startServer(_ programs: Programs, like other: Measurement?) throws -> ServerProcess {
        try programs.startHub(in: TemporaryDirectory(), settings: Self.settings)
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let control = try BenchClient(server)
        try Self.pauseAgent(control)
        let clients = try (0..<callers).map { _ in
            let client = try BenchClient(server)
            try client.send(text: FanoutLoad.pingRequest)
            try client.awaitMessage(containing: #""result""#)
            return client
        }
        var driver = try RoundTripDriver(
            clients,
            message: Array(Self.request.utf8),
            inFlight: 1,
            answer: .beginning(CallLoad.answerStart)
        )
        let first = try CommitCounts(.current(server))
        try control.send(text: Self.request)
        try control.awaitMessage(containing: #""result""#)
        let before = try CommitCounts(.current(server))
        let recordsPerCommand = before.records - first.records
        var measurement = try driver.run(RunClock(interval, server))
        let written = try CommitCounts(.current(server)) - before
        measurement.figures = [
            Figure(
                kind: .commandsPerCommit,
                value: written.records / written.commits / recordsPerCommand
            ),
            Figure(kind: .bytesPerCommit, value: written.bytes / written.commits),
        ]
        return measurement
    }

    /// A hub that has just begun to listen may still be starting the agent, which can then not be
    /// paused yet.
    private static func pauseAgent(_ client: BenchClient) throws {
        let request = #"{"jsonrpc":"2.0","id":1,"method":"agents.pause","params":{"id":"content"}}"#
        let wanted = Array(#""paused""#.utf8)
        while true {
            try client.send(text: request)
            let answer = try client.message(containing: #""id":1,"#)
            if answer.firstRange(of: wanted) != nil { return }
        }
    }

    static let request =
        #"{"jsonrpc":"2.0","id":10000000,"method":"tasks.create","params":"#
        + #"{"type":"content.analyze","payload":{"text":"Short words are best."}}}"#

    /// No snapshot comes between, and as many tasks may wait as are created.
    static let settings =
        "runtime: { maxWaitingTasks: 10000000 }, "
        + "snapshots: { afterEvents: 1000000000, afterBytes: 68719476736, intervalMs: 86400000 }"
}

/// What a hub has written to its journal.
private struct CommitCounts {
    var records: Double
    var bytes: Double
    var commits: Double

    init(_ figures: HubFigures) throws {
        records = try figures["omnihub_journal_records_total"]
        bytes = try figures["omnihub_journal_bytes_total"]
        commits = try figures["omnihub_journal_commits_total"]
    }

    static func - (later: CommitCounts, earlier: CommitCounts) -> CommitCounts {
        var difference = later
        difference.records -= earlier.records
        difference.bytes -= earlier.bytes
        difference.commits -= earlier.commits
        return difference
    }
}
