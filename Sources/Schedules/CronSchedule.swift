package import Foundation

/// A cron expression in a time zone of the IANA database: when it is due.
///
/// Where the clocks change, the rule is that of Debian's cron(8):
/// - What is due by intervals (a `*` in the minute or the hour) is due whenever the wall clock
///   matches: in the hour that comes twice both times, in the hour that does not come not at all.
/// - What is due at times of the day is due once for each: at its first coming when it comes
///   twice, and when it does not come, in the moment that the clocks are put forward.
package struct CronSchedule: Hashable, Sendable {
    package let expression: CronExpression
    package let timeZone: TimeZone

    package init(_ expression: CronExpression, in timeZone: TimeZone) {
        self.expression = expression
        self.timeZone = timeZone
    }

    /// What is looked at: the years 1970 to 9999, in seconds since 1970 began.
    private static let times = 0...253_402_300_799

    /// The first time after `time` that it is due; both in milliseconds since 1970 began.
    ///
    /// `nil` when there is none before the year 10000.
    package func next(after time: Int64) -> Int64? {
        let floor = time >= 0 ? time / 1_000 : -1
        guard let seconds = Int(exactly: floor), seconds <= Self.times.upperBound else {
            return nil
        }
        let start = max(seconds, -1)
        let found = expression.isByInterval ? nextInterval(after: start) : nextTime(after: start)
        guard let found, Self.times.contains(found) else { return nil }
        return Int64(found) * 1_000
    }

    /// For what is due at times of the day.
    private func nextTime(after start: Int) -> Int? {
        var civil = start + offset(at: start)
        while let next = expression.next(from: CivilTime(seconds: civil + 1)) {
            civil = next.seconds
            let instant = firstInstant(of: civil)
            // In the second coming of an hour, its times have been.
            if instant > start { return instant }
            guard civil <= Self.times.upperBound else { return nil }
        }
        return nil
    }

    /// When the wall clock first shows a time; if never, when it jumps over it.
    private func firstInstant(of civil: Int) -> Int {
        let (early, late) = (civil - Self.farthest, civil + Self.farthest)
        let (before, after) = (offset(at: early), offset(at: late))
        for candidate in [before, after] where offset(at: civil - candidate) == candidate {
            return civil - candidate
        }
        return change(after: early, notAfter: late)
    }

    /// For what is due whenever the wall clock matches.
    private func nextInterval(after start: Int) -> Int? {
        var first = start + 1
        while first <= Self.times.upperBound {
            let offset = offset(at: first)
            guard let next = expression.next(from: CivilTime(seconds: first + offset)) else {
                return nil
            }
            let candidate = next.seconds - offset
            let end = min(candidate, first + Self.farthest)
            if self.offset(at: end) == offset {
                if candidate == end { return candidate }
                // Nothing is due for long: go on shortly before the next time, whatever the
                // clocks do until then.
                first = max(end, candidate - 2 * Self.farthest)
            } else {
                let change = change(after: first, notAfter: end)
                if candidate < change { return candidate }
                first = change
            }
        }
        return nil
    }

    /// Clocks change by less than this, and not twice within it; in seconds.
    private static let farthest = 86_400

    /// When the offset changes for good between two times at which it differs.
    private func change(after start: Int, notAfter end: Int) -> Int {
        let old = offset(at: start)
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == old { low = middle } else { high = middle }
        }
        return high
    }

    /// Seconds that the wall clock is ahead of UTC.
    private func offset(at seconds: Int) -> Int {
        timeZone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds)))
    }
}
