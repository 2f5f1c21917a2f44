/// Final tasks in the order in which they became final: who is forgotten first.
///
/// Follows from the records, so it is neither stored nor compared.
struct FinalTasks: Sendable {
    private struct Entry {
        var taskID: String
        var sequence: UInt64
        var time: Timestamp
    }

    private var order = FIFO<Entry>()
    private(set) var count = 0
    private(set) var bytes = 0

    mutating func append(_ record: TaskRecord, sequence: UInt64) {
        order.append(Entry(taskID: record.id, sequence: sequence, time: record.updatedAt))
        count += 1
        bytes += record.cost
    }

    /// Takes a task out that is not final any more; its entry is passed over later.
    mutating func remove(_ record: TaskRecord) {
        count -= 1
        bytes -= record.cost
    }

    /// Takes the next task that is to be forgotten at `now` out of the order.
    mutating func popExpired(
        at now: Timestamp,
        keepingMs: Int64,
        retention: Retention,
        tasks: [String: TaskRecord]
    ) -> TaskRecord? {
        let horizon = now.advanced(byMilliseconds: -keepingMs)
        while let first = order.first {
            guard let record = tasks[first.taskID], record.finalSequence == first.sequence else {
                _ = order.popFirst()
                continue
            }
            let isExpired =
                first.time < horizon || count > retention.maximumCount
                || bytes > retention.maximumBytes
            guard isExpired else { return nil }
            _ = order.popFirst()
            remove(record)
            return record
        }
        return nil
    }
}
