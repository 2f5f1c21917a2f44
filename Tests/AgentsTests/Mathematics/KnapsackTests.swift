import Testing

@testable import Agents

@Suite struct KnapsackTests {
    private static func items(
        _ count: Int,
        _ random: inout SeededRandom,
        correlated: Bool
    ) -> [Knapsack.Item] {
        (0..<count).map { _ in
            let cost = random.index(below: 40)
            let value = correlated ? cost + 10 : random.index(below: 60)
            return Knapsack.Item(cost: cost, value: value)
        }
    }

    /// Tries every choice.
    private static func best(_ items: [Knapsack.Item], _ capacity: Int) -> Int {
        (0..<(1 << items.count)).reduce(0) { best, choice in
            let chosen = items.indices.filter { choice >> $0 & 1 == 1 }
            let cost = chosen.reduce(0) { $0 + items[$1].cost }
            return cost <= capacity ? max(best, chosen.reduce(0) { $0 + items[$1].value }) : best
        }
    }

    @Test(arguments: 0..<40)
    func `the best value is that of all choices`(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let items = Self.items(1 + random.index(below: 10), &random, correlated: seed % 2 == 0)
        let capacity = random.index(below: 120)
        let chosen = try Knapsack(items, capacity: capacity).solve()
        #expect(Set(chosen).count == chosen.count)
        #expect(chosen.reduce(0) { $0 + items[$1].cost } <= capacity)
        #expect(chosen.reduce(0) { $0 + items[$1].value } == Self.best(items, capacity))
    }

    @Test func `nothing to take is nothing taken`() throws {
        #expect(try Knapsack([], capacity: 5).solve() == [])
        #expect(try Knapsack([.init(cost: 6, value: 1)], capacity: 5).solve() == [])
        #expect(try Knapsack([.init(cost: 0, value: 0)], capacity: 5).solve() == [])
    }

    @Test func `the largest costs and values do not overflow`() throws {
        let item = Knapsack.Item(cost: 1 << 52, value: 1 << 52)
        let items = [Knapsack.Item](repeating: item, count: 500)
        #expect(try Knapsack(items, capacity: 200 << 52).solve().count == 200)
    }

    @Test func `what does not fit into memory is too complex`() {
        var random = SeededRandom(seed: 3)
        let items = (0..<400).map { _ in
            let cost = 1_000_000_000_000 + Int.random(in: 0..<1_000_000_000_000, using: &random)
            return Knapsack.Item(cost: cost, value: cost + 1_000_000_000)
        }
        let capacity = items.reduce(0) { $0 + $1.cost } / 2
        #expect(throws: Knapsack.TooComplex.self) {
            try Knapsack(items, capacity: capacity).solve()
        }
    }
}
