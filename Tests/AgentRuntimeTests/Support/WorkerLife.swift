import JSONRPC

@testable import AgentRuntime

/// Workers and a hub that are killed at any moment, all from one seed.
///
/// A worker that was killed may still send what it was about to: a process that hung, or a message
/// that was on its way.
struct WorkerLife {
    private struct Peer {
        var session: String
        var workerID: String
        var concurrency: Int
        /// What it was given and, as far as it knows, still has.
        var tasks: [LeasedTask] = []
        var accepted: Set<UInt64> = []
        var isSilent = false
    }

    private(set) var hub: CoreHarness
    private(set) var kills = 0
    private var random: SplitMix64
    private var peers: [Peer] = []
    /// Leases of workers that are gone, which do not know.
    private var ghosts: [(session: String, lease: UInt64)] = []
    private var created: [String] = []
    private var nextSession = 1
    /// The state at the last start, and what came since is in the harness.
    private var base = RuntimeState()
    private var lives: [[LoggedEvent]] = []

    init(seed: UInt64) throws {
        random = SplitMix64(seed: seed)
        hub = try CoreHarness(agents: ["worker"], seed: seed)
    }

    mutating func step() throws {
        switch Int.random(in: 0..<24, using: &random) {
        case 0..<5: try create()
        case 5..<7: try join()
        case 7..<11: try advance(.milliseconds(Int.random(in: 1...3000, using: &random)))
        case 11..<15: try endSomeTask()
        case 15: try cancelSomeTask()
        case 16: killWorker()
        case 17: silenceWorker()
        case 18: try killHub()
        case 19: try sendLate()
        case 20: drainWorker()
        case 21: refuseSomeTask()
        default: heartbeat()
        }
        try take()
    }

    /// Lets healthy workers end everything.
    mutating func settle() throws {
        for index in peers.indices { peers[index].isSilent = false }
        for _ in 0..<5000 where hub.state.allTasks.contains(where: { !$0.status.isFinal }) {
            if peers.count < 3 { try join() }
            heartbeat()
            while try endSomeTask() { try take() }
            try advance(.seconds(1))
            try take()
        }
        for peer in peers {
            _ = hub.submit(.worker(.drain(id: peer.workerID)), session: peer.session)
        }
        try advance(.seconds(10))
    }

    // MARK: What happens

    private mutating func create() throws {
        guard hub.state.allTasks.count(where: { !$0.status.isFinal }) < 60 else { return }
        let type = Int.random(in: 0..<6, using: &random) == 0 ? "remote.once" : "remote.work"
        guard hub.catalogue.taskType(type) != nil else { return }
        created.append(
            try hub.create(type, ["maxAttempts": .integer(Int.random(in: 1...6, using: &random))])
        )
    }

    private mutating func join() throws {
        guard peers.count < 5 else { return }
        let session = "session \(nextSession)"
        nextSession += 1
        let concurrency = Int.random(in: 1...3, using: &random)
        let id = try hub.register(session: session, concurrency: concurrency)
        hub.finishStarts()
        peers.append(Peer(session: session, workerID: id, concurrency: concurrency))
    }

    /// Hands out what the hub has told.
    private mutating func take() throws {
        let told = hub.told
        hub.told = []
        for (_, message) in told {
            switch message {
            case .execute(let task):
                guard let index = peers.firstIndex(where: { $0.workerID == task.workerID }) else {
                    ghosts.append((session: "nobody", lease: task.leaseID))
                    continue
                }
                peers[index].tasks.append(task)
                try demand(
                    peers[index].tasks.count <= peers[index].concurrency,
                    "more than the worker can take"
                )
                if !peers[index].isSilent {
                    peers[index].accepted.insert(task.leaseID)
                    hub.report(
                        .accepted(leaseID: task.leaseID, sessionID: peers[index].session)
                    )
                }
            case .cancel(let lease, _, _):
                for index in peers.indices
                where peers[index].tasks.contains(where: { $0.leaseID == lease }) {
                    peers[index].tasks.removeAll { $0.leaseID == lease }
                    ghosts.append((peers[index].session, lease))
                    if Bool.random(using: &random) {
                        let failure = TaskFailure(code: "CANCELLED", message: "")
                        let session = peers[index].session
                        _ = hub.submit(.worker(.fail(leaseID: lease, failure)), session: session)
                    }
                }
            case .dismissed(let id, _):
                bury { $0.workerID == id }
            }
        }
        if !hub.told.isEmpty { try take() }
    }

    private mutating func bury(_ isDead: (Peer) -> Bool) {
        for peer in peers where isDead(peer) {
            for task in peer.tasks { ghosts.append((peer.session, task.leaseID)) }
        }
        peers.removeAll(where: isDead)
        if ghosts.count > 200 { ghosts.removeFirst(ghosts.count - 200) }
    }

    private mutating func advance(_ duration: Duration) throws {
        hub.advance(duration)
        hub.finishStarts()
    }

    @discardableResult private mutating func endSomeTask() throws -> Bool {
        let busy = peers.indices.filter { !peers[$0].accepted.isEmpty && !peers[$0].isSilent }
        guard let index = busy.randomElement(using: &random),
            let task = peers[index].tasks.first(where: {
                peers[index].accepted.contains($0.leaseID)
            })
        else { return false }
        peers[index].tasks.removeAll { $0.leaseID == task.leaseID }
        peers[index].accepted.remove(task.leaseID)
        let session = peers[index].session
        let command: WorkerCommand
        if Int.random(in: 0..<5, using: &random) == 0 {
            let isRetryable = Bool.random(using: &random)
            let failure = TaskFailure(code: "X", message: "", isRetryable: isRetryable)
            command = .fail(leaseID: task.leaseID, failure)
        } else {
            command = .complete(leaseID: task.leaseID, result: Self.result(task.leaseID))
        }
        _ = hub.submit(.worker(command), session: session)
        // It may be told twice, for what the worker knows.
        ghosts.append((session, task.leaseID))
        return true
    }

