import Testing

@testable import Agents

@Suite struct DisjointSetsTests {
    @Test func `members are in one set when unions connect them`() {
        var sets = DisjointSets(6)
        let unions = [(0, 1), (2, 3), (1, 3), (0, 2)].map { sets.unite($0, $1) }
        #expect(unions == [true, true, true, false])
        let roots = (0..<6).map { sets.root($0) }
        #expect(Set(roots[0...3]).count == 1)
        #expect(Set(roots).count == 3)
    }
}
