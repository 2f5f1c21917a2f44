/// Counts durations in buckets whose width is at most 1/64 of what they hold.
///
/// As in HdrHistogram: linear within a power of two, logarithmic over them. Recording is a few
/// instructions and allocates nothing.
struct LatencyHistogram {
    /// Buckets per power of two, as a power of two.
    private static let precision = 6
    private var counts = [UInt64](repeating: 0, count: (65 - precision) << precision)
    private(set) var count: UInt64 = 0

    /// Counts `times` durations of `nanoseconds`.
    @inline(__always)
    mutating func record(_ nanoseconds: UInt64, times: UInt64 = 1) {
        counts[Self.bucket(of: nanoseconds)] &+= times
        count &+= times
    }

    mutating func removeAll() {
        for index in counts.indices { counts[index] = 0 }
        count = 0
    }

    /// The duration, in nanoseconds, that `fraction` of all did not exceed, by the upper end of
    /// its bucket; 0 when there is none.
    func quantile(_ fraction: Double) -> UInt64 {
        let rank = max(1, UInt64((fraction * Double(count)).rounded(.up)))
        var seen: UInt64 = 0
        for (bucket, held) in counts.enumerated() where held > 0 {
            seen += held
            if seen >= rank { return Self.upperBound(of: bucket) }
        }
        return 0
    }

    @inline(__always)
    private static func bucket(of value: UInt64) -> Int {
        // Below twice 2^precision every value has its own bucket; then the shift keeps one bit more
        // than `precision`, the highest one set, so that buckets follow without a gap.
        let shift = max(0, 63 - precision - value.leadingZeroBitCount)
        return shift << precision + Int(truncatingIfNeeded: value >> UInt64(shift))
    }

    private static func upperBound(of bucket: Int) -> UInt64 {
        let shift = max(0, bucket >> precision - 1)
        let first = UInt64(bucket - shift << precision)
        return first << UInt64(shift) + (1 << UInt64(shift) - 1)
    }
}
