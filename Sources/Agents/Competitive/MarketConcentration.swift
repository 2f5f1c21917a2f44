import AgentRuntime
import JSONRPC

/// Measures how concentrated a market is.
///
/// The Herfindahl–Hirschman index is the sum of the squared market shares in percent, CR4 the sum
/// of the four largest. The bands are those of the U.S. Department of Justice and the Federal
/// Trade Commission, “Merger Guidelines”, 2023, guideline 1: highly concentrated above 1,800,
/// moderately from 1,000. Shares that do not add up to the whole market leave the rest out of
/// account, as if it were held by very many. `effectiveFirms`, 10,000 ÷ HHI, is how many firms
/// of equal size would be as concentrated (M. A. Adelman, 1969).
struct MarketConcentration: TaskInput {
    enum Unit: String, CaseIterable {
        case percent
        case fraction
        /// Revenue, units sold or the like, of the whole market.
        case amount
    }

    enum Band: String, CaseIterable {
        case unconcentrated
        case moderate
        case high

        init(hhi: Double) {
            self = hhi > 1_800 ? .high : hhi >= 1_000 ? .moderate : .unconcentrated
        }
    }

    /// What rounded shares may add up to above the whole.
    private static let slack = 1.005

    /// In percent, above 0 in sum.
    var shares: [Double]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let figures = try fields.numbers("shares")
        let sum = figures.reduce(0, +)
        guard sum > 0, sum.isFinite, figures.allSatisfy({ $0 >= 0 }) else {
            throw fields.wrong("shares", "at least 0, and one of them above 0")
        }
        let unit = try fields.choice("unit", default: sum <= Self.slack ? Unit.fraction : .percent)
        switch unit {
        case .percent: shares = figures
        case .fraction: shares = figures.map { $0 * 100 }
        case .amount: shares = figures.map { $0 / sum * 100 }
        }
        guard unit == .amount || shares.reduce(0, +) <= 100 * Self.slack else {
            throw InvalidPayload(
                "/shares",
                "must add up to at most \(unit == .percent ? 100 : 1); with the unit amount any "
                    + "figures are taken"
            )
        }
    }

    func result() -> JSONValue {
        let hhi = shares.reduce(0) { $0 + $1 * $1 }
        let largest = shares.sorted(by: >).prefix(4).reduce(0, +)
        return [
            "hhi": .double(hhi),
            "cr4": .double(largest),
            "band": .string(Band(hhi: hhi).rawValue),
            // The squares of tiny shares vanish.
            "effectiveFirms": hhi > 0 ? .double(10_000 / hhi) : .null,
            "covered": .double(shares.reduce(0, +)),
        ]
    }
}

extension MarketConcentration {
    static let task = TaskFunction(
        "market.concentration",
        summary: """
            Measures a market by the Herfindahl–Hirschman index, the share of the four largest \
            and the band of the Merger Guidelines of 2023.
            """,
        definition: """
            Herfindahl–Hirschman index and CR4; bands of the Merger Guidelines of 2023 (U.S. \
            Department of Justice and Federal Trade Commission): high above 1,800, moderate from \
            1,000
            """,
        payload: Schema.object(
            [
                "shares": Schema.array(
                    Schema.number(0...1e15),
                    1...10_000,
                    description: "One for each firm"
                ),
                "unit": Schema.choice(
                    Unit.allCases.map(\.rawValue),
                    description: "Without it fraction when the shares add up to 1, else percent"
                ),
            ],
            required: ["shares"]
        ),
        result: Schema.object([
            "hhi": Schema.number(description: "From 0 to 10,000"),
            "cr4": Schema.number(description: "In percent"),
            "band": Schema.choice(Band.allCases.map(\.rawValue)),
            "effectiveFirms": Schema.nullable(Schema.number()),
            "covered": Schema.number(description: "Sum of the shares in percent"),
        ]),
        example: ["shares": [35, 25, 20, 10, 5]],
        perform: { (input: MarketConcentration, _) in input.result() }
    )
}
