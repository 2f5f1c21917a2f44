/// Final tasks in the order in which they became final: who is forgotten first.
///
/// Follows from the records, so it is neither stored nor compared.
struct FinalTasks: Sendable {
    private struct Entry {
        var task: Identifier
        var sequence: UInt64
        var time: Timestamp
    }

    private var order = FIFO<Entry>()
    /// Sequences of entries that are passed over, because their tasks are not final any more.
    private var withdrawn: Set<UInt64> = []
    private(set) var count = 0
    private(set) var bytes = 0

    mutating func append(_ record: TaskRecord, sequence: UInt64) {
        order.append(
            Entry(task: record.definition.identifier, sequence: sequence, time: record.updatedAt)
        )
        count += 1
        bytes += record.cost
    }

    /// Takes a task out that is not final any more.
    mutating func remove(_ record: TaskRecord) {
        if let sequence = record.finalSequence { withdrawn.insert(sequence) }
        count -= 1
        bytes -= record.cost
    }

    /// Takes the next task that is to be forgotten at `now` out of the order.
    ///
    /// The one that ended last stays whatever its size, so that its end can be told.
    ///
    /// O(1) as long as there is none.
    mutating func popExpired(
        at now: Timestamp,
        keepingMs: Int64,
        retention: Retention,
        tasks: borrowing ShardedTable<Identifier, TaskRecord>
    ) -> TaskRecord? {
        let horizon = now.advanced(byMilliseconds: -keepingMs)
        while let first = order.first {
            if !withdrawn.isEmpty, withdrawn.remove(first.sequence) != nil {
                _ = order.popFirst()
                continue
            }
            let isExpired =
                first.time < horizon
                || count > 1
                    && (count > retention.maximumCount || bytes > retention.maximumBytes)
            guard isExpired else { return nil }
            _ = order.popFirst()
            guard let record = tasks[first.task] else { continue }
            count -= 1
            bytes -= record.cost
            return record
        }
        return nil
    }
}
