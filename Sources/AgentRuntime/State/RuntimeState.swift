import Analytics
package import Identity

/// Everything the hub knows: a value that changes in one way, by ``apply(_:)``.
///
/// Copies share their storage until one of them changes, so that a snapshot is written from a
/// copy while the runtime goes on. Equality leaves out the indices that follow from the records.
package struct RuntimeState: Sendable {
    /// Names the life of all channels' numberings; empty before the first `system.started`.
    package var epoch = ""
    /// Of the last event.
    package var sequence: UInt64 = 0
    /// Offsets of the newest events in the channels of all events of a kind.
    var offsets = Offsets()
    var retention = Retention()
    var tasks = ShardedTable<Identifier, TaskRecord>()
    package var agents: [String: AgentRecord] = [:]
    var answers = AnswerTable()
    /// The ends of the audit chain; its entries are in the journal.
    package var audit = AuditChain()
    package var identity = IdentityState()
    var schedules = ScheduleTable()
    var workflows = WorkflowTable()
    var runs = RunTable()
    /// The journaled channels of clients.
    package var clientChannels = ClientChannels()
    package internal(set) var integrations = IntegrationState()
    /// What happened in the last 30 days, in figures.
    var activity = Activity()
    var reports = ReportShelf()

    private(set) var order = CreationOrder()
    private(set) var finished = FinalTasks()
    private(set) var dead = FinalTasks()
    package private(set) var taskCounts = TaskCounts()
    private(set) var dedupeKeys = DedupeKeys()
    var dependents = Dependents()

    struct Offsets: Equatable, Sendable {
        var tasks: UInt64 = 0
        var agents: UInt64 = 0
        var system: UInt64 = 0
        var schedules: UInt64 = 0
        var workflows: UInt64 = 0
    }

    package init() {}

    package func taskRecord(_ id: String) -> TaskRecord? { tasks[id] }

    /// In no order.
    package var allTasks: some Sequence<TaskRecord> { tasks.values }

    /// Tasks that are scheduled, blocked or pending.
    var waitingCount: Int {
        taskCounts[.scheduled] + taskCounts[.blocked] + taskCounts[.pending]
    }
}

/// How many tasks are in each status.
package struct TaskCounts: Equatable, Sendable {
    private var counts = [Int](repeating: 0, count: TaskStatus.allCases.count)

    package internal(set) subscript(status: TaskStatus) -> Int {
        get { counts[status.index] }
        set { counts[status.index] = newValue }
    }
}

extension ShardedTable<Identifier, TaskRecord> {
    subscript(id: String) -> TaskRecord? { self[Identifier(id)] }
}

extension RuntimeState: Equatable {
    package static func == (one: RuntimeState, other: RuntimeState) -> Bool {
        one.epoch == other.epoch && one.sequence == other.sequence && one.offsets == other.offsets
            && one.retention == other.retention && one.tasks == other.tasks
            && one.agents == other.agents && one.answers == other.answers
            && one.audit == other.audit && one.identity == other.identity
            && one.schedules == other.schedules && one.workflows == other.workflows
            && one.runs == other.runs
            && one.clientChannels == other.clientChannels
            && one.integrations == other.integrations
            && one.activity == other.activity && one.reports == other.reports
    }
}

extension RuntimeState {
    /// Adopts records of a snapshot and makes the indices that follow from them.
    mutating func adopt(tasks records: [TaskRecord], agents agentRecords: [AgentRecord]) {
        for var agent in agentRecords {
            agent.waiting = 0
            agent.running = 0
            agents[agent.id] = agent
        }
        for record in records.sorted(by: { $0.definition.sequence < $1.definition.sequence }) {
            add(record)
        }
        let final = records.filter(\.status.isFinal)
        for record in final.sorted(by: { ($0.finalSequence ?? 0) < ($1.finalSequence ?? 0) }) {
            noteFinal(record)
        }
    }

    /// Replaces a record and keeps the indices right.
    mutating func replace(_ old: TaskRecord, with new: TaskRecord) {
        if old.status != new.status {
            count(old, by: -1)
            count(new, by: 1)
            if old.status.isFinal {
                if old.status == .dead { dead.remove(old) } else { finished.remove(old) }
            }
            if new.status.isFinal { noteFinal(new) }
            if old.status.isFinal != new.status.isFinal {
                if new.status.isFinal { dedupeKeys.release(new) } else { dedupeKeys.hold(new) }
            }
            if new.status == .blocked { dependents.insert(new, again: true, among: tasks) }
        }
        tasks[new.definition.identifier] = new
    }

    mutating func add(_ record: TaskRecord) {
        tasks[record.definition.identifier] = record
        order.append(record.definition.identifier, sequence: record.definition.sequence)
        count(record, by: 1)
        if !record.status.isFinal { dedupeKeys.hold(record) }
        if record.status == .blocked {
            dependents.insert(record, again: false, among: tasks)
        }
    }

    /// Forgets what is older than the retention allows at `now`, and what is too much.
    mutating func prune(at now: Timestamp) {
        let retention = retention
        while let record = finished.popExpired(
            at: now,
            keepingMs: retention.finishedMs,
            retention: retention,
            tasks: tasks
        ) {
            forget(record)
        }
        while let record = dead.popExpired(
            at: now,
            keepingMs: retention.deadMs,
            retention: retention,
            tasks: tasks
        ) {
            forget(record)
        }
        answers.prune(at: now, retention: retention)
        pruneRuns(at: now)
        reports.prune(at: now, retention: retention)
    }

    private mutating func forget(_ record: TaskRecord) {
        dependents.remove(record.definition.identifier)
        count(record, by: -1)
        tasks[record.definition.identifier] = nil
        order.noteForgotten(remaining: tasks)
    }

    private mutating func noteFinal(_ record: TaskRecord) {
        let sequence = record.finalSequence ?? 0
        if record.status == .dead {
            dead.append(record, sequence: sequence)
        } else {
            finished.append(record, sequence: sequence)
        }
    }

    private mutating func count(_ record: TaskRecord, by change: Int) {
        taskCounts[record.status] += change
        guard !record.status.isFinal,
            let index = agents.index(forKey: record.definition.agentID)
        else { return }
        if record.status == .running {
            agents.values[index].running += change
        } else {
            agents.values[index].waiting += change
        }
    }
}
