/// Which unfinished task holds which dedupe key.
///
/// Follows from the records, so it is neither stored nor compared, and no key can be held by a task
/// that is final or gone.
struct DedupeKeys: Sendable {
    private struct Key: Hashable, Sendable {
        var type: String
        var key: String

        init(type: String, key: String) {
            self.type = type
            self.key = key
        }

        init?(_ definition: TaskDefinition) {
            guard let key = definition.dedupeKey else { return nil }
            self.init(type: definition.type, key: key)
        }
    }

    private var holders = ShardedTable<Key, Identifier>()

    var count: Int { holders.count }

    /// The unfinished task of `type` that has `key`.
    func holder(of key: String, type: String) -> Identifier? {
        holders[Key(type: type, key: key)]
    }

    mutating func hold(_ record: TaskRecord) {
        guard let key = Key(record.definition) else { return }
        holders[key] = record.definition.identifier
    }

    mutating func release(_ record: TaskRecord) {
        guard let key = Key(record.definition), holders[key] == record.definition.identifier
        else { return }
        holders[key] = nil
    }
}
