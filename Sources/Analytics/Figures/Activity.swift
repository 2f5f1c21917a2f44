/// What has happened in the hub in the last 30 days, in figures: part of the state, so it follows
/// from the events alone and is the same after a restart.
///
/// It is bounded: a limited number of series of each of three kinds, each of at most 240 buckets. A
/// bucket of tasks takes some 150 bytes and two sketches of at most 2 KiB, so that a series with
/// something in every bucket takes some 200 KiB, and at the very most a mebibyte.
package struct Activity: Equatable, Sendable {
    package private(set) var tasks = SeriesTable<TaskSeries, TaskFigures>()
    package private(set) var hub = WindowedFigures<HubFigures>()
    /// By method.
    package private(set) var methods = SeriesTable<String, AccessFigures>()
    /// By the id of the user; empty for who has not proved who they are.
    package private(set) var users = SeriesTable<String, AccessFigures>()

    package init() {}

    package init(
        tasks: SeriesTable<TaskSeries, TaskFigures>,
        hub: WindowedFigures<HubFigures>,
        methods: SeriesTable<String, AccessFigures>,
        users: SeriesTable<String, AccessFigures>
    ) {
        self.tasks = tasks
        self.hub = hub
        self.methods = methods
        self.users = users
    }

    /// Counts something that happened to a task of `series` at `time`, in milliseconds since 1970.
    package mutating func count(
        _ step: TaskStep,
        of series: TaskSeries,
        at time: Int64,
        limit: Int
    ) {
        tasks.update(series, at: time, limit: limit) { $0.count(step) }
    }

    package mutating func count(_ step: HubStep, at time: Int64) {
        hub.update(time) { $0.count(step) }
    }

    /// Counts attempts to give a command.
    package mutating func count(
        method: String,
        user: String,
        isAllowed: Bool,
        attempts: UInt64,
        at time: Int64,
        limit: Int
    ) {
        methods.update(method, at: time, limit: limit) { $0.count(isAllowed, attempts) }
        users.update(user, at: time, limit: limit) { $0.count(isAllowed, attempts) }
        hub.update(time) { $0.count(isAllowed ? .command : .denied(attempts)) }
    }

    /// Series of all kinds.
    package var seriesCount: Int {
        tasks.series.count + methods.series.count + users.series.count
    }
}

/// What tasks are told apart by.
package struct TaskSeries: Hashable, Comparable, Sendable {
    package var agent: String
    package var type: String

    package init(agent: String, type: String) {
        self.agent = agent
        self.type = type
    }

    package static func < (one: TaskSeries, other: TaskSeries) -> Bool {
        (one.agent, one.type) < (other.agent, other.type)
    }
}

/// What can happen to a task.
package enum TaskStep: Equatable, Sendable {
    case created(payloadBytes: Int)
    /// An attempt began, so long after it could have.
    case started(waitMs: Int64)
    case completed(durationMs: Int64, resultBytes: Int)
    case failed, dead, cancelled, abandoned
    /// Another attempt was called for.
    case retrying
}

/// What happened to the tasks of one kind in a bucket.
package struct TaskFigures: BucketFigures {
    package var created: UInt64 = 0
    package var completed: UInt64 = 0
    package var failed: UInt64 = 0
    package var dead: UInt64 = 0
    package var cancelled: UInt64 = 0
    package var abandoned: UInt64 = 0
    package var retries: UInt64 = 0
    package var payloadBytes: UInt64 = 0
    package var resultBytes: UInt64 = 0
    /// Of the attempts that completed.
    package var durations = DurationSketch()
    /// From the moment an attempt could begin until it did; one for each attempt.
    package var waits = DurationSketch()

    package init() {}

    mutating func count(_ step: TaskStep) {
        switch step {
        case .created(let bytes):
            created &+= 1
            payloadBytes &+= UInt64(max(0, bytes))
        case .started(let waitMs): waits.record(waitMs)
        case .completed(let durationMs, let bytes):
            completed &+= 1
            durations.record(durationMs)
            resultBytes &+= UInt64(max(0, bytes))
        case .failed: failed &+= 1
        case .dead: dead &+= 1
        case .cancelled: cancelled &+= 1
        case .abandoned: abandoned &+= 1
        case .retrying: retries &+= 1
        }
    }

    package mutating func merge(_ other: TaskFigures) {
        created &+= other.created
        completed &+= other.completed
        failed &+= other.failed
        dead &+= other.dead
        cancelled &+= other.cancelled
        abandoned &+= other.abandoned
        retries &+= other.retries
        payloadBytes &+= other.payloadBytes
        resultBytes &+= other.resultBytes
        durations.merge(other.durations)
        waits.merge(other.waits)
    }

    /// Attempts that began.
    package var attempts: UInt64 { waits.count }

    /// Tasks that came to an end.
    package var ended: UInt64 { completed &+ failed &+ dead &+ cancelled &+ abandoned }

    /// Of the tasks that completed, failed or died, the share that completed; `nil` without any.
    package var successRate: Double? {
        let judged = completed &+ failed &+ dead
        return judged == 0 ? nil : Double(completed) / Double(judged)
    }
}

/// What can happen to the hub as a whole.
package enum HubStep: Equatable, Sendable {
    case event
    /// A command was accepted, and is in the audit.
    case command
    /// So many attempts lacked a right.
    case denied(UInt64)
    case signedIn, agentFailed, started, degraded
}

/// What happened in the hub in a bucket.
package struct HubFigures: BucketFigures {
    package var events: UInt64 = 0
    package var commands: UInt64 = 0
    package var denied: UInt64 = 0
    package var signIns: UInt64 = 0
    package var agentFailures: UInt64 = 0
    package var starts: UInt64 = 0
    package var outages: UInt64 = 0

    package init() {}

    mutating func count(_ step: HubStep) {
        switch step {
        case .event: events &+= 1
        case .command: commands &+= 1
        case .denied(let attempts): denied &+= attempts
        case .signedIn: signIns &+= 1
        case .agentFailed: agentFailures &+= 1
        case .started: starts &+= 1
        case .degraded: outages &+= 1
        }
    }

    package mutating func merge(_ other: HubFigures) {
        events &+= other.events
        commands &+= other.commands
        denied &+= other.denied
        signIns &+= other.signIns
        agentFailures &+= other.agentFailures
        starts &+= other.starts
        outages &+= other.outages
    }
}

/// How often somebody tried something.
package struct AccessFigures: BucketFigures {
    package var allowed: UInt64 = 0
    package var denied: UInt64 = 0

    package init() {}

    mutating func count(_ isAllowed: Bool, _ attempts: UInt64) {
        if isAllowed { allowed &+= attempts } else { denied &+= attempts }
    }

    package mutating func merge(_ other: AccessFigures) {
        allowed &+= other.allowed
        denied &+= other.denied
    }
}
