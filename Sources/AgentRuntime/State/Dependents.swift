/// Which tasks are blocked by which.
///
/// Follows from the records, so it is neither stored nor compared. A list may also name tasks that
/// are not blocked any more.
struct Dependents: Sendable {
    private var lists = ShardedTable<Identifier, [Identifier]>()

    /// The tasks that may be blocked by `task`.
    func list(of task: Identifier) -> [Identifier] { lists[task] ?? [] }

    /// Notes a task that has just become blocked; `again` says that it was before.
    mutating func insert(
        _ record: TaskRecord,
        again: Bool,
        among tasks: borrowing ShardedTable<Identifier, TaskRecord>
    ) {
        let id = record.definition.identifier
        for dependency in record.definition.dependencies {
            guard let status = tasks[dependency]?.status, status != .completed else { continue }
            var list = lists[dependency] ?? []
            // Or the list would be copied for each that is added.
            lists[dependency] = nil
            // Those that were cancelled are swept out when the list has doubled.
            if list.count >= 64, list.count & (list.count - 1) == 0 {
                list.removeAll { tasks[$0]?.status != .blocked }
            }
            if !again || !list.contains(id) { list.append(id) }
            lists[dependency] = list
        }
    }

    /// Forgets who was blocked by tasks that are completed.
    mutating func removeCompleted(_ tasks: borrowing ShardedTable<Identifier, TaskRecord>) {
        let completed = lists.keys.filter { tasks[$0]?.status == .completed }
        for id in completed { lists[id] = nil }
    }

    /// Forgets who was blocked by a task that is completed or gone.
    mutating func remove(_ task: Identifier) {
        lists[task] = nil
    }
}

extension RuntimeState {
    /// Counts a completed task for those that depend on it.
    mutating func countDependency(_ task: Identifier) {
        for id in dependents.list(of: task) {
            guard var record = tasks[id], record.status == .blocked else { continue }
            record.missingDependencies -= 1
            tasks[id] = record
        }
    }

    /// The dependencies of a task that are not completed, as far as they are known; for one that
    /// has never run.
    func openDependencies(of definition: TaskDefinition) -> [TaskRecord] {
        definition.dependencies.compactMap { tasks[$0] }.filter { $0.status != .completed }
    }
}
