/// The tasks of one agent that could run now: the most urgent first, the oldest first within a
/// priority, and one priority higher for each minute of waiting.
///
/// Tasks of one priority age alike, so each priority is a plain queue and only the four heads
/// compete: insertion and removal are O(1), and the ageing is exact.
struct TaskQueue: Sendable {
    /// After this time of waiting a task counts as one priority higher.
    static let ageingStep = Duration.seconds(60)

    private struct Entry {
        var taskID: String
        var ticket: UInt64
        /// Monotonic.
        var since: Duration
    }

    private var lanes = [FIFO<Entry>](repeating: FIFO(), count: TaskPriority.allCases.count)
    /// The entry that counts, by task; entries with other tickets were removed.
    private var tickets: [String: UInt64] = [:]
    private var nextTicket: UInt64 = 1
    /// Entries that were removed and are still in a lane.
    private var stale = 0

    var count: Int { tickets.count }
    var isEmpty: Bool { tickets.isEmpty }

    /// Adds a task that waits since a moment of the monotonic clock.
    ///
    /// The moments do not decrease from call to call. A task that is in the queue keeps its place.
    mutating func insert(_ taskID: String, priority: TaskPriority, since: Duration) {
        guard tickets[taskID] == nil else { return }
        let ticket = nextTicket
        nextTicket += 1
        tickets[taskID] = ticket
        lanes[priority.rank].append(Entry(taskID: taskID, ticket: ticket, since: since))
    }

    mutating func remove(_ taskID: String) {
        guard tickets.removeValue(forKey: taskID) != nil else { return }
        stale += 1
        if stale > 64 && stale > count { sweep() }
    }

    /// Takes out the task that is to run next, and tells since when it has been waiting.
    mutating func popFirst(at now: Duration) -> (taskID: String, since: Duration)? {
        var best: (lane: Int, rank: Int, ticket: UInt64)?
        for lane in lanes.indices {
            guard let entry = head(of: lane) else { continue }
            let rank = max(0, lane - Self.steps(from: entry.since, to: now))
            if let leader = best, (leader.rank, leader.ticket) < (rank, entry.ticket) { continue }
            best = (lane, rank, entry.ticket)
        }
        guard let best, let entry = lanes[best.lane].popFirst() else { return nil }
        tickets.removeValue(forKey: entry.taskID)
        return (entry.taskID, entry.since)
    }

    /// The first entry of a lane that counts; drops the stale ones before it.
    private mutating func head(of lane: Int) -> Entry? {
        while let entry = lanes[lane].first {
            if tickets[entry.taskID] == entry.ticket { return entry }
            _ = lanes[lane].popFirst()
            stale -= 1
        }
        return nil
    }

    private mutating func sweep() {
        for lane in lanes.indices {
            lanes[lane].filter { tickets[$0.taskID] == $0.ticket }
        }
        stale = 0
    }

    private static func steps(from start: Duration, to now: Duration) -> Int {
        guard now > start else { return 0 }
        let waited = (now - start).components.seconds / ageingStep.components.seconds
        return Int(min(waited, Int64(TaskPriority.allCases.count)))
    }
}
