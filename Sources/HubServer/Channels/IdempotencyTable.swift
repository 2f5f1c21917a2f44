import HubCore
import JSONRPC
import Synchronization

/// Answers of publications by the key their publisher gave, so that repeating one does nothing.
///
/// Client channels live in memory, and so does this: a key is known for a day, or until the hub
/// ends or `capacity` newer ones have come, whichever is first.
final class IdempotencyTable: Sendable {
    private static let lifetime: UInt64 = 24 * 3_600 * 1_000

    fileprivate struct Key: Hashable {
        var user: String
        var channel: String
        var key: String
    }

    fileprivate struct Contents {
        var answers: [Key: (position: StreamPosition, at: UInt64)] = [:]
        /// The keys in the order in which they came.
        var order: [Key] = []
        var oldest = 0
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// The position that an earlier publication with this key got, or that `publish` gets now.
    ///
    /// The table is locked meanwhile, so that two of a kind at the same time are published once;
    /// what `publish` throws is passed on, and nothing remembered. `now` is in milliseconds of a
    /// clock that never steps.
    func position(
        _ user: String,
        _ channel: String,
        _ key: String,
        now: UInt64,
        orPublish publish: () throws(RPCError) -> StreamPosition
    ) throws(RPCError) -> StreamPosition {
        let key = Key(user: user, channel: channel, key: key)
        return try contents.withLock { (contents) throws(RPCError) in
            if let known = contents.answers[key], now < known.at + Self.lifetime {
                return known.position
            }
            let position = try publish()
            if contents.answers.updateValue((position, now), forKey: key) == nil {
                contents.order.append(key)
            }
            contents.trim(to: capacity)
            return position
        }
    }
}

extension IdempotencyTable.Contents {
    fileprivate mutating func trim(to capacity: Int) {
        while order.count - oldest > capacity {
            answers[order[oldest]] = nil
            oldest += 1
        }
        if oldest > 1024, oldest * 2 > order.count {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
