import AgentRuntime
import JSONRPC

/// Counts an election.
///
/// - `irv`, instant runoff: the candidate with the fewest votes is excluded and their ballots go
///   to the next preference until one has more than half of the votes still counted.
/// - `stv`: ``SingleTransferableVote``.
/// - `dhondt`: ``HighestAverages`` over the first name on each ballot.
struct VoteCount: TaskInput {
    enum Method: String, CaseIterable {
        case stv
        case dhondt
        case irv
    }

    enum Quota: String, CaseIterable {
        /// votes ÷ (seats + 1), which must be exceeded.
        case exact
        /// ⌊votes ÷ (seats + 1)⌋ + 1, which must be reached.
        case droop
    }

    struct Ballots {
        /// Numbers of candidates, the first preference first, without repeats.
        var ranking: [Int]
        var count: Int
    }

    static let mostCandidates = 100
    /// Of one kind of ballot; the sum of all is still exact.
    static let mostBallots = 1_000_000_000

    var candidates: [String] = []
    var ballots: [Ballots] = []
    var seats: Int
    var method: Method
    var quota: Quota

    private var numbers: [String: Int] = [:]
    private var isClosed = false

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        method = try fields.choice("method", default: .stv)
        seats = try fields.integer("seats", default: 1)
        quota = try fields.choice("quota", default: .exact)
        guard (1...1_000).contains(seats) else { throw fields.wrong("seats", "from 1 to 1000") }
        guard method != .irv || seats == 1 else {
            throw fields.wrong("seats", "1 with the method irv")
        }
        if fields.has("candidates") {
            for name in try fields.strings("candidates") {
                guard numbers[name] == nil else { throw fields.wrong("candidates", "different") }
                try add(name, fields, "candidates")
            }
            isClosed = true
        }
        if let object = fields.object["ballots"]?.objectValue {
            let votes = try PayloadFields(.object(object), path: "/ballots")
            for member in object.members {
                let count = try votes.integer(member.name)
                try add([member.name], count, votes, member.name)
            }
        } else {
            try addAll(fields.array("ballots"), fields)
        }
        guard ballots.contains(where: { $0.count > 0 }) else {
            throw fields.wrong("ballots", "some that name a candidate")
        }
        guard method != .stv || seats <= candidates.count else {
            throw fields.wrong("seats", "at most the number of candidates")
        }
    }

    private mutating func addAll(
        _ values: [JSONValue],
        _ fields: PayloadFields
    ) throws(InvalidPayload) {
        for (index, value) in values.enumerated() {
            let place = "ballots/\(index)"
            switch value {
            case .string(let name): try add([name], 1, fields, place)
            case .array(let names):
                try add(Self.names(names, fields, place), 1, fields, place)
            default:
                let ballot = try PayloadFields(value, path: "\(fields.path)/\(place)")
                let names = try ballot.strings("ranking")
                try add(names, ballot.integer("count", default: 1), fields, place)
            }
        }
    }

    private static func names(
        _ values: [JSONValue],
        _ fields: PayloadFields,
        _ place: String
    ) throws(InvalidPayload) -> [String] {
        let names = values.compactMap(\.stringValue)
        guard names.count == values.count else { throw fields.wrong(place, "a list of names") }
        return names
    }

    private mutating func add(
        _ names: [String],
        _ count: Int,
        _ fields: PayloadFields,
        _ place: String
    ) throws(InvalidPayload) {
        guard (0...Self.mostBallots).contains(count) else {
            throw fields.wrong(place, "counted from 0 to \(Self.mostBallots)")
        }
        var ranking: [Int] = []
        var seen: Set<Int> = []
        for name in names {
            if numbers[name] == nil {
                guard !isClosed else { throw fields.wrong(place, "of the candidates only") }
                try add(name, fields, place)
            }
            guard let number = numbers[name], seen.insert(number).inserted else {
                throw fields.wrong(place, "a ranking that names nobody twice")
            }
            ranking.append(number)
        }
        if !ranking.isEmpty { ballots.append(Ballots(ranking: ranking, count: count)) }
    }

    private mutating func add(
        _ name: String,
        _ fields: PayloadFields,
        _ place: String
    ) throws(InvalidPayload) {
        guard !name.isEmpty, candidates.count < Self.mostCandidates else {
            throw fields.wrong(place, "at most \(Self.mostCandidates) candidates with names")
        }
        numbers[name] = candidates.count
        candidates.append(name)
    }

    // MARK: Counting

    struct Round {
        var votes: [(candidate: Int, votes: Double)]
        var elected: [Int] = []
        var excluded: [Int] = []
        var exhausted = 0.0
    }

    struct Outcome {
        /// In the order of their election.
        var elected: [Int] = []
        var seats: [Int]
        var rounds: [Round] = []
        var quota: Double?
        /// Whether an order that nobody voted for decided something.
        var isTied = false
    }

    func result() throws -> JSONValue {
        let outcome =
            switch method {
            case .dhondt: try HighestAverages(self).outcome()
            case .stv: try SingleTransferableVote(self, quota: quota).outcome()
            case .irv: try SingleTransferableVote(self, quota: nil).outcome()
            }
        let allocation = candidates.indices.map { index -> JSONValue in
            ["name": name(index), "seats": .integer(outcome.seats[index])]
        }
        return [
            "method": .string(method.rawValue),
            "elected": .array(outcome.elected.map(name)),
            "allocation": .array(allocation),
            "quota": outcome.quota.map(JSONValue.double) ?? .null,
            "rounds": .array(outcome.rounds.enumerated().map(round)),
            "tied": .bool(outcome.isTied),
        ]
    }

    private func name(_ candidate: Int) -> JSONValue { .string(candidates[candidate]) }

    private func round(_ index: Int, _ round: Round) -> JSONValue {
        [
            "round": .integer(index + 1),
            "votes": .array(
                round.votes.map { ["candidate": name($0.candidate), "votes": .double($0.votes)] }
            ),
            "elected": .array(round.elected.map(name)),
            "excluded": .array(round.excluded.map(name)),
            "exhausted": .double(round.exhausted),
        ]
    }
}
