extension RuntimeCore {
    /// Lets a change happen that ends a task, and all that follows from the end.
    mutating func endTask(
        _ change: Change,
        of definition: TaskDefinition,
        cause: String? = nil,
        keys: [IdempotencyKey] = []
    ) {
        emitTask(change, of: definition, cause: cause, keys: keys)
        if let record = state.tasks[definition.id] { taskEnded(record) }
    }

    /// A task has just become final: tells whoever has something to do then.
    ///
    /// Called once for each final state, after the event that led to it was applied; `record` is
    /// the task with its result or error. What follows may end further tasks: those have their turn
    /// after this one, so that a long chain of tasks needs no deep stack.
    mutating func taskEnded(_ record: TaskRecord) {
        ends.append(record)
        guard !isTellingEnds else { return }
        isTellingEnds = true
        defer { isTellingEnds = false }
        while let record = ends.popFirst() { follow(record) }
    }

    /// Each line is one who acts on ends; none may take the task to be in the state still.
    private mutating func follow(_ record: TaskRecord) {
        timers.cancel(.deadline(record.id))
        notifyWaiters(of: record)
        noteEndForSchedules(of: record.id)
        noteEndForRuns(of: record.id)
        followDependents(of: record)
    }
}
