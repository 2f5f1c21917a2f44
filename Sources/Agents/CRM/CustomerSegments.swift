import AgentRuntime
import JSONRPC

/// Scores customers by recency, frequency and monetary value, and names their segments.
///
/// RFM after A. M. Hughes, “Strategic Database Marketing”, 1994: each figure is scored 1 to 5 by
/// quintiles, 5 being the best: the score is the share of customers whose figure is no better,
/// times 5, rounded up, so that equals have equal scores. Recency is the days since the last order,
/// frequency the number of orders, monetary value the sum of their amounts. The segment
/// follows from the recency score and the mean of the other two, rounded half up
/// (``Segment/init(recency:value:)``).
struct CustomerSegments: TaskInput {
    enum Segment: String, CaseIterable {
        case champions
        case loyal
        case potentialLoyalists = "potential loyalists"
        case new
        case needAttention = "need attention"
        case aboutToSleep = "about to sleep"
        case atRisk = "at risk"
        case cannotLose = "cannot lose"
        case hibernating
        case lost

        init(recency: Int, value: Int) {
            self =
                switch (recency, value) {
                case (4..., 4...): .champions
                case (4..., 3): .loyal
                case (4..., 2): .potentialLoyalists
                case (4..., _): .new
                case (3, 4...): .loyal
                case (3, 2...): .needAttention
                case (3, _): .aboutToSleep
                case (2, 4...): .atRisk
                case (2, 2...): .aboutToSleep
                case (2, _): .hibernating
                case (_, 4...): .cannotLose
                case (_, 2...): .hibernating
                default: .lost
                }
        }
    }

    struct Customer {
        var id: String
        var last: CalendarDate
        var orders = 0
        var amount = 0.0
    }

    /// In the order in which the orders name them.
    var customers: [Customer]
    var asOf: CalendarDate

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        asOf = try fields.date("asOf")
        var indices: [String: Int] = [:]
        var customers: [Customer] = []
        for order in try fields.objects("orders") {
            let id = try order.string("customerId")
            let date = try order.date("date")
            guard date <= asOf else { throw order.wrong("date", "no later than asOf") }
            let index = indices[id] ?? customers.count
            if index == customers.count {
                indices[id] = index
                customers.append(Customer(id: id, last: date))
            }
            customers[index].last = max(customers[index].last, date)
            customers[index].orders += 1
            customers[index].amount += try order.number("amount", in: -1e12...1e12)
        }
        self.customers = customers
    }

    /// 1 to 5 by the share of values that are not above each.
    static func quintiles(_ values: [Double]) -> [Int] {
        let sorted = values.sorted()
        var shares: [Double: Int] = [:]
        for (index, value) in sorted.enumerated() { shares[value] = index + 1 }
        return values.map { value in
            let count = shares[value] ?? 0
            return (5 * count + values.count - 1) / values.count
        }
    }

    func result() throws -> JSONValue {
        let recency = customers.map { asOf.days - $0.last.days }
        let recencyScores = Self.quintiles(recency.map { -Double($0) })
        let frequencyScores = Self.quintiles(customers.map { Double($0.orders) })
        let monetaryScores = Self.quintiles(customers.map(\.amount))
        try Task.checkCancellation()
        var counts: [Segment: Int] = [:]
        var rows: [JSONValue] = []
        for (index, customer) in customers.enumerated() {
            let (r, f, m) = (recencyScores[index], frequencyScores[index], monetaryScores[index])
            let segment = Segment(recency: r, value: (f + m + 1) / 2)
            counts[segment, default: 0] += 1
            rows.append([
                "customerId": .string(customer.id),
                "recencyDays": .integer(recency[index]),
                "frequency": .integer(customer.orders),
                "monetary": .double(customer.amount),
                "r": .integer(r), "f": .integer(f), "m": .integer(m),
                "segment": .string(segment.rawValue),
            ])
        }
        let segments = Segment.allCases.compactMap { segment -> JSONValue? in
            counts[segment].map { count in
                ["segment": .string(segment.rawValue), "customers": .integer(count)]
            }
        }
        return ["customers": .array(rows), "segments": .array(segments)]
    }
}

extension CustomerSegments {
    static let task = TaskFunction(
        "customer.segment",
        summary: """
            Scores customers by recency, frequency and monetary value in quintiles, and names \
            their segments.
            """,
        definition: """
            RFM (Hughes 1994): the share of customers that are no better, in fifths, rounded up
            """,
        payload: Schema.object([
            "orders": Schema.array(
                Schema.object([
                    "customerId": Schema.string(1...200),
                    "date": Schema.date(),
                    "amount": Schema.number(-1e12...1e12, description: "Below 0 for a refund"),
                ]),
                0...10_000
            ),
            "asOf": Schema.date(description: "No order is later"),
        ]),
        result: Schema.object([
            "customers": Schema.array(
                Schema.object([
                    "customerId": Schema.string(),
                    "recencyDays": Schema.integer(),
                    "frequency": Schema.integer(),
                    "monetary": Schema.number(),
                    "r": Schema.integer(1...5),
                    "f": Schema.integer(1...5),
                    "m": Schema.integer(1...5),
                    "segment": Schema.choice(Segment.allCases.map(\.rawValue)),
                ])
            ),
            "segments": Schema.array(
                Schema.object([
                    "segment": Schema.choice(Segment.allCases.map(\.rawValue)),
                    "customers": Schema.integer(),
                ])
            ),
        ]),
        example: [
            "asOf": "2026-11-30",
            "orders": [
                ["customerId": "ada", "date": "2026-11-20", "amount": 120],
                ["customerId": "ada", "date": "2026-10-02", "amount": 80],
                ["customerId": "bob", "date": "2026-03-11", "amount": 40],
                ["customerId": "eve", "date": "2026-09-01", "amount": 310],
            ],
        ],
        perform: { (input: CustomerSegments, _) in try input.result() }
    )
}
