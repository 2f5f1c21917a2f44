import Testing

@testable import Analytics

@Suite("Sketches of durations")
struct DurationSketchTests {
    @Test func `an empty one knows nothing`() {
        let sketch = DurationSketch()
        #expect(sketch.count == 0 && sketch.mean == nil && sketch.percentile(0.5) == nil)
    }

    @Test func `bins follow each other without a gap`() {
        var last: UInt16 = 0
        for value in Int64(0)...5000 {
            let bin = DurationSketch.bin(of: value)
            #expect(bin == last || bin == last + 1)
            last = bin
        }
        #expect(DurationSketch.bin(of: .max) == UInt16(DurationSketch.binCount - 1))
        #expect(DurationSketch.bin(of: -5) == 0)
    }

    @Test(arguments: 0..<DurationSketch.binCount)
    func `the middle of a bin is in it`(number: Int) {
        let middle = DurationSketch.middle(ofBin: UInt16(number))
        #expect(DurationSketch.bin(of: middle) == UInt16(number))
    }

    @Test(arguments: [Int64(0), 1, 7, 8, 15])
    func `short durations are exact`(value: Int64) {
        var sketch = DurationSketch()
        for duration in [value, value, value + 100, value + 100] { sketch.record(duration) }
        #expect(sketch.percentile(0.5) == value)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a percentile is at most a sixteenth off`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var sketch = DurationSketch()
        var values: [Int64] = []
        for _ in 0..<Int.random(in: 1...2000, using: &random) {
            let magnitude = Int64(1) << Int64.random(in: 0...31, using: &random)
            values.append(Int64.random(in: 0...magnitude, using: &random))
            sketch.record(values[values.count - 1])
        }
        values.sort()
        for share in [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1] {
            let rank = max(1, Int((share * Double(values.count)).rounded(.up)))
            let exact = values[rank - 1]
            let found = try #require(sketch.percentile(share))
            #expect(abs(found - exact) * 16 <= exact)
        }
        #expect(sketch.maximum == values.last)
        #expect(sketch.sum == values.reduce(0, +))
    }

    @Test func `what is merged is as if it were recorded in one`() {
        var random = SplitMix64(seed: 1)
        var (one, other, all) = (DurationSketch(), DurationSketch(), DurationSketch())
        for number in 0..<500 {
            let value = Int64.random(in: 0...100_000, using: &random)
            all.record(value)
            if number % 3 == 0 { one.record(value) } else { other.record(value) }
        }
        one.merge(other)
        #expect(one == all)
    }

    @Test func `a clock that was set back makes no negative durations`() {
        var sketch = DurationSketch()
        sketch.record(-1000)
        #expect(sketch.sum == 0 && sketch.maximum == 0 && sketch.percentile(1) == 0)
    }

    @Test func `the sum saturates`() {
        var sketch = DurationSketch()
        sketch.record(.max)
        sketch.record(.max)
        #expect(sketch.sum == .max && sketch.maximum == .max && sketch.count == 2)
        #expect(sketch.bins.map(\.number) == [UInt16(DurationSketch.binCount - 1)])
    }

    @Test(
        arguments: [
            [(3, 1), (3, 1)], [(4, 1), (3, 1)], [(3, 0)], [(DurationSketch.binCount, 1)],
        ] as [[(Int, UInt64)]]
    )
    func `bins that cannot be are refused`(bins: [(Int, UInt64)]) {
        let bins = bins.map { DurationSketch.Bin(number: UInt16($0.0), count: $0.1) }
        #expect(DurationSketch(bins: bins, sum: 1, maximum: 1) == nil)
    }
}

struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
