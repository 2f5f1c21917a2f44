/// How long things took, in so little room that percentiles of it are close rather than exact.
///
/// A duration of less than 16 ms is counted as it is. Above, each power of two is cut into eight
/// bins of the same width, and a percentile is the middle of its bin: at most 1/16 (6.25 %) off.
/// Sum, and so the mean, count and maximum are exact. Only integers are involved, so that it is the
/// same on every machine (the layout is that of Tene's HdrHistogram with 3 bits of precision).
package struct DurationSketch: Equatable, Sendable {
    /// How often a bin was met.
    package struct Bin: Equatable, Sendable {
        package var number: UInt16
        package var count: UInt64

        package init(number: UInt16, count: UInt64) {
            self.number = number
            self.count = count
        }
    }

    /// 2^32 ms, some 49 days: what is longer counts as that long, but for the maximum.
    package static let longest: Int64 = 1 << 32
    /// Bin numbers are below it.
    package static let binCount = 241

    /// Of the bin `firstBin` and those after it, up to the last that was met: neither end is 0.
    private var counts: [UInt64] = []
    private var firstBin = 0
    package private(set) var count: UInt64 = 0
    /// Saturates.
    package private(set) var sum: Int64 = 0
    package private(set) var maximum: Int64 = 0

    package init() {}

    /// Takes back what was stored.
    ///
    /// - Returns: `nil` for bins that are out of order or that there are not.
    package init?(bins: [Bin], sum: Int64, maximum: Int64) {
        guard sum >= 0, maximum >= 0,
            bins.allSatisfy({ $0.number < Self.binCount && $0.count > 0 }),
            zip(bins, bins.dropFirst()).allSatisfy({ $0.number < $1.number })
        else { return nil }
        for bin in bins { add(bin.count, toBin: Int(bin.number)) }
        self.sum = sum
        self.maximum = maximum
        count = bins.reduce(0) { $0 &+ $1.count }
    }

    /// Those that were met, ascending by number.
    package var bins: [Bin] {
        counts.indices.filter { counts[$0] > 0 }
            .map { Bin(number: UInt16(firstBin + $0), count: counts[$0]) }
    }

    /// Counts a duration; a negative one, as a clock that was set back makes them, is none.
    package mutating func record(_ milliseconds: Int64) {
        let value = max(0, milliseconds)
        add(1, toBin: Int(Self.bin(of: value)))
        count &+= 1
        add(sum: value)
        maximum = max(maximum, value)
    }

    package mutating func merge(_ other: DurationSketch) {
        for (place, count) in other.counts.enumerated() where count > 0 {
            add(count, toBin: other.firstBin + place)
        }
        count &+= other.count
        add(sum: other.sum)
        maximum = max(maximum, other.maximum)
    }

    package var mean: Double? { count == 0 ? nil : Double(sum) / Double(count) }

    /// The duration that `share` (0…1) of all durations do not exceed (the nearest rank).
    ///
    /// - Returns: `nil` when there are none.
    package func percentile(_ share: Double) -> Int64? {
        guard count > 0 else { return nil }
        let rank = max(1, UInt64((min(max(share, 0), 1) * Double(count)).rounded(.up)))
        var passed: UInt64 = 0
        for (place, count) in counts.enumerated() {
            passed &+= count
            if passed >= rank {
                return min(Self.middle(ofBin: UInt16(firstBin + place)), maximum)
            }
        }
        return maximum
    }

    package static func bin(of milliseconds: Int64) -> UInt16 {
        let value = min(max(0, milliseconds), longest)
        guard value >= 8 else { return UInt16(value) }
        let exponent = 63 - value.leadingZeroBitCount
        return UInt16(8 * (exponent - 2) + Int(value >> (exponent - 3)) & 7)
    }

    /// The middle of what a bin counts, rounded down.
    package static func middle(ofBin number: UInt16) -> Int64 {
        guard number >= 8, number < binCount else { return Int64(min(number, 7)) }
        let shift = Int64(number) / 8 - 1
        let first = (8 + Int64(number) % 8) << shift
        return first + ((1 << shift) - 1) / 2
    }

    private mutating func add(_ amount: UInt64, toBin number: Int) {
        if counts.isEmpty { firstBin = number }
        if number < firstBin {
            counts.insert(contentsOf: repeatElement(0, count: firstBin - number), at: 0)
            firstBin = number
        }
        let place = number - firstBin
        if place >= counts.count {
            counts.append(contentsOf: repeatElement(0, count: place + 1 - counts.count))
        }
        counts[place] &+= amount
    }

    private mutating func add(sum value: Int64) {
        let (total, overflow) = sum.addingReportingOverflow(value)
        sum = overflow ? .max : total
    }
}
