import AgentRuntime
import JSONRPC

/// Estimates how many customers stay for how long, by the product limit.
///
/// E. L. Kaplan and P. Meier, “Nonparametric Estimation from Incomplete Observations”, JASA 53,
/// 1958: S(t) = Π (1 − d ÷ n) over the durations up to t at which d of the n customers that were
/// left ended. A customer without an end, or with one after `asOf`, is censored at `asOf`; who is
/// censored on a day counts among those left on it. The standard error is Greenwood's, S √Σ d ÷
/// (n(n − d)).
struct CohortRetention: TaskInput {
    struct Customer {
        var days: Int
        var hasEnded: Bool
    }

    var customers: [Customer]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let asOf = try fields.date("asOf")
        var customers: [Customer] = []
        for customer in try fields.objects("customers") {
            let start = try customer.date("start")
            let end = try customer.optionalDate("end")
            guard start <= asOf else { throw customer.wrong("start", "no later than asOf") }
            guard end ?? start >= start else {
                throw customer.wrong("end", "no earlier than start")
            }
            let hasEnded = end.map { $0 <= asOf } ?? false
            let last = hasEnded ? end ?? asOf : asOf
            customers.append(Customer(days: last.days - start.days, hasEnded: hasEnded))
        }
        guard !customers.isEmpty else { throw fields.wrong("customers", "at least one customer") }
        self.customers = customers
    }

    struct Step: Equatable {
        var days: Int
        var atRisk: Int
        var ended: Int
        var probability: Double
        var standardError: Double
    }

    /// One step for each duration at which a customer ended, after one for the start.
    func steps() throws -> [Step] {
        var ends: [Int: (ended: Int, left: Int)] = [:]
        for customer in customers {
            let ended = customer.hasEnded ? 1 : 0
            ends[customer.days, default: (0, 0)].ended += ended
            ends[customer.days, default: (0, 0)].left += 1
        }
        try Task.checkCancellation()
        var atRisk = customers.count
        var probability = 1.0
        var sum = 0.0
        var steps = [
            Step(days: 0, atRisk: atRisk, ended: 0, probability: 1, standardError: 0)
        ]
        for (days, figures) in ends.sorted(by: { $0.key < $1.key }) {
            if figures.ended > 0 {
                let (n, d) = (Double(atRisk), Double(figures.ended))
                probability *= (n - d) / n
                sum += n > d ? d / (n * (n - d)) : 0
                let step = Step(
                    days: days,
                    atRisk: atRisk,
                    ended: figures.ended,
                    probability: probability,
                    standardError: probability * sum.squareRoot()
                )
                if days == 0 { steps[0] = step } else { steps.append(step) }
            }
            atRisk -= figures.left
        }
        return steps
    }

    func result() throws -> JSONValue {
        let steps = try steps()
        let median = steps.first { $0.probability <= 0.5 }?.days
        return [
            "survival": .array(
                steps.map { step in
                    [
                        "days": .integer(step.days),
                        "probability": .double(step.probability),
                        "standardError": .double(step.standardError),
                        "atRisk": .integer(step.atRisk),
                        "ended": .integer(step.ended),
                    ]
                }
            ),
            "medianDays": median.map(JSONValue.integer) ?? .null,
            "customers": .integer(customers.count),
            "ended": .integer(customers.count { $0.hasEnded }),
        ]
    }
}

extension CohortRetention {
    static let task = TaskFunction(
        "cohort.retention",
        summary: "Estimates the share of customers that stay for how long, by Kaplan–Meier.",
        definition: "Kaplan and Meier 1958; Greenwood's standard error",
        payload: Schema.object([
            "customers": Schema.array(
                Schema.object(
                    [
                        "start": Schema.date(),
                        "end": Schema.date(description: "None while the customer stays"),
                    ],
                    required: ["start"]
                ),
                1...20_000
            ),
            "asOf": Schema.date(description: "What comes later is not known"),
        ]),
        result: Schema.object([
            "survival": Schema.array(
                Schema.object([
                    "days": Schema.integer(description: "Since the start"),
                    "probability": Schema.number(0...1, description: "To stay for longer"),
                    "standardError": Schema.number(description: "Greenwood's"),
                    "atRisk": Schema.integer(),
                    "ended": Schema.integer(),
                ]),
                description: "The start, then each duration at which a customer ended"
            ),
            "medianDays": Schema.nullable(
                Schema.integer(description: "When half are left; null when more than half stay")
            ),
            "customers": Schema.integer(),
            "ended": Schema.integer(),
        ]),
        example: [
            "asOf": "2026-06-30",
            "customers": [
                ["start": "2026-01-01", "end": "2026-02-15"], ["start": "2026-01-10"],
                ["start": "2026-02-01", "end": "2026-05-01"], ["start": "2026-03-20"],
            ],
        ],
        perform: { (input: CohortRetention, _) in try input.result() }
    )
}
