import Synchronization
import Transport

/// What each user may do over all sessions and loops.
///
/// A loop takes tokens from here in shares (``UserShares``), so that the lock is taken once for
/// many commands.
final class UserRates: Sendable {
    /// Users that are remembered without a session, before those with nothing to remember go.
    private static let spareUsers = 1_024

    private let rate: Int
    private let burst: Int
    private let buckets = Mutex<[String: TokenBucket]>([:])
    /// What a loop takes at once: little enough that what it does not use is no matter.
    let share: Int

    init(rate: Int, burst: Int) {
        self.rate = rate
        self.burst = burst
        share = max(1, min(256, burst / 256))
    }

    /// Takes a share for a user; when there is nothing, in how many milliseconds there is.
    func take(for user: String, now: UInt64) -> (taken: Int, wait: UInt64) {
        guard rate > 0 else { return (.max, 0) }
        return buckets.withLock { buckets in
            if buckets[user] == nil, buckets.count >= Self.spareUsers {
                for (user, var bucket) in buckets where bucket.isFull(now: now) {
                    buckets[user] = nil
                }
            }
            return buckets[user, default: TokenBucket(rate: rate, burst: burst, now: now)]
                .take(upTo: share, now: now)
        }
    }

    /// Gives back what a loop took and did not use.
    func putBack(_ count: Int, for user: String) {
        guard rate > 0 else { return }
        buckets.withLock { $0[user]?.putBack(count) }
    }
}

/// The shares of one loop in what its users may do.
struct UserShares {
    private struct Entry {
        var user: String
        var left = 0
        var sessions = 1
    }

    private let rates: UserRates
    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var indexes: [String: Int] = [:]

    init(_ rates: UserRates) {
        self.rates = rates
    }

    /// A session of a user begins; the number is for ``take(_:now:)`` and ``leave(_:)``.
    mutating func join(_ user: String) -> Int {
        if let index = indexes[user] {
            entries[index]?.sessions += 1
            return index
        }
        let index = free.popLast() ?? entries.count
        if index == entries.count { entries.append(nil) }
        entries[index] = Entry(user: user)
        indexes[user] = index
        return index
    }

    mutating func leave(_ index: Int) {
        entries[index]?.sessions -= 1
        guard let entry = entries[index], entry.sessions == 0 else { return }
        rates.putBack(entry.left, for: entry.user)
        indexes[entry.user] = nil
        entries[index] = nil
        free.append(index)
    }

    /// Takes one command of a user.
    ///
    /// - Returns: `nil` when it may be carried out, else in how many milliseconds.
    @inline(__always)
    mutating func take(_ index: Int, now: UInt64) -> UInt64? {
        if let left = entries[index]?.left, left > 0 {
            entries[index]?.left = left - 1
            return nil
        }
        return refill(index, now: now)
    }

    private mutating func refill(_ index: Int, now: UInt64) -> UInt64? {
        guard let user = entries[index]?.user else { return nil }
        let (taken, wait) = rates.take(for: user, now: now)
        guard taken > 0 else { return wait }
        entries[index]?.left = taken - 1
        return nil
    }
}
