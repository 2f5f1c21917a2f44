/// A schedule as the state keeps it: what is to be done when, and how far it has come.
package struct ScheduleRecord: Equatable, Sendable {
    /// What is done each time.
    package enum Action: Equatable, Sendable {
        /// The params of `tasks.create`.
        case task(JSONText)
        case workflow(name: String, input: JSONText)
    }

    /// What becomes of a time at which the work of the time before has not ended.
    package enum Overlap: String, CaseIterable, Sendable {
        /// It is left out.
        case skip
        /// It waits for the end.
        case queue
        /// The work is cancelled, and begun anew.
        case replace
    }

    /// What becomes of times that have passed while the hub was down, or that its clock jumped over.
    package enum CatchUp: String, CaseIterable, Sendable {
        case none
        /// The last of them is made up for.
        case one
        /// As many as ``ScheduleRecord/maxCatchUp`` are, the oldest first.
        case all
    }

    package let id: String
    package let description: String?
    package let cron: String
    package let timeZone: String
    package let action: Action
    package let overlap: Overlap
    package let catchUp: CatchUp
    package let maxCatchUp: Int
    package let owner: Owner
    package let createdAt: Timestamp

    package var isEnabled: Bool
    package var updatedAt: Timestamp
    /// No time up to this one is looked at again, whatever the clock says.
    package var handledThrough: Timestamp
    /// The time for which something was begun last.
    package var lastDueAt: Timestamp?
    /// What was begun last, as long as it has not ended.
    package var running: ScheduledWork?
    /// Times that wait for the end of what is running, the oldest first.
    package var waiting: [Timestamp] = []
    package var fired: UInt64 = 0
    package var skipped: UInt64 = 0
}

extension ScheduleRecord {
    /// What the record takes in memory, roughly.
    var cost: Int {
        switch action {
        case .task(let params): 600 + params.bytes.count
        case .workflow(_, let input): 600 + input.bytes.count
        }
    }
}

/// What a schedule has begun.
package enum ScheduledWork: Equatable, Sendable {
    case task(String)
    case run(String)

    var id: String {
        switch self {
        case .task(let id), .run(let id): id
        }
    }
}

/// All schedules.
struct ScheduleTable: Equatable, Sendable {
    private(set) var records: [String: ScheduleRecord] = [:]
    /// By the id of what is running; follows from the records.
    private(set) var byWork: [String: String] = [:]

    subscript(id: String) -> ScheduleRecord? {
        get { records[id] }
        set {
            if let work = records[id]?.running { byWork[work.id] = nil }
            records[id] = newValue
            if let work = newValue?.running { byWork[work.id] = id }
        }
    }

    /// The oldest first.
    var inOrder: [ScheduleRecord] {
        records.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
    }

    /// A task or run has become final: nothing waits for it any more.
    mutating func noteEnd(of workID: String) {
        guard let id = byWork[workID], var record = records[id] else { return }
        record.running = nil
        self[id] = record
    }
}
