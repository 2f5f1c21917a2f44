import Testing

@testable import Agents

@Suite struct SeededRandomTests {
    /// Computed by the definition of the authors in Python.
    @Test(
        arguments: [
            (0, [11_091_344_671_253_066_420, 13_793_997_310_169_335_082]),
            (1, [12_966_619_160_104_079_557, 9_600_361_134_598_540_522]),
            (.max, [10_328_197_420_357_168_392, 14_156_678_507_024_973_869]),
        ] as [(UInt64, [UInt64])]
    )
    func `numbers are those of xoshiro256**`(seed: UInt64, numbers: [UInt64]) {
        var random = SeededRandom(seed: seed)
        #expect([random.next(), random.next()] == numbers)
    }

    @Test func `units are below 1 and spread evenly`() {
        var random = SeededRandom(seed: 9)
        let units = (0..<10_000).map { _ in random.unit() }
        #expect(units.allSatisfy { (0..<1).contains($0) })
        #expect((Statistics.mean(units) - 0.5).magnitude < 0.01)
    }

    @Test func `indices reach all places`() {
        var random = SeededRandom(seed: 1)
        #expect(Set((0..<200).map { _ in random.index(below: 7) }) == Set(0..<7))
        #expect(random.index(below: 1) == 0)
    }
}
