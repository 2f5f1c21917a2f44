import Synchronization

/// An attempt, or several alike, that was refused for want of a right.
package struct Denial: Equatable, Sendable {
    package var method: String
    /// Of the first attempt; alike are those of the same user from the same address.
    package var actor: AuditActor
    /// Of the first attempt.
    package var object: AuditObject?
    /// The `data.code` of the error.
    package var reason: String
    var count = 1
    /// When the first attempt was made.
    var since: Timestamp

    package init(
        method: String,
        actor: AuditActor,
        object: AuditObject? = nil,
        reason: String,
        at time: Timestamp
    ) {
        self.method = method
        self.actor = actor
        self.object = object
        self.reason = reason
        since = time
    }
}

/// Denied attempts that were not written yet, bounded whatever peers do: alike ones are counted,
/// and what finds no place is counted together as method `*`.
final class DenialLedger: Sendable {
    private struct Key: Hashable {
        var method: String
        var userID: String?
        var address: String?
        var reason: String
    }

    private struct Contents {
        var order: [Key] = []
        var denials: [Key: Denial] = [:]
        var others: Denial?
    }

    private let contents = Mutex(Contents())
    private let capacity: Int

    /// - Parameter capacity: How many entries one ``take()`` yields at most, but for the one that
    ///   counts all others.
    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Notes an attempt.
    ///
    /// - Returns: Whether it is the first since ``take()``.
    func note(_ denial: Denial) -> Bool {
        let key = Key(
            method: denial.method,
            userID: denial.actor.userID,
            address: denial.actor.address,
            reason: denial.reason
        )
        return contents.withLock { contents in
            let isFirst = contents.order.isEmpty
            if contents.denials[key] != nil {
                contents.denials[key]?.count += 1
            } else if contents.order.count < capacity {
                contents.order.append(key)
                contents.denials[key] = denial
            } else if contents.others != nil {
                contents.others?.count += 1
            } else {
                contents.others = Denial(
                    method: "*",
                    actor: AuditActor(),
                    reason: "OTHERS",
                    at: denial.since
                )
            }
            return isFirst
        }
    }

    /// Hands over what was noted, in the order of the first attempts.
    func take() -> [Denial] {
        contents.withLock { contents in
            var taken = contents.order.compactMap { contents.denials[$0] }
            if let others = contents.others { taken.append(others) }
            contents = Contents()
            return taken
        }
    }
}
