import EventLoops
import Journal

/// Decides when reading a large state has taken so long that it should be told.
struct ProgressPace {
    /// Between two lines, and before the first one.
    private static let interval: UInt64 = 1_000

    private var next = MonotonicClock.milliseconds + interval

    /// How much of the journal has been read, in percent, when it is time to say so.
    mutating func percent(of progress: RecoveryProgress) -> Int? {
        let now = MonotonicClock.milliseconds
        guard now >= next, progress.totalBytes > 0 else { return nil }
        next = now + Self.interval
        return Int(100 * Double(progress.bytes) / Double(progress.totalBytes))
    }
}
