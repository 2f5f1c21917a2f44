/// Sets that are united step by step, of the numbers from 0 on.
///
/// Union by size with path halving (R. E. Tarjan and J. van Leeuwen, “Worst-Case Analysis of Set
/// Union Algorithms”, 1984).
struct DisjointSets {
    private var parents: [Int]
    private var sizes: [Int]

    init(_ count: Int) {
        parents = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
    }

    /// The same for all members of a set.
    mutating func root(_ member: Int) -> Int {
        var member = member
        while parents[member] != member {
            parents[member] = parents[parents[member]]
            member = parents[member]
        }
        return member
    }

    /// Whether the two were in different sets until now.
    mutating func unite(_ first: Int, _ second: Int) -> Bool {
        var (larger, smaller) = (root(first), root(second))
        guard larger != smaller else { return false }
        if sizes[larger] < sizes[smaller] { swap(&larger, &smaller) }
        parents[smaller] = larger
        sizes[larger] += sizes[smaller]
        return true
    }
}
