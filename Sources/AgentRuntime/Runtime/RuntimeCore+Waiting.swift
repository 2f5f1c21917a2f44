import Identity
import JSONRPC

/// A caller who is answered when a task becomes final.
struct TaskWaiter: Sendable {
    var taskID: String
    var caller: Caller
    var isCancel: Bool
    /// Of a cancel: remembered with the event that ends the task.
    var key: IdempotencyKey?
}

extension RuntimeCore {
    mutating func waitTask(_ id: String, timeout: Duration, order: Order) {
        guard let record = visibleTask(id) else { return refuseUnknownTask(order.ticket) }
        if record.status.isFinal || timeout <= .zero { return replyTask(id, to: order.ticket) }
        let timeout = min(timeout, configuration.maximumWait)
        _ = wait(for: id, order: order, timeout: timeout, isCancel: false)
    }

    /// Lets the caller of `order` wait until the task is final; false when it was refused.
    mutating func wait(for id: String, order: Order, timeout: Duration, isCancel: Bool) -> Bool {
        guard waiters.count < configuration.maximumWaiters else {
            refuse(order.ticket, .busy("too many callers wait", retryAfter: .seconds(1)))
            return false
        }
        waiters[order.ticket] = TaskWaiter(
            taskID: id,
            caller: order.caller,
            isCancel: isCancel,
            key: isCancel ? order.remembrance : nil
        )
        waitersOfTask[id, default: []].append(order.ticket)
        timers.set(.wait(order.ticket), at: now.monotonic + timeout)
        return true
    }

    /// The idempotency keys of those whose cancel is about to be carried out.
    func keysOfWaiters(for id: String) -> [IdempotencyKey] {
        (waitersOfTask[id] ?? []).compactMap { waiters[$0]?.key }
    }

    mutating func notifyWaiters(of record: TaskRecord) {
        for ticket in waitersOfTask[record.id] ?? [] { endWait(ticket, with: record) }
    }

    /// Answers a caller that has waited for long enough with the task as it is.
    mutating func endWait(_ ticket: ReplyTicket) {
        endWait(ticket, with: waiters[ticket].flatMap { state.tasks[$0.taskID] })
    }

    /// Answers a caller with a task, if the caller may still see it.
    private mutating func endWait(_ ticket: ReplyTicket, with record: TaskRecord?) {
        guard let waiter = waiters[ticket] else { return }
        guard let record,
            rules(of: waiter.caller)?.sees(taskOf: record.definition.agentID) == true
        else { return finishWait(ticket, with: .failure(.notFound("no such task"))) }
        finishWait(ticket, with: .success(Reply(result: record.encoded())))
    }

    mutating func finishWait(_ ticket: ReplyTicket, with result: Result<Reply, RPCError>) {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return }
        timers.cancel(.wait(ticket))
        waitersOfTask[waiter.taskID]?.removeAll { $0 == ticket }
        if waitersOfTask[waiter.taskID]?.isEmpty == true { waitersOfTask[waiter.taskID] = nil }
        reply(ticket, result)
    }
}
