/// A dictionary in many small parts, each of which is copied on its own.
///
/// A snapshot is written from a copy of the state. The first change after it would copy a plain
/// dictionary whole, which holds everybody up; here it copies one part of a thousand. Nor does a
/// table that grows move all of its entries at once.
struct ShardedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    /// A power of two.
    private static var shardCount: Int { 1024 }
    /// With more entries there are as many shards, with fewer ever since the start only one.
    private static var smallCount: Int { 128 }

    private var shards: [[Key: Value]] = [[:]]
    private(set) var count = 0

    init() {}

    private func shard(of key: Key) -> Int {
        shards.count == 1 ? 0 : key.hashValue & (Self.shardCount - 1)
    }

    subscript(key: Key) -> Value? {
        get { shards[shard(of: key)][key] }
        set {
            let shard = shard(of: key)
            if let newValue {
                guard shards[shard].updateValue(newValue, forKey: key) == nil else { return }
                count += 1
                if shards.count == 1, count > Self.smallCount { split() }
            } else if shards[shard].removeValue(forKey: key) != nil {
                count -= 1
            }
        }
    }

    func contains(_ key: Key) -> Bool { shards[shard(of: key)].index(forKey: key) != nil }

    private mutating func split() {
        let all = shards[0]
        shards = Array(repeating: [:], count: Self.shardCount)
        for (key, value) in all { shards[shard(of: key)][key] = value }
    }

    /// In no order.
    var keys: some Sequence<Key> { shards.lazy.flatMap(\.keys) }

    /// In no order.
    var values: some Sequence<Value> { shards.lazy.flatMap(\.values) }

    /// In no order.
    var entries: some Sequence<(key: Key, value: Value)> { shards.lazy.flatMap { $0 } }
}

extension ShardedTable: Equatable where Value: Equatable {
    /// Whether both have the same entries, in however many shards.
    static func == (one: ShardedTable, other: ShardedTable) -> Bool {
        one.count == other.count
            && one.shards.allSatisfy { shard in
                shard.allSatisfy { other[$0.key] == $0.value }
            }
    }
}
