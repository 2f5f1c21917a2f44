import Synchronization

/// Keeps one place in the program from filling the log: a token bucket for each.
///
/// The places are those in the source that log, so there are few.
final class RepetitionFilter: Sendable {
    struct Site: Hashable {
        var file: String
        var line: UInt
    }

    /// Lines that a site may write at once, and the time in which it gains another one.
    static let burst: UInt64 = 50
    static let interval: UInt64 = 200

    private struct Bucket {
        /// When the bucket would be full, as in the generic cell rate algorithm (ITU-T I.371).
        var fullAt: UInt64 = 0
        var suppressed = 0
    }

    private let buckets = Mutex<[Site: Bucket]>([:])

    /// How many lines were held back before this one; `nil` when this one is held back too.
    ///
    /// `now` is in milliseconds of a clock that never steps.
    func admit(_ site: Site, now: UInt64) -> Int? {
        buckets.withLock { buckets in
            var bucket = buckets[site] ?? Bucket()
            defer { buckets[site] = bucket }
            let fullAt = max(bucket.fullAt, now) + Self.interval
            guard fullAt - now <= Self.burst * Self.interval else {
                bucket.suppressed += 1
                return nil
            }
            bucket.fullAt = fullAt
            defer { bucket.suppressed = 0 }
            return bucket.suppressed
        }
    }
}