    private static func result(_ lease: UInt64) -> JSONText {
        JSONText(JSONValue.object(["lease": .integer(Int(lease))]).encoded())
    }

    private mutating func cancelSomeTask() throws {
        guard let id = created.suffix(50).randomElement(using: &random) else { return }
        _ = hub.submit(.cancelTask(id: id))
    }

    private mutating func heartbeat() {
        for peer in peers where !peer.isSilent {
            for task in peer.tasks {
                let command = WorkerCommand.heartbeat(leaseID: task.leaseID)
                _ = hub.submit(.worker(command), session: peer.session)
            }
        }
    }

    private mutating func drainWorker() {
        guard let peer = peers.randomElement(using: &random) else { return }
        _ = hub.submit(.worker(.drain(id: peer.workerID)), session: peer.session)
    }

    private mutating func refuseSomeTask() {
        guard
            let index = peers.indices.filter({ peers[$0].isSilent }).randomElement(using: &random),
            let task = peers[index].tasks.popLast()
        else { return }
        hub.report(.refused(leaseID: task.leaseID, sessionID: peers[index].session))
    }

    /// Somebody who is not (any more) at a task says that it is done.
    private mutating func sendLate() throws {
        guard let ghost = ghosts.randomElement(using: &random) else { return }
        let command = WorkerCommand.complete(leaseID: ghost.lease, result: Self.result(0))
        let ticket = hub.submit(.worker(command), session: ghost.session)
        try demand(hub.error(of: ticket)?.code == .conflict, "a late result was taken")
    }

    private mutating func killWorker() {
        guard let peer = peers.filter({ !$0.tasks.isEmpty }).randomElement(using: &random) else {
            return
        }
        kills += 1
        bury { $0.session == peer.session }
        hub.report(.gone(sessionID: peer.session))
    }

    private mutating func silenceWorker() {
        guard
            let index = peers.indices.filter({ !peers[$0].isSilent }).randomElement(using: &random)
        else { return }
        peers[index].isSilent = true
    }

    /// kill -9: what was decided last may not have come to the disk.
    private mutating func killHub() throws {
        guard peers.contains(where: { !$0.tasks.isEmpty }) else { return }
        kills += 1
        if Bool.random(using: &random),
            let task = peers.flatMap(\.tasks).randomElement(using: &random),
            let peer = peers.first(where: { $0.workerID == task.workerID })
        {
            hub.loseNext(
                .worker(.complete(leaseID: task.leaseID, result: Self.result(task.leaseID))),
                session: peer.session
            )
        }
        bury { _ in true }
        base = try RuntimeState.replaying(hub.log, from: base)
        lives.append(hub.log)
        hub = try CoreHarness(
            state: base,
            agents: ["worker"],
            seed: random.next(),
            at: hub.now
        )
    }

    // MARK: What must hold

    func check() throws {
        let events = (lives + [hub.log]).joined().map(\.event)
        var final: [String: Int] = [:]
        var started: [String: (attempt: Int, lease: UInt64)] = [:]
        var attempts: [String: Int] = [:]
        for event in events {
            guard let task = event.taskID else { continue }
            switch event.change {
            case .taskStarted(let attempt, let maxAttempts, _):
                try demand(attempt == (attempts[task] ?? 0) + 1, "attempts are consecutive")
                try demand(attempt <= maxAttempts, "more attempts than allowed")
                try demand(final[task] == nil, "begun after its end")
                attempts[task] = attempt
                started[task] = (attempt, event.sequence)
            case .taskReleased(let attempt, _):
                try demand(attempt == attempts[task], "another attempt was given back")
                attempts[task] = attempt - 1
            case .taskCompleted(let result, let attempt, _):
                let lease = try JSONValue(parsing: result.bytes)["lease"]?.intValue
                try demand(lease == started[task].map { Int($0.lease) }, "a result of another")
                try demand(attempt == started[task]?.attempt, "of another attempt")
                final[task, default: 0] += 1
            case .taskFailed, .taskDead, .taskCancelled, .taskAbandoned:
                final[task, default: 0] += 1
            default:
                break
            }
        }
        for id in created { try demand(final[id] == 1, "\(id) has \(final[id] ?? 0) ends") }
        try demand(
            hub.core.attempts.isEmpty && hub.core.leases.isEmpty,
            "somebody is still at it"
        )
        try demand(hub.core.workers.count == 0, "a worker is left")
        try demand(hub.core.occupied.values.allSatisfy { $0 == 0 }, "a place is not free")
        let standing = [RuntimeTimer.snapshot, .metrics].count { hub.core.timers.isSet($0) }
        try demand(hub.core.timers.count <= standing, "a timer is left")
        let replayed = try RuntimeState.replaying(hub.log, from: base)
        try demand(replayed == hub.state, "replay differs")
    }
}

/// What did not hold.
struct BrokenPromise: Error {
    var text: String
}

private func demand(_ isKept: Bool, _ text: @autoclosure () -> String) throws {
    if !isKept { throw BrokenPromise(text: text()) }
}

extension CoreHarness {
    /// Carries out a command whose events never come to the disk.
    mutating func loseNext(_ command: Command, session: String) {
        let caller = Caller(userID: "anna", sessionID: session)
        core.execute(Order(command: command, caller: caller, ticket: 0), at: now)
        _ = core.takeOutput()
    }
}
