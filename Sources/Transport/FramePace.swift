/// Limits the control frames of one connection in eight bytes (generic cell rate algorithm, ITU-T
/// I.371): it holds the time at which all frames so far would be over if they came evenly.
struct FramePace {
    /// In microseconds of the monotonic clock.
    private var even: UInt64 = 0

    /// Takes note of a frame.
    ///
    /// - Parameters:
    ///   - now: Microseconds.
    ///   - interval: Microseconds between two frames that come evenly; 0 sets no limit.
    ///   - burst: Frames that may come at once.
    /// - Returns: Whether it is within the limit.
    mutating func admits(now: UInt64, interval: UInt64, burst: UInt64) -> Bool {
        guard interval > 0 else { return true }
        let next = max(even, now) + interval
        guard next - now <= interval * burst else { return false }
        even = next
        return true
    }
}
