import JSONRPC
import Testing

@testable import AgentRuntime

/// Random life in a hub: commands, reports and time, all from one seed.
struct RandomLife {
    var hub: CoreHarness
    var random: SplitMix64
    private(set) var created: [String] = []
    private(set) var worst = 0

    init(seed: UInt64) throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 40
        configuration.retention.maximumAnswers = 30
        hub = try CoreHarness(
            agents: ["worker", "other"],
            configuration: configuration,
            seed: seed
        )
        random = SplitMix64(seed: seed)
    }

    mutating func step() throws {
        let key = Bool.random(using: &random) ? "\(Int.random(in: 0..<50, using: &random))" : nil
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<6:
            try create(key: key)
        case 6..<11:
            endSomeAttempt()
        case 11:
            if let id = created.randomElement(using: &random) {
                _ = hub.submit(.cancelTask(id: id), key: key)
            }
        case 12:
            if let id = created.randomElement(using: &random) {
                _ = hub.submit(.retryTask(id: id), key: key)
            }
        case 13:
            if let control = AgentControl.allCases.randomElement(using: &random) {
                let id = Bool.random(using: &random) ? "worker" : "other"
                _ = hub.submit(.controlAgent(id: id, control), key: key)
            }
        case 14:
            let concurrency = Int.random(in: 1...6, using: &random)
            let changes: JSONObject = ["concurrency": .integer(concurrency)]
            _ = hub.submit(.configureAgent(id: "other", changes), key: key)
        case 15:
            hub.finishStarts(failure: Int.random(in: 0..<4, using: &random) == 0 ? "no" : nil)
            hub.finishStops()
        case 16:
            if let token = hub.running.randomElement(using: &random)?.token {
                let percent = Int.random(in: 0...100, using: &random)
                hub.report(.progress(token, percent: percent, message: nil))
                hub.report(.output(token, .ok))
            }
        case 17:
            let hours = Int64.random(in: -3...3, using: &random)
            hub.stepWallClock(byMilliseconds: hours * 3_600_000)
        default:
            hub.advance(.milliseconds(Int.random(in: 0...4000, using: &random)))
        }
        worst = max(worst, hub.core.occupied.values.max() ?? 0)
    }

    private mutating func create(key: String?) throws {
        let priority = TaskPriority.allCases.randomElement(using: &random) ?? .low
        let type = ["worker.work", "worker.once", "other.work"].randomElement(using: &random) ?? ""
        var params: JSONObject = [
            "type": .string(type), "payload": ["n": 1], "priority": .string(priority.rawValue),
            "timeoutMs": 3000,
        ]
        if Int.random(in: 0..<4, using: &random) == 0 {
            let runAt = hub.now.wall.advanced(byMilliseconds: 5000)
            params["runAt"] = .string(runAt.description)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let deadline = hub.now.wall.advanced(byMilliseconds: 9000)
            params["deadline"] = .string(deadline.description)
        }
        let ticket = hub.submit(.createTask(params: .object(params)), key: key)
        if let id = try? hub.answer(to: ticket)?["id"]?.stringValue { created.append(id) }
    }

    private mutating func endSomeAttempt() {
        guard let token = hub.running.randomElement(using: &random)?.token else { return }
        let outcome: AttemptOutcome =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .crashed(reason: "broken")
            case 1: .failed(TaskFailure(code: "FLAKY", message: "again", isRetryable: true))
            case 2: .stopped
            default: .completed(.ok)
            }
        hub.report(.ended(token, outcome))
    }

    /// Lets everything come to its end.
    mutating func settle() {
        for _ in 0..<5000 where hub.state.tasks.values.contains(where: { !$0.status.isFinal }) {
            if let attempt = hub.running.first {
                hub.report(.ended(attempt.token, .completed(.ok)))
                continue
            }
            hub.finishStarts()
            hub.finishStops()
            for id in ["worker", "other"] where hub.state.agents[id]?.status != .active {
                _ = hub.submit(.controlAgent(id: id, .start))
                hub.finishStarts()
                _ = hub.submit(.controlAgent(id: id, .resume))
            }
            hub.advance(.seconds(120))
        }
    }
}

@Suite("Replay")
struct ReplayTests {
    @Test(arguments: 1...25 as ClosedRange<UInt64>)
    func `the events alone give the same state`(seed: UInt64) throws {
        var life = try RandomLife(seed: seed)
        for _ in 0..<400 { try life.step() }
        let replayed = try RuntimeState.replaying(life.hub.log)

        #expect(replayed == life.hub.state)
        #expect(
            replayed.taskCounts.filter { $0.value != 0 }
                == life.hub.state.taskCounts.filter { $0.value != 0 }
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
        for place in life.hub.recorded.flatMap(\.positions) {
            #expect(place.offset == last[place.channel, default: 0] + 1)
            last[place.channel] = place.offset
        }

        #expect(last["tasks"] == life.hub.state.offset(of: "tasks"))
        #expect(
            life.hub.recorded.map(\.event.sequence) == (1...UInt64(life.hub.log.count)).map { $0 }
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

extension RandomLife {
    init(resuming state: RuntimeState, random: SplitMix64) {
        // The catalogue is the one of `init(seed:)`, so this cannot fail.
        guard
            let hub = try? CoreHarness(
                state: state,
                agents: ["worker", "other"],
                seed: 99,
                at: Moment(
                    wall: CoreHarness.start.wall.advanced(byMilliseconds: 60_000),
                    monotonic: .seconds(3)
                )
            )
        else { preconditionFailure("the test agents are sound") }
        self.hub = hub
        self.random = random
    }
}

extension [LoggedEvent] {
    /// Whether no task ends twice without a retry by hand between.
    fileprivate var endsAreUnique: Bool {
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
    fileprivate func storedAndRead() throws -> RuntimeState {
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
        return state
    }
}
