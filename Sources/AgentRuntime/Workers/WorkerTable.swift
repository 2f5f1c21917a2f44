/// A session or process that performs tasks of one agent.
struct Worker: Sendable {
    enum Phase: String, Sendable {
        case active
        /// Does what it has, and gets no more.
        case draining
        /// Was given a task and did not answer: gets no more.
        case deaf
    }

    /// UUIDv7.
    let id: String
    let agentID: String
    let caller: Caller
    let link: WorkerLink
    /// The most attempts that it is given at the same time.
    let concurrency: Int
    let registeredAt: Timestamp
    fileprivate(set) var phase = Phase.active
    /// What it was given and has not ended.
    fileprivate(set) var attempts: Set<AttemptToken> = []
    /// Tasks that it did not want, since it last took one.
    var refusals = 0
    var completed: UInt64 = 0
    var failed: UInt64 = 0

    fileprivate var freeSlots: Int {
        phase == .active ? max(0, concurrency - attempts.count) : 0
    }
}

/// The workers of this life of the process, and which of them have something free.
///
/// All but ``nextFree(for:)`` are O(1); that one looks at the workers of an agent in turn, only when
/// one of them is free.
struct WorkerTable: Sendable {
    private struct Pool {
        var ids: [String] = []
        /// Where the next search begins, so that workers get their tasks in turn.
        var next = 0
        /// Where the last search has ended.
        var found = 0
        var freeSlots = 0
    }

    private var workers: [String: Worker] = [:]
    private var pools: [String: Pool] = [:]
    private var idsOfSession: [String: [String]] = [:]
    private var countsOfUser: [String: Int] = [:]

    var count: Int { workers.count }
    /// In no order.
    var all: some Collection<Worker> { workers.values }
    /// Of all workers.
    private(set) var attemptCount = 0

    subscript(id: String) -> Worker? { workers[id] }

    func ids(ofAgent agentID: String) -> [String] { pools[agentID]?.ids ?? [] }

    func ids(ofSession sessionID: String) -> [String] { idsOfSession[sessionID] ?? [] }

    func count(ofUser userID: String) -> Int { countsOfUser[userID] ?? 0 }

    func count(in phase: Worker.Phase) -> Int { workers.values.count { $0.phase == phase } }

    /// Attempts that workers of the agent could be given now.
    func freeSlots(for agentID: String) -> Int { pools[agentID]?.freeSlots ?? 0 }

    mutating func add(_ worker: Worker) {
        workers[worker.id] = worker
        pools[worker.agentID, default: Pool()].ids.append(worker.id)
        pools[worker.agentID]?.freeSlots += worker.freeSlots
        idsOfSession[worker.caller.sessionID, default: []].append(worker.id)
        countsOfUser[worker.caller.userID, default: 0] += 1
    }

    mutating func remove(_ id: String) {
        guard let worker = workers.removeValue(forKey: id) else { return }
        attemptCount -= worker.attempts.count
        pools[worker.agentID]?.freeSlots -= worker.freeSlots
        pools[worker.agentID]?.ids.removeAll { $0 == id }
        if pools[worker.agentID]?.ids.isEmpty == true { pools[worker.agentID] = nil }
        let session = worker.caller.sessionID
        idsOfSession[session]?.removeAll { $0 == id }
        if idsOfSession[session]?.isEmpty == true { idsOfSession[session] = nil }
        let user = worker.caller.userID
        let left = (countsOfUser[user] ?? 1) - 1
        countsOfUser[user] = left > 0 ? left : nil
    }

    /// A worker of the agent that can be given an attempt; the workers take turns, as they
    /// ``begin(_:at:)``.
    mutating func nextFree(for agentID: String) -> String? {
        guard let pool = pools[agentID], pool.freeSlots > 0 else { return nil }
        for step in pool.ids.indices {
            let index = (pool.next + step) % pool.ids.count
            guard workers[pool.ids[index]]?.freeSlots ?? 0 > 0 else { continue }
            pools[agentID]?.found = index
            return pool.ids[index]
        }
        return nil
    }

    mutating func setPhase(_ phase: Worker.Phase, of id: String) {
        change(id) { $0.phase = phase }
    }

    mutating func begin(_ token: AttemptToken, at id: String) {
        change(id) { $0.attempts.insert(token) }
        attemptCount += 1
        guard let agentID = workers[id]?.agentID, let pool = pools[agentID] else { return }
        pools[agentID]?.next = pool.found + 1
    }

    mutating func end(_ token: AttemptToken, at id: String) {
        guard workers[id]?.attempts.contains(token) == true else { return }
        change(id) { $0.attempts.remove(token) }
        attemptCount -= 1
    }

    /// Changes what does not concern who is free.
    mutating func note(_ id: String, _ body: (inout Worker) -> Void) {
        guard let index = workers.index(forKey: id) else { return }
        body(&workers.values[index])
    }

    private mutating func change(_ id: String, _ body: (inout Worker) -> Void) {
        guard let index = workers.index(forKey: id) else { return }
        let before = workers.values[index].freeSlots
        body(&workers.values[index])
        let after = workers.values[index].freeSlots
        pools[workers.values[index].agentID]?.freeSlots += after - before
    }
}
