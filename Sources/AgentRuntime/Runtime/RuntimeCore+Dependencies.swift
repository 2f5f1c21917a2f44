import Identity
import JSONRPC

/// A blocked task that is to be looked at.
struct UnsettledTask: Sendable {
    var id: Identifier
    /// Of the event that gives the reason; `nil` when none does.
    var cause: Identifier?
}

// A task can only depend on tasks that there are already, and what it depends on never changes: so
// there are no cycles.
extension RuntimeCore {
    /// Tasks looked at in one turn, so that others get theirs.
    private static let dependentsPerTurn = 256

    /// Throws unless all dependencies of a new task are known to one who sees what `rules` show.
    func checkDependencies(
        of draft: TaskDraft,
        seeing rules: AccessRules?
    ) throws(RPCError) {
        var problems: [RPCError.Detail] = []
        for (index, id) in draft.dependencies.enumerated() {
            if let task = state.tasks[id],
                rules?.sees(taskOf: task.definition.agentID) ?? true
            {
                continue
            }
            let reason = "is not a known task: there is none, or it ended too long ago"
            problems.append(.init(path: "/dependsOn/\(index)", reason: reason))
        }
        if !problems.isEmpty { throw .validation(problems) }
    }

    /// Throws when a task that is to be retried could never run, for what it depends on.
    func checkRetry(of record: TaskRecord) throws(RPCError) {
        guard record.startedAt == nil else { return }
        for id in record.definition.dependencies {
            guard let dependency = state.tasks[id] else {
                throw .conflict("task \(id.text), which it depends on, is not known any more")
            }
            if dependency.status.isFinal, dependency.status != .completed {
                let status = dependency.status.rawValue
                throw .conflict("task \(id.text), which it depends on, is \(status)")
            }
        }
    }

    /// A task has ended: those that depend on it have one reason less to wait, or fail with it.
    mutating func followDependents(of record: TaskRecord) {
        let id = record.definition.identifier
        for dependent in state.dependents.list(of: id) {
            unsettled.append(UnsettledTask(id: dependent, cause: Identifier(record.lastEventID)))
        }
        if record.status == .completed { state.dependents.remove(id) }
        settleDependents()
    }

    /// Looks at blocked tasks whose dependencies have ended; the rest is left to the next turn.
    mutating func settleDependents() {
        guard !isSettlingDependents else { return }
        isSettlingDependents = true
        defer { isSettlingDependents = false }
        if settledAt != now.monotonic {
            settledAt = now.monotonic
            settledNow = 0
        }
        while settledNow < Self.dependentsPerTurn {
            guard let next = unsettled.popFirst() else { return }
            settledNow += 1
            settle(next)
        }
        if !unsettled.isEmpty {
            // Later than now, or it would be in this turn.
            timers.set(.dependents, at: now.monotonic + .nanoseconds(1))
        }
    }

    /// Goes on with what a crash may have left blocked although it need not be.
    mutating func resumeBlocked() {
        let blocked = state.tasks.values.filter { $0.status == .blocked }
            .sorted { $0.definition.sequence < $1.definition.sequence }
        state.dependents.removeCompleted(state.tasks)
        for record in blocked { admit(record) }
    }

    /// Lets a blocked task run, or fail, if it is time.
    mutating func settle(_ next: UnsettledTask) {
        guard let record = state.tasks[next.id], record.status == .blocked else { return }
        if record.missingDependencies <= 0 {
            emitTask(.taskUnblocked, of: record.definition, cause: next.cause?.text)
            guard let ready = state.tasks[next.id] else { return }
            enter(ready)
            return dispatch(record.definition.agentID)
        }
        guard let problem = dependencyProblem(of: record) else { return }
        let error = TaskError(code: "DEPENDENCY_FAILED", message: problem, isRetryable: false)
        endTask(
            .taskFailed(error, attempt: 0),
            of: record.definition,
            cause: next.cause?.text
        )
    }

    /// Why a blocked task can never run; `nil` as long as it may.
    private func dependencyProblem(of record: TaskRecord) -> String? {
        var open = 0
        for id in record.definition.dependencies {
            guard let status = state.tasks[id]?.status else { continue }
            if !status.isFinal {
                open += 1
            } else if status != .completed {
                return "task \(id.text), which it depends on, is \(status.rawValue)"
            }
        }
        // One that neither completed nor is to be seen any more.
        guard open < record.missingDependencies else { return nil }
        return "a task that it depends on did not complete and is not known any more"
    }
}
