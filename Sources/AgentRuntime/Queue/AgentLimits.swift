import JSONRPC

/// What an agent's configuration says about how much of it may run.
struct AgentLimits: Sendable {
    static let concurrencyKey = "concurrency"
    static let rateKey = "rate"
    static let typeRatesKey = "typeRates"
    /// The keys that are the runtime's and not the agent's to judge.
    static let keys = [concurrencyKey, rateKey, typeRatesKey]
    static let concurrencies = 1...64

    var concurrency: Int?
    var rate: StartRate?
    var typeRates: [String: StartRate] = [:]

    init(_ configuration: JSONObject) {
        concurrency = configuration[Self.concurrencyKey]?.intValue
        rate = configuration[Self.rateKey].flatMap { StartRate($0) }
        for member in configuration[Self.typeRatesKey]?.objectValue?.members ?? [] {
            typeRates[member.name] = StartRate(member.value)
        }
    }

    /// What is wrong with the runtime's keys in the configuration of an agent with these types.
    static func problems(
        in configuration: JSONObject,
        types: some Sequence<String>
    ) -> [RPCError.Detail] {
        var details: [RPCError.Detail] = []
        func report(_ path: String, _ reason: String) {
            details.append(.init(path: "/config" + path, reason: reason))
        }
        if let concurrency = configuration[concurrencyKey],
            !concurrencies.contains(concurrency.intValue ?? 0)
        {
            let range = "\(concurrencies.lowerBound) to \(concurrencies.upperBound)"
            report("/\(concurrencyKey)", "must be an integer from \(range)")
        }
        if let rate = configuration[rateKey] {
            _ = StartRate(rate) { report("/\(rateKey)" + $0, $1) }
        }
        guard let rates = configuration[typeRatesKey] else { return details }
        guard let members = rates.objectValue?.members else {
            report("/\(typeRatesKey)", "must be an object of rates by task type")
            return details
        }
        let known = Set(types)
        for member in members {
            let path = "/\(typeRatesKey)/\(Self.pointerToken(member.name))"
            if !known.contains(member.name) { report(path, "is not a task type of the agent") }
            _ = StartRate(member.value) { report(path + $0, $1) }
        }
        return details
    }

    /// A name as a part of a JSON pointer (RFC 6901, section 3).
    private static func pointerToken(_ name: String) -> String {
        var token = ""
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": token += "~0"
            case "/": token += "~1"
            default: token.unicodeScalars.append(scalar)
            }
        }
        return token
    }
}
