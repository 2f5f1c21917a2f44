import AgentRuntime
import JSONRPC

/// Chooses the creators of the largest total reach within a budget.
///
/// Exactly, as a 0/1 knapsack (``Knapsack``) over whole cents. Reach adds up: that audiences overlap
/// is not known here. What is too hard to solve within bounded memory is refused with
/// `TOO_COMPLEX`; it never is while creators × (budget ÷ the costs' greatest common divisor) is
/// below ``Knapsack/choiceLimit``.
struct CampaignAllocation: TaskInput {
    struct Creator {
        var id: String
        var cents: Int
        var reach: Int
    }

    static let largestReach = 10_000_000_000

    var cents: Int
    var creators: [Creator]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        cents = Int((try fields.number("budget", in: 0...1e12) * 100 + 1e-3).rounded(.down))
        var creators: [Creator] = []
        for creator in try fields.objects("creators") {
            let cost = try creator.number("cost", in: 0...1e9)
            let cents = (cost * 100).rounded()
            guard (cost * 100 - cents).magnitude < 1e-3 else {
                throw creator.wrong("cost", "of whole cents")
            }
            let reach = try creator.integer("reach")
            guard (0...Self.largestReach).contains(reach) else {
                throw creator.wrong("reach", "from 0 to \(Self.largestReach)")
            }
            creators.append(
                Creator(id: try creator.string("id"), cents: Int(cents), reach: reach)
            )
        }
        self.creators = creators
    }

    func result() throws -> JSONValue {
        var unit = 0
        for creator in creators { unit = Self.commonDivisor(unit, creator.cents) }
        unit = max(1, unit)
        let knapsack = Knapsack(
            creators.map { Knapsack.Item(cost: $0.cents / unit, value: $0.reach) },
            capacity: cents / unit
        )
        let chosen: [Int]
        do {
            chosen = try knapsack.solve()
        } catch is Knapsack.TooComplex {
            throw TaskFailure(
                code: "TOO_COMPLEX",
                message: "the exact answer takes too much memory; round the costs, such as to "
                    + "whole hundreds, or give fewer creators"
            )
        }
        let cost = chosen.reduce(0) { $0 + creators[$1].cents }
        let reach = chosen.reduce(0) { $0 + creators[$1].reach }
        return [
            "chosen": .array(chosen.map { .string(creators[$0].id) }),
            "cost": .double(Double(cost) / 100),
            "reach": .integer(reach),
            "left": .double(Double(cents - cost) / 100),
        ]
    }

    private static func commonDivisor(_ first: Int, _ second: Int) -> Int {
        var (first, second) = (first, second)
        while second != 0 { (first, second) = (second, first % second) }
        return first
    }
}

extension CampaignAllocation {
    static let task = TaskFunction(
        "campaign.allocate",
        summary: """
            Chooses the creators whose reach adds up to the most within a budget: the 0/1 \
            knapsack, exactly.
            """,
        definition: """
            the 0/1 knapsack, exact (Nemhauser and Ullmann 1969); TOO_COMPLEX when that takes too \
            much memory
            """,
        payload: Schema.object([
            "budget": Schema.number(0...1e12),
            "creators": Schema.array(
                Schema.object([
                    "id": Schema.string(1...200),
                    "cost": Schema.number(0...1e9, description: "Of whole cents"),
                    "reach": Schema.integer(0...largestReach),
                ]),
                0...1_000
            ),
        ]),
        result: Schema.object([
            "chosen": Schema.array(Schema.string(), description: "In the order of the payload"),
            "cost": Schema.number(),
            "reach": Schema.integer(),
            "left": Schema.number(description: "Of the budget"),
        ]),
        example: [
            "budget": 5_000,
            "creators": [
                ["id": "ana", "cost": 2_500, "reach": 40_000],
                ["id": "ben", "cost": 1_800, "reach": 31_000],
                ["id": "cleo", "cost": 3_100, "reach": 52_000],
                ["id": "dan", "cost": 900, "reach": 12_000],
            ],
        ],
        perform: { (input: CampaignAllocation, _) in try input.result() }
    )
}
