import Identity
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Replay")
struct ReplayTests {
    @Test(arguments: 1...25 as ClosedRange<UInt64>)
    func `the events alone give the same state`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<400 { try life.step() }
        let replayed = try RuntimeState.replaying(life.hub.log)

        #expect(replayed == life.hub.state)
        #expect(
            replayed.taskCounts == life.hub.state.taskCounts
        )
        #expect(life.worst <= 6)
        #expect(life.hub.log.count > 150)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a stored state and the events after it give the same state`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<200 { try life.step() }
        let stored = try life.hub.state.storedAndRead()
        #expect(stored == life.hub.state)
        let count = life.hub.log.count
        for _ in 0..<200 { try life.step() }

        let later = Array(life.hub.log[count...])
        #expect(try RuntimeState.replaying(later, from: stored) == life.hub.state)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `every task comes to exactly one end`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<300 { try life.step() }
        life.settle()

        #expect(!life.hub.state.tasks.values.contains { !$0.status.isFinal })
        #expect(life.hub.log.endsAreUnique)
        #expect(life.hub.core.waiters.isEmpty)
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func `offsets of every channel are consecutive`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<300 { try life.step() }
        var last: [String: UInt64] = [:]
        for place in (life.hub.recorded + life.hub.audited).flatMap(\.positions) {
            // A channel of clients may begin anew.
            let isNew = place.channel.hasPrefix("app.") && place.offset == 1
            #expect(isNew || place.offset == last[place.channel, default: 0] + 1)
            last[place.channel] = place.offset
        }

        #expect(last["tasks"] == life.hub.state.offset(of: "tasks"))
        #expect(last["audit"] == life.hub.state.offset(of: "audit"))
        #expect(
            life.hub.log.map(\.event.sequence) == (1...UInt64(life.hub.log.count)).map { $0 }
        )
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `a crash after any event loses no task and ends none twice`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<60 { try life.step() }
        let log = life.hub.log
        for cut in 0...log.count {
            let state = try RuntimeState.replaying(Array(log[..<cut]))
            var next = RandomLife(resuming: state, random: SplitMix64(seed: UInt64(cut)))
            let known = state.tasks.values.filter { !$0.status.isFinal }.map(\.id)
            next.settle()

            let whole = Array(log[..<cut]) + next.hub.log
            #expect(whole.endsAreUnique)
            #expect(known.allSatisfy { next.hub.state.tasks[$0]?.status.isFinal == true })
            #expect(try RuntimeState.replaying(whole) == next.hub.state)
        }
    }

    @Test func `an interrupted attempt counts, and the last one is dead`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["maxAttempts": 2])
        var next = try CoreHarness(state: hub.state)
        #expect(try next.state.task(id).attempts == 2)
        #expect(try next.state.task(id).status == .running)
        #expect(
            next.log.contains { logged in
                guard case .taskRetrying(let error?, 1, 0, _, nil) = logged.event.change else {
                    return false
                }
                return error.code == "INTERRUPTED"
            }
        )
        next = try CoreHarness(state: next.state)

        #expect(try next.state.task(id).status == .dead)
        #expect(next.running.isEmpty)
    }

    @Test func `a task that waited before the restart is older than one that came after`() throws {
        var hub = try CoreHarness(startsAgents: false)
        let old = try hub.create("worker.work", ["priority": "low"])
        var later = hub.now
        later.wall = later.wall.advanced(byMilliseconds: 180_000)
        later.monotonic = .seconds(5)
        var next = try CoreHarness(state: hub.state, at: later, startsAgents: false)
        _ = try next.create("worker.work", ["priority": "critical"])
        next.finishStarts()

        #expect(next.running.first?.attempt.taskID == old)
    }
}

extension [LoggedEvent] {
    /// Whether no task ends twice without a retry by hand between.
    var endsAreUnique: Bool {
        var ended: Set<String> = []
        for logged in self {
            guard let id = logged.event.taskID else { continue }
            switch logged.event.change {
            case .taskCompleted, .taskFailed, .taskCancelled, .taskDead, .taskAbandoned:
                if !ended.insert(id).inserted { return false }
            case .taskRetrying(_, _, _, _, _?):
                if ended.remove(id) == nil { return false }
            case .taskStarted, .taskProgress, .taskOutput, .taskRetrying:
                if ended.contains(id) { return false }
            default:
                break
            }
        }
        return true
    }
}

extension RuntimeState {
    /// By the JSON of a snapshot's files.
    func storedAndRead() throws -> RuntimeState {
        var state = RuntimeState()
        try state.decodeHead(encodedHead())
        try state.adopt(
            tasks: tasks.values.map { try TaskRecord(stored: JSONReader(parsing: $0.stored())) },
            agents: agents.values.map {
                try AgentRecord(stored: JSONReader(parsing: $0.stored()))
            }
        )
        for (key, entry) in answers.inOrder() {
            let json = AnswerTable.stored(entry, for: key)
            try state.answers.adopt(stored: JSONReader(parsing: json))
        }
        for user in identity.users.values {
            state.identity.put(try UserRecord(stored: JSONReader(parsing: user.stored())))
        }
        for session in identity.sessions.values {
            state.identity.put(try LoginSession(stored: JSONReader(parsing: session.stored())))
        }
        for key in identity.keys.values {
            state.identity.put(try APIKeyRecord(stored: JSONReader(parsing: key.stored())))
        }
        var channel = ""
        for line in clientChannels.stored() {
            try state.clientChannels.adopt(
                stored: JSONReader(parsing: line),
                channel: &channel
            )
        }
        for line in activity.stored() {
            try state.activity.adopt(stored: JSONReader(parsing: line))
        }
        for report in reports.reports {
            state.reports.adopt(try ReportRecord(reading: JSONReader(parsing: report.encoded())))
        }
        return state
    }
}
