/// The tasks of one agent that could run now: the most urgent first, the oldest first within a
/// priority, and one priority higher for each minute of waiting.
///
/// Tasks of one type and priority age alike, so each is a plain queue and only their heads compete:
/// insertion and removal are O(1), taking one out is O(types that wait), and the ageing is exact.
struct TaskQueue: Sendable {
    /// After this time of waiting a task counts as one priority higher.
    static let ageingStep = Duration.seconds(60)

    private struct Entry {
        var task: Identifier
        var ticket: UInt64
        /// Monotonic.
        var since: Duration
    }

    /// The queues of one type, by priority.
    private struct Lanes {
        var lanes = [FIFO<Entry>](repeating: FIFO(), count: TaskPriority.allCases.count)

        var isEmpty: Bool { lanes.allSatisfy(\.isEmpty) }
    }

    private var types: [String: Lanes] = [:]
    /// The entry that counts, by task; entries with other tickets were removed.
    private var tickets: [Identifier: UInt64] = [:]
    private var nextTicket: UInt64 = 1
    /// Entries that were removed and are still in a lane.
    private var stale = 0

    var count: Int { tickets.count }
    var isEmpty: Bool { tickets.isEmpty }
    /// The types of which tasks may wait, in no order.
    var waitingTypes: some Sequence<String> { types.keys }

    /// Adds a task that waits since a moment of the monotonic clock.
    ///
    /// The moments do not decrease from call to call. A task that is in the queue keeps its place.
    mutating func insert(
        _ task: Identifier,
        type: String,
        priority: TaskPriority,
        since: Duration
    ) {
        guard tickets[task] == nil else { return }
        let ticket = nextTicket
        nextTicket += 1
        tickets[task] = ticket
        types[type, default: Lanes()].lanes[priority.rank].append(
            Entry(task: task, ticket: ticket, since: since)
        )
    }

    mutating func remove(_ task: Identifier) {
        guard tickets.removeValue(forKey: task) != nil else { return }
        stale += 1
        if stale > 64 && stale > count { sweep() }
    }

    /// Takes out the task that is to run next, and tells since when it has been waiting; those of
    /// the types in `closed` have to wait on.
    mutating func popFirst(
        at now: Duration,
        except closed: Set<String> = []
    ) -> (task: Identifier, since: Duration)? {
        var best: (type: String, lane: Int, rank: Int, ticket: UInt64)?
        var index = types.startIndex
        var finished: [String] = []
        while index < types.endIndex {
            defer { types.formIndex(after: &index) }
            let type = types.keys[index]
            if !closed.isEmpty, closed.contains(type) { continue }
            for lane in 0..<TaskPriority.allCases.count {
                guard let entry = head(of: lane, at: index) else { continue }
                let rank = max(0, lane - Self.steps(from: entry.since, to: now))
                if let best, (best.rank, best.ticket) < (rank, entry.ticket) { continue }
                best = (type, lane, rank, entry.ticket)
            }
            if types.values[index].isEmpty { finished.append(type) }
        }
        for type in finished { types[type] = nil }
        guard let best, let place = types.index(forKey: best.type),
            let entry = types.values[place].lanes[best.lane].popFirst()
        else { return nil }
        tickets.removeValue(forKey: entry.task)
        return (entry.task, entry.since)
    }

    /// The first entry of a lane that counts; drops the stale ones before it.
    private mutating func head(of lane: Int, at index: Dictionary<String, Lanes>.Index) -> Entry? {
        while let entry = types.values[index].lanes[lane].first {
            if tickets[entry.task] == entry.ticket { return entry }
            _ = types.values[index].lanes[lane].popFirst()
            stale -= 1
        }
        return nil
    }

    private mutating func sweep() {
        for type in types.keys {
            for lane in 0..<TaskPriority.allCases.count {
                types[type]?.lanes[lane].filter { tickets[$0.task] == $0.ticket }
            }
        }
        types = types.filter { !$0.value.isEmpty }
        stale = 0
    }

    private static func steps(from start: Duration, to now: Duration) -> Int {
        guard now > start else { return 0 }
        let waited = (now - start).components.seconds / ageingStep.components.seconds
        return Int(min(waited, Int64(TaskPriority.allCases.count)))
    }
}
