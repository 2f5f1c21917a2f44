import AgentRuntime
import JSONRPC

/// Ranks the members of a network by who points to them.
///
/// PageRank (L. Page, S. Brin, R. Motwani and T. Winograd, 1999) by power iteration: a member has
/// (1 − d) ÷ n and d times what those who point to it have, each sharing evenly among its targets;
/// who points to nobody shares among all. An edge given twice counts once. The ranks add up to 1;
/// the iteration ends when they change by less than 1e-12 in all.
struct NetworkRank: TaskInput {
    static let largestNetwork = 50_000
    /// How many members a result lists, so that it stays within the size of results.
    static let listLimit = 10_000

    /// In the order in which the edges name them.
    var names: [String]
    var edges: [(from: Int, to: Int)]
    var damping: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var indices: [String: Int] = [:]
        var names: [String] = []
        var edges: [(Int, Int)] = []
        func index(_ name: String) -> Int {
            if let index = indices[name] { return index }
            indices[name] = names.count
            names.append(name)
            return names.count - 1
        }
        for (position, edge) in try fields.array("edges").enumerated() {
            let ends = (edge.arrayValue ?? []).compactMap(\.stringValue)
            guard ends.count == 2, edge.arrayValue?.count == 2 else {
                throw fields.wrong("edges/\(position)", "an array of two names")
            }
            edges.append((index(ends[0]), index(ends[1])))
        }
        self.names = names
        self.edges = edges
        damping = try fields.number("damping", in: 0...0.99, default: 0.85)
    }

    private static let stepLimit = 10_000

    /// The ranks in the order of `names`, and the steps it took.
    func ranks() throws -> (values: [Double], steps: Int) {
        let count = names.count
        guard count > 0 else { return ([], 0) }
        let (starts, sources, shares) = incoming()
        var ranks = [Double](repeating: 1 / Double(count), count: count)
        var steps = 0
        while steps < Self.stepLimit {
            try Task.checkCancellation()
            steps += 1
            var dangling = 0.0
            for node in 0..<count where shares[node] == 0 { dangling += ranks[node] }
            let base = (1 - damping) / Double(count) + damping * dangling / Double(count)
            var next = [Double](repeating: base, count: count)
            for node in 0..<count {
                var sum = 0.0
                for source in sources[starts[node]..<starts[node + 1]] {
                    sum += ranks[source] * shares[source]
                }
                next[node] += damping * sum
            }
            let change = zip(next, ranks).reduce(0) { $0 + ($1.0 - $1.1).magnitude }
            ranks = next
            if change < 1e-12 { break }
        }
        return (ranks, steps)
    }

    /// The sources of each node, those of node i at `starts[i]..<starts[i + 1]`, and 1 ÷ the number
    /// of targets of each node, 0 without any.
    private func incoming() -> (starts: [Int], sources: [Int], shares: [Double]) {
        let order = edges.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
        var starts = [0]
        var sources: [Int] = []
        var targets = [Int](repeating: 0, count: names.count)
        var previous: (from: Int, to: Int)?
        for edge in order {
            if let previous, previous == edge { continue }
            while starts.count <= edge.to { starts.append(sources.count) }
            sources.append(edge.from)
            targets[edge.from] += 1
            previous = edge
        }
        while starts.count <= names.count { starts.append(sources.count) }
        return (starts, sources, targets.map { $0 > 0 ? 1 / Double($0) : 0 })
    }

    func result() throws -> JSONValue {
        let (ranks, steps) = try ranks()
        let order = Vectors.ranked(ranks)
        return [
            "ranks": .array(
                order.prefix(Self.listLimit).map { place in
                    ["id": .string(names[place.index]), "rank": .double(ranks[place.index])]
                }
            ),
            "members": .integer(names.count),
            "steps": .integer(steps),
            "damping": .double(damping),
        ]
    }
}

extension NetworkRank {
    static let task = TaskFunction(
        "network.rank",
        summary: "Ranks the members of a directed network by PageRank.",
        definition: """
            PageRank (Page, Brin, Motwani and Winograd 1999), dangling members share among all
            """,
        payload: Schema.object(
            [
                "edges": Schema.array(
                    Schema.array(Schema.string(1...200), 2...2, description: "From, to"),
                    0...largestNetwork
                ),
                "damping": Schema.number(0...0.99, default: 0.85),
            ],
            required: ["edges"]
        ),
        result: Schema.object([
            "ranks": Schema.array(
                Schema.object(["id": Schema.string(), "rank": Schema.number(0...1.000001)]),
                0...listLimit,
                description: "By falling rank; those of all members add up to 1"
            ),
            "members": Schema.integer(),
            "steps": Schema.integer(),
            "damping": Schema.number(),
        ]),
        example: [
            "edges": [
                ["ana", "ben"], ["ben", "cleo"], ["cleo", "ana"], ["dan", "cleo"], ["eva", "cleo"],
            ]
        ],
        perform: { (input: NetworkRank, _) in try input.result() }
    )
}
