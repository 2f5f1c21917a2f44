import Journal

/// Decides when reading a large state has taken so long that it should be told.
struct ProgressPace {
    /// Between two lines, and before the first one, in milliseconds.
    private static let interval: UInt64 = 1_000

    private var next: UInt64

    /// Times are milliseconds of the monotonic clock.
    init(startingAt now: UInt64) {
        next = now + Self.interval
    }

    /// How much of the journal has been read, in percent, when it is time to say so.
    mutating func percent(of progress: RecoveryProgress, at now: UInt64) -> Int? {
        guard now >= next, progress.totalBytes > 0 else { return nil }
        next = now + Self.interval
        return Int(100 * Double(progress.bytes) / Double(progress.totalBytes))
    }
}
