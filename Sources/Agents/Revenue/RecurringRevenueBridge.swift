import AgentRuntime
import JSONRPC

/// Explains how monthly recurring revenue went from one month to the next.
///
/// By customer, as SaaS accounting does (D. Skok, “SaaS Metrics 2.0”, 2013): *new* is the revenue
/// of customers who were not there, *reactivation* of those whose `previous` entry says 0, which
/// is how a former customer is named; *churn* is the revenue of those who have none any more;
/// *expansion* and *contraction* are the differences of the others. All are 0 or more, and net =
/// new + reactivation + expansion − contraction − churn. Entries of the same customer add up.
struct RecurringRevenueBridge: TaskInput {
    typealias Revenue = (customerID: String, amount: Double)

    var previous: [Revenue]
    var current: [Revenue]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        previous = try Self.revenues("previous", fields)
        current = try Self.revenues("current", fields)
    }

    private static func revenues(
        _ name: String,
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> [Revenue] {
        var revenues: [Revenue] = []
        for entry in try fields.objects(name) {
            let amount = try entry.number("mrr")
            guard (0...1e12).contains(amount) else { throw entry.wrong("mrr", "from 0 to 1e12") }
            revenues.append((try entry.string("customerId"), amount))
        }
        return revenues
    }

    func result() throws -> JSONValue {
        let before = Self.totals(previous)
        let after = Self.totals(current)
        try Task.checkCancellation()
        var new = 0.0
        var reactivation = 0.0
        var expansion = 0.0
        var contraction = 0.0
        var churn = 0.0
        var counts = (new: 0, churned: 0, reactivated: 0)
        // In the order of the payload, so that the same payload gives the same sums.
        for id in after.order {
            let amount = after.amounts[id] ?? 0
            guard amount > 0 else { continue }
            switch before.amounts[id] {
            case nil:
                new += amount
                counts.new += 1
            case 0?:
                reactivation += amount
                counts.reactivated += 1
            case let earlier? where amount > earlier: expansion += amount - earlier
            case let earlier?: contraction += earlier - amount
            }
        }
        for id in before.order {
            let amount = before.amounts[id] ?? 0
            guard amount > 0, after.amounts[id] ?? 0 == 0 else { continue }
            churn += amount
            counts.churned += 1
        }
        let start = previous.reduce(0) { $0 + $1.amount }
        let kept = start - churn - contraction
        return [
            "new": .double(new),
            "expansion": .double(expansion),
            "contraction": .double(contraction),
            "churn": .double(churn),
            "reactivation": .double(reactivation),
            "net": .double(new + reactivation + expansion - contraction - churn),
            "start": .double(start),
            "end": .double(current.reduce(0) { $0 + $1.amount }),
            "grossRetention": start > 0 ? .double(min(1, max(0, kept / start))) : .null,
            "netRetention": start > 0 ? .double(max(0, (kept + expansion) / start)) : .null,
            "customers": [
                "new": .integer(counts.new), "churned": .integer(counts.churned),
                "reactivated": .integer(counts.reactivated),
            ],
        ]
    }

    private static func totals(
        _ revenues: [Revenue]
    ) -> (amounts: [String: Double], order: [String]) {
        var amounts: [String: Double] = [:]
        var order: [String] = []
        for revenue in revenues {
            if amounts[revenue.customerID] == nil { order.append(revenue.customerID) }
            amounts[revenue.customerID, default: 0] += revenue.amount
        }
        return (amounts, order)
    }
}

extension RecurringRevenueBridge {
    private static func entries(_ description: String) -> JSONValue {
        Schema.array(
            Schema.object([
                "customerId": Schema.string(1...200), "mrr": Schema.number(0...1e12),
            ]),
            0...20_000,
            description: description
        )
    }

    static let task = TaskFunction(
        "mrr.bridge",
        summary: """
            Splits the change of monthly recurring revenue into new, expansion, contraction, \
            churn and reactivation.
            """,
        definition: """
            by customer (Skok 2013); a customer with 0 in `previous` is a former one
            """,
        payload: Schema.object([
            "previous": entries("The month before; 0 names a former customer"),
            "current": entries("The month after"),
        ]),
        result: Schema.object([
            "new": Schema.number(),
            "expansion": Schema.number(),
            "contraction": Schema.number(),
            "churn": Schema.number(),
            "reactivation": Schema.number(),
            "net": Schema.number(description: "The change from start to end"),
            "start": Schema.number(),
            "end": Schema.number(),
            "grossRetention": Schema.nullable(
                Schema.number(0...1, description: "Of the revenue, without expansion")
            ),
            "netRetention": Schema.nullable(Schema.number(description: "With expansion")),
            "customers": Schema.object([
                "new": Schema.integer(), "churned": Schema.integer(),
                "reactivated": Schema.integer(),
            ]),
        ]),
        example: [
            "previous": [
                ["customerId": "ada", "mrr": 100], ["customerId": "bob", "mrr": 50],
                ["customerId": "eve", "mrr": 80], ["customerId": "old", "mrr": 0],
            ],
            "current": [
                ["customerId": "ada", "mrr": 120], ["customerId": "bob", "mrr": 30],
                ["customerId": "new", "mrr": 60], ["customerId": "old", "mrr": 40],
            ],
        ],
        perform: { (input: RecurringRevenueBridge, _) in try input.result() }
    )
}
