/// The tasks in the order of their creation, for pages that a cursor walks through.
///
/// Follows from the records, so it is neither stored nor compared.
struct CreationOrder: Sendable {
    struct Entry: Sendable {
        var sequence: UInt64
        var task: Identifier
    }

    /// Ascending by sequence; some may name tasks that were forgotten.
    private(set) var entries = FIFO<Entry>()
    private var forgotten = 0

    mutating func append(_ task: Identifier, sequence: UInt64) {
        entries.append(Entry(sequence: sequence, task: task))
    }

    /// Notes that one of the tasks was forgotten.
    mutating func noteForgotten<Record>(remaining tasks: ShardedTable<Identifier, Record>) {
        forgotten += 1
        // Those that were created first are mostly forgotten first.
        while let first = entries.first, !tasks.contains(first.task) {
            _ = entries.popFirst()
            forgotten -= 1
        }
        guard forgotten > 64 && forgotten > tasks.count else { return }
        entries.filter { tasks.contains($0.task) }
        forgotten = 0
    }

    /// Index of the first entry whose sequence is at least `sequence`.
    func index(from sequence: UInt64) -> Int {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].sequence < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
