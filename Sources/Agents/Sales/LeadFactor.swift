import Glibc
import JSONRPC

/// What makes a lead promising, each with a value from 0 to 1.
enum LeadFactor: String, CaseIterable {
    /// `budget` ÷ `dealSize`, at most 1.
    case budget
    /// By `role`: `decider` 1, `director` 0.8, `manager` 0.5, `individual` 0.2.
    case authority
    /// `need` from 0 to 5, ÷ 5.
    case need
    /// ½^(`timelineDays` ÷ 90): half after each quarter of a year.
    case timeline
    /// `employees` in powers of ten: log₁₀ ÷ 3, at most 1, which 1,000 have.
    case fit
    /// 1 − e^(−p ÷ 10) of p = `visits` + 2 × `emailClicks` + 3 × `downloads` + 10 × `demoRequested`.
    case engagement
    /// ½^(`daysSinceContact` ÷ 30): half after each month.
    case recency

    static let defaultWeights: [LeadFactor: Double] = [
        .budget: 20, .authority: 20, .need: 15, .timeline: 15, .fit: 10, .engagement: 15,
        .recency: 5,
    ]

    private enum Role: String, CaseIterable {
        case decider
        case director
        case manager
        case individual

        var value: Double {
            switch self {
            case .decider: 1
            case .director: 0.8
            case .manager: 0.5
            case .individual: 0.2
            }
        }
    }

    /// `nil` when the lead does not say.
    func value(_ lead: PayloadFields) throws(InvalidPayload) -> Double? {
        switch self {
        case .budget:
            guard let budget = try Self.figure("budget", lead),
                let size = try Self.figure("dealSize", lead)
            else { return nil }
            return size > 0 ? min(1, budget / size) : 1
        case .authority:
            guard lead.has("role") else { return nil }
            return try lead.choice("role", default: Role.individual).value
        case .need:
            return try Self.figure("need", lead).map { min(1, $0 / 5) }
        case .timeline:
            return try Self.figure("timelineDays", lead).map { exp2(-$0 / 90) }
        case .fit:
            return try Self.figure("employees", lead).map { min(1, log10(max(1, $0)) / 3) }
        case .engagement:
            let names = ["visits", "emailClicks", "downloads", "demoRequested"]
            guard names.contains(where: lead.has) else { return nil }
            var points = try Self.figure("visits", lead) ?? 0
            points += 2 * (try Self.figure("emailClicks", lead) ?? 0)
            points += 3 * (try Self.figure("downloads", lead) ?? 0)
            points += try lead.bool("demoRequested", default: false) ? 10 : 0
            return 1 - exp(-points / 10)
        case .recency:
            return try Self.figure("daysSinceContact", lead).map { exp2(-$0 / 30) }
        }
    }

    private static func figure(
        _ name: String,
        _ lead: PayloadFields
    ) throws(InvalidPayload) -> Double? {
        lead.has(name) ? try lead.number(name, in: 0...1e12) : nil
    }

    static let leadSchema = Schema.object(
        [
            "budget": Schema.number(0...1e12, description: "In the currency of dealSize"),
            "dealSize": Schema.number(0...1e12, description: "What a usual deal costs"),
            "role": Schema.choice(Role.allCases.map(\.rawValue)),
            "need": Schema.number(0...5, description: "0 none to 5 urgent"),
            "timelineDays": Schema.number(0...1e12, description: "Until they want to buy"),
            "employees": Schema.number(0...1e12),
            "visits": Schema.number(0...1e12),
            "emailClicks": Schema.number(0...1e12),
            "downloads": Schema.number(0...1e12),
            "demoRequested": Schema.boolean(default: false),
            "daysSinceContact": Schema.number(0...1e12),
        ],
        required: []
    )
}
