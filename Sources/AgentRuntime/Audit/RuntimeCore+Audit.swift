extension RuntimeCore {
    /// Records that a command was accepted, in the same commit as what it did and as its answer.
    ///
    /// With `effect`, the event that was emitted last is what the command did, and the chain
    /// vouches for it.
    mutating func audit(
        _ order: Order,
        of object: AuditObject?,
        agentID: String = "system",
        task: TaskDefinition? = nil,
        hasEffect: Bool
    ) {
        guard let method = order.command.auditedMethod else { return }
        var entry = AuditEntry(
            number: state.audit.head.number + 1,
            previous: state.audit.head.digest,
            outcome: .allowed,
            method: method,
            actor: order.caller.actor,
            object: object
        )
        if hasEffect, let last = output.events.last?.recorded {
            entry.effect = AuditedEffect(
                sequence: last.event.sequence,
                digest: SHA256Digest(of: last.json)
            )
        }
        emitAudit(.audit(entry), agentID: task?.agentID ?? agentID, task: task)
    }

    mutating func audit(_ order: Order, ofTask task: TaskDefinition, hasEffect: Bool) {
        audit(order, of: .task(task.id), task: task, hasEffect: hasEffect)
    }

    mutating func audit(_ order: Order, ofAgent id: String, hasEffect: Bool) {
        audit(order, of: .agent(id), agentID: id, hasEffect: hasEffect)
    }

    /// Records attempts that were refused for want of a right.
    mutating func record(_ denials: [Denial], at now: Moment) {
        self.now = now
        for denial in denials {
            var entry = AuditEntry(
                number: state.audit.head.number + 1,
                previous: state.audit.head.digest,
                outcome: .denied,
                method: denial.method,
                actor: denial.actor,
                object: denial.object
            )
            statistics.denials += UInt64(denial.count)
            entry.reason = denial.reason
            entry.count = denial.count
            entry.since = denial.count > 1 ? denial.since : nil
            emitAudit(.audit(entry), agentID: "system", task: nil)
        }
    }

    /// Records that retention removes old records, and only then lets it.
    mutating func trim(_ trim: AuditTrim, at now: Moment) {
        self.now = now
        if trim.before > state.audit.removedBefore {
            var entry = AuditEntry(
                number: state.audit.head.number + 1,
                previous: state.audit.head.digest,
                outcome: .allowed,
                method: "system.retention",
                actor: AuditActor()
            )
            entry.trim = trim
            // Without an entry behind what goes, the newest is the last that goes.
            if trim.anchor == nil {
                entry.trim?.anchor = state.audit.head
                entry.trim?.anchor?.sequence = 0
            }
            emitAudit(.audit(entry), agentID: "system", task: nil)
        }
        output.actions.append(.approveRemoval(before: trim.before))
    }

    private mutating func emitAudit(_ change: Change, agentID: String, task: TaskDefinition?) {
        let id = UUIDv7.make(at: now.wall, using: &random)
        emit(
            Event(
                id: id,
                sequence: state.sequence + 1,
                agentID: agentID,
                timestamp: now.wall,
                source: "runtime",
                severity: change.severity,
                correlationID: task?.correlationID ?? id,
                taskID: task?.id,
                change: change
            )
        )
    }
}

extension Command {
    /// The method of a command that is audited; `nil` for those that only read.
    var auditedMethod: String? {
        switch self {
        case .snapshot: "system.snapshot"
        case .identity(let command): command.method
        case .publish: nil
        case .integration(let command): command.method
        case .worker(let command): command.isAudited ? command.method : nil
        default: idempotentMethod
        }
    }
}
