/// The 0/1 knapsack: which items of a bounded total cost have the largest total value.
///
/// Exact, by the lists of undominated choices of G. L. Nemhauser and Z. Ullmann (“Discrete Dynamic
/// Programming and Capital Allocation”, 1969), items by falling value ÷ cost. A choice whose bound
/// (G. B. Dantzig, 1957: the rest filled up with a part of an item) is not above the best choice
/// known is given up. A list is never longer than the capacity + 1 or the sum of all values + 1.
struct Knapsack {
    struct Item {
        var cost: Int
        var value: Int
    }

    /// What a search may take: kept choices over all items, some 40 bytes each.
    static let choiceLimit = 1_000_000

    struct TooComplex: Error {}

    private struct Choice {
        var cost: Int
        var value: Int
        /// The last item taken, as an index into `taken`; -1 for none.
        var last: Int
    }

    /// Indices by falling value ÷ cost.
    private let order: [Int]
    /// Sums over the items before each position of `order`.
    private let costs: [Int]
    private let values: [Int]
    private let capacity: Int
    private let items: [Item]

    /// Costs and values are 0 or more; the sum of each kind fits into 62 bits.
    init(_ items: [Item], capacity: Int) {
        self.items = items
        self.capacity = capacity
        order = items.indices.filter { items[$0].value > 0 && items[$0].cost <= capacity }
            .sorted { first, second in
                // v₁ ÷ c₁ > v₂ ÷ c₂ without a division; products may need 128 bits.
                let left = items[first].value.multipliedFullWidth(by: items[second].cost)
                let right = items[second].value.multipliedFullWidth(by: items[first].cost)
                return (left.high, left.low) != (right.high, right.low)
                    ? (left.high, left.low) > (right.high, right.low) : first < second
            }
        var costs = [0]
        var values = [0]
        for index in order {
            costs.append((costs.last ?? 0) + items[index].cost)
            values.append((values.last ?? 0) + items[index].value)
        }
        self.costs = costs
        self.values = values
    }

    /// The indices of the best items, rising.
    ///
    /// - Throws: ``TooComplex``, `CancellationError`.
    func solve() throws -> [Int] {
        var choices = [Choice(cost: 0, value: 0, last: -1)]
        var taken: [(position: Int, previous: Int)] = []
        var best = (value: -1, last: -1, from: 0, to: 0)
        for position in order.indices {
            try Task.checkCancellation()
            let item = items[order[position]]
            var merged: [Choice] = []
            merged.reserveCapacity(choices.count * 2)
            var without = 0
            var with = 0
            while without < choices.count || with < choices.count {
                let isTaken: Bool
                if without == choices.count {
                    isTaken = true
                } else if with == choices.count {
                    isTaken = false
                } else {
                    isTaken = choices[with].cost + item.cost < choices[without].cost
                }
                var choice = choices[isTaken ? with : without]
                if isTaken { with += 1 } else { without += 1 }
                if isTaken {
                    choice.cost += item.cost
                    choice.value += item.value
                    guard choice.cost <= capacity else { continue }
                }
                if let previous = merged.last, previous.value >= choice.value { continue }
                let (filled, bound) = rest(choice, from: position + 1)
                if isTaken, bound > best.value {
                    taken.append((position, choice.last))
                    choice.last = taken.count - 1
                }
                guard bound > best.value else { continue }
                let value = choice.value + values[filled] - values[position + 1]
                if value > best.value { best = (value, choice.last, position + 1, filled) }
                // Of the same cost the one of more value stays.
                if merged.last?.cost == choice.cost { merged.removeLast() }
                merged.append(choice)
                if taken.count > Self.choiceLimit { throw TooComplex() }
            }
            choices = merged
        }
        var chosen = best.value < 0 ? [] : order[best.from..<best.to].map { $0 }
        var last = best.last
        while last >= 0 {
            chosen.append(order[taken[last].position])
            last = taken[last].previous
        }
        return chosen.sorted()
    }

    /// How far the items from `position` on fit in a row, and a value that no completion of
    /// `choice` exceeds.
    private func rest(_ choice: Choice, from position: Int) -> (filled: Int, bound: Int) {
        let reach = capacity - choice.cost + costs[position]
        var low = position
        var high = order.count
        while low < high {
            let middle = (low + high + 1) / 2
            if costs[middle] <= reach { low = middle } else { high = middle - 1 }
        }
        var bound = choice.value + values[low] - values[position]
        if low < order.count {
            let item = items[order[low]]
            let room = Double(reach - costs[low])
            // One more than the part is worth makes up for rounding.
            bound += Int(room / Double(item.cost) * Double(item.value)) + 1
        }
        return (low, bound)
    }
}
