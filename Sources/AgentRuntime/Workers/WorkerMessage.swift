import JSONRPC

/// One attempt as a worker is given it.
package struct LeasedTask: Equatable, Sendable {
    /// The fencing token of the attempt: the sequence of its `task.started`, so it grows from attempt
    /// to attempt over all tasks and all lives of the hub.
    package var leaseID: UInt64
    /// How long the lease holds without a sign of life.
    package var leaseMs: Int64
    package var workerID: String
    package var taskID: String
    package var agentID: String
    package var type: String
    package var payload: JSONText
    /// 1 for the first.
    package var attempt: Int
    package var maxAttempts: Int
    /// For this attempt, from its beginning.
    package var timeoutMs: Int64
    package var correlationID: String
    package var deadline: Timestamp?

    /// The params of `worker.execute`.
    package var params: [UInt8] {
        var writer = JSONWriter(capacity: payload.bytes.count + 512)
        writer.beginObject()
        writer.member("workerId", workerID)
        writer.member("leaseId", String(leaseID))
        writer.member("leaseMs", Int(leaseMs))
        writer.name("task")
        writer.beginObject()
        writer.member("id", taskID)
        writer.member("agentId", agentID)
        writer.member("type", type)
        writer.member("payload", raw: payload.bytes)
        writer.member("attempt", attempt)
        writer.member("maxAttempts", maxAttempts)
        writer.member("timeoutMs", Int(timeoutMs))
        writer.member("correlationId", correlationID)
        writer.member("deadline", ifPresent: deadline?.description)
        writer.endObject()
        writer.endObject()
        return writer.takeBytes()
    }
}

/// Why an attempt that a worker holds is to be ended.
package enum LeaseEnd: String, CaseIterable, Sendable {
    /// Somebody cancelled the task.
    case cancelled
    /// The attempt took longer than its `timeoutMs`, or the task's deadline has passed.
    case timeout
    /// No sign of life came for as long as the lease holds.
    case stalled
    /// The worker did not say in time that it takes the task.
    case unanswered
    /// The worker is one no more.
    case dismissed
}

/// Why a worker is one no more.
package enum WorkerDeparture: String, CaseIterable, Sendable {
    /// It was drained, and has nothing left to do.
    case drained
    /// Its connection is gone, or its process.
    case disconnected
    /// It did not answer, or refused too often.
    case deaf
    /// It may not act for the agent any more.
    case revoked
    /// The same session has registered for the same agent anew.
    case replaced
}

/// What the runtime tells a worker, once the events that lead to it are durable.
package enum WorkerMessage: Equatable, Sendable {
    /// To be answered by ``WorkerReport/accepted(leaseID:sessionID:)`` or a refusal.
    case execute(LeasedTask)
    /// The attempt should stop; what it still reports is refused, but for its end after a cancel.
    case cancel(leaseID: UInt64, taskID: String, LeaseEnd)
    case dismissed(workerID: String, WorkerDeparture)
}

/// Where a worker is reached.
///
/// It is called on the runtime's thread and must only pass the message on.
package final class WorkerLink: Sendable {
    let send: @Sendable (WorkerMessage) -> Void

    package init(_ send: @escaping @Sendable (WorkerMessage) -> Void) {
        self.send = send
    }
}

extension WorkerLink: Equatable {
    package static func == (one: WorkerLink, other: WorkerLink) -> Bool { one === other }
}

/// What the one who carries messages to workers tells the runtime of its own accord.
package enum WorkerReport: Sendable {
    /// The worker has taken the task.
    case accepted(leaseID: UInt64, sessionID: String)
    /// The worker does not want the task, or it could not be brought to it.
    case refused(leaseID: UInt64, sessionID: String)
    /// All workers of the session are gone.
    case gone(sessionID: String)
    /// A process of the agent has ended unexpectedly without being at a task.
    case crashed(agentID: String, reason: String)
}

/// What workers, and those who look after them, ask for.
package enum WorkerCommand: Equatable, Sendable {
    /// Makes the caller's session a worker. Answers `{workerId, agentId, concurrency, leaseMs,
    /// heartbeatMs}`.
    case register(WorkerOffer, WorkerLink)
    /// Gives a worker no more tasks; it leaves when those that it has are done. Answers the Worker
    /// object.
    case drain(id: String)
    /// Answers `{workers: [Worker]}` of the agents that the caller may see.
    case list
    /// Renews a lease. Answers `{leaseMs, cancelled}`.
    case heartbeat(leaseID: UInt64)
    /// Also renews the lease. Answers as `heartbeat`.
    case progress(leaseID: UInt64, percent: Int, message: String?)
    /// Also renews the lease. Answers as `heartbeat`.
    case output(leaseID: UInt64, JSONText)
    /// Answers `{taskId, status}`.
    case complete(leaseID: UInt64, result: JSONText)
    /// Answers `{taskId, status}`.
    case fail(leaseID: UInt64, TaskFailure)

    /// The method of protocol.md that gives the command.
    package var method: String {
        switch self {
        case .register: "workers.register"
        case .drain: "workers.drain"
        case .list: "workers.list"
        case .heartbeat: "tasks.heartbeat"
        case .progress: "tasks.progress"
        case .output: "tasks.output"
        case .complete: "tasks.complete"
        case .fail: "tasks.fail"
        }
    }

    /// Whether it may append to the journal, and so needs a disk with room.
    var changesState: Bool {
        switch self {
        case .list, .heartbeat: false
        case .register, .drain, .progress, .output, .complete, .fail: true
        }
    }

    /// Whether it is about who works, which the audit tells; what a worker reports is told by the
    /// events of the task.
    var isAudited: Bool {
        switch self {
        case .register, .drain: true
        case .list, .heartbeat, .progress, .output, .complete, .fail: false
        }
    }

    /// Attempts that run may end while the hub stops.
    var isRefusedWhileDraining: Bool {
        switch self {
        case .register, .drain: true
        case .list, .heartbeat, .progress, .output, .complete, .fail: false
        }
    }

    /// What it carries, in bytes.
    var cost: Int {
        switch self {
        case .register(let offer, _): (offer.definition?.json.bytes.count ?? 0) + 4096
        case .output(_, let text): text.bytes.count + 1024
        case .complete(_, let result): result.bytes.count + 5120
        case .drain, .list, .heartbeat, .progress, .fail: 4096
        }
    }
}
