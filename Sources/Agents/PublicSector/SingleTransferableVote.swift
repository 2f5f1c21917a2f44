/// The single transferable vote, and instant runoff as its case of one seat.
///
/// A candidate with the quota is elected and the surplus is transferred by the weighted inclusive
/// Gregory method (J. B. Gregory, 1880; as in Scotland's local elections since 2007): each ballot
/// goes to the next preference that is neither elected nor excluded, at its value × surplus ÷
/// votes. All who have the quota in a round are elected in it. When nobody has, the candidate
/// with the fewest votes is excluded and the ballots go on at full value. Equal votes are told
/// apart by the most recent round in which they differed, and if there is none the later in the
/// order of candidates is excluded. When as many candidates as seats remain, they are elected.
struct SingleTransferableVote {
    private struct Paper {
        var ranking: [Int]
        var position = 0
        var value: Double
    }

    private enum Standing {
        case continuing
        case elected
        case excluded
    }

    private let seats: Int
    private let quota: Double?
    /// Whether the quota itself is enough.
    private let isReached: Bool
    private let tolerance: Double
    private var piles: [[Paper]]
    private var standings: [Standing]
    private var votes: [Double]
    private var exhausted = 0.0
    private var result: VoteCount.Outcome

    /// - Parameters:
    ///   - count: The ballots and seats.
    ///   - quota: `nil` for instant runoff, half of the votes still counted.
    init(_ count: VoteCount, quota: VoteCount.Quota?) {
        let candidates = count.candidates.count
        let total = Double(count.ballots.reduce(0) { $0 + $1.count })
        let exact = total / Double(count.seats + 1)
        switch quota {
        case .exact?: self.quota = exact
        case .droop?: self.quota = exact.rounded(.down) + 1
        case nil: self.quota = nil
        }
        seats = count.seats
        isReached = quota == .droop
        tolerance = total * 1e-12
        piles = Array(repeating: [], count: candidates)
        standings = Array(repeating: .continuing, count: candidates)
        votes = Array(repeating: 0, count: candidates)
        result = VoteCount.Outcome(
            seats: Array(repeating: 0, count: candidates),
            quota: self.quota
        )
        // Equal ballots travel together.
        var merged: [[Int]: Int] = [:]
        var order: [[Int]] = []
        for ballot in count.ballots where ballot.count > 0 {
            if merged[ballot.ranking] == nil { order.append(ballot.ranking) }
            merged[ballot.ranking, default: 0] += ballot.count
        }
        for ranking in order {
            let paper = Paper(ranking: ranking, value: Double(merged[ranking] ?? 0))
            piles[ranking[0]].append(paper)
            votes[ranking[0]] += paper.value
        }
    }

    private var continuing: [Int] { standings.indices.filter { standings[$0] == .continuing } }

    /// - Throws: `CancellationError`.
    consuming func outcome() throws -> VoteCount.Outcome {
        while result.elected.count < seats {
            try Task.checkCancellation()
            let continuing = continuing
            var round = VoteCount.Round(
                votes: continuing.map { ($0, votes[$0]) },
                exhausted: exhausted
            )
            let open = seats - result.elected.count
            let winners = continuing.filter(hasQuota)
            if continuing.count <= open {
                round.elected = byVotes(continuing)
                result.rounds.append(round)
                elect(round.elected)
                break
            } else if !winners.isEmpty {
                round.elected = Array(byVotes(winners).prefix(open))
                result.rounds.append(round)
                elect(round.elected)
                guard result.elected.count < seats, let quota else { break }
                for winner in round.elected {
                    let surplus = max(0, votes[winner] - quota)
                    try transfer(from: winner, at: surplus / votes[winner])
                    votes[winner] = quota
                }
            } else if let loser = lowest(continuing) {
                round.excluded = [loser]
                result.rounds.append(round)
                standings[loser] = .excluded
                try transfer(from: loser, at: 1)
                votes[loser] = 0
            }
        }
        return result
    }

    private func hasQuota(_ candidate: Int) -> Bool {
        guard let quota else {
            let counted = continuing.reduce(0) { $0 + votes[$1] }
            return votes[candidate] > counted / 2 + tolerance
        }
        return isReached
            ? votes[candidate] >= quota - tolerance : votes[candidate] > quota + tolerance
    }

    /// By falling votes; equals in the order of candidates.
    private func byVotes(_ candidates: [Int]) -> [Int] {
        Vectors.ranked(candidates.map { votes[$0] }).map { candidates[$0.index] }
    }

    private mutating func elect(_ candidates: [Int]) {
        for candidate in candidates {
            standings[candidate] = .elected
            result.elected.append(candidate)
            result.seats[candidate] = 1
        }
    }

    private mutating func lowest(_ candidates: [Int]) -> Int? {
        let fewest = candidates.reduce(Double.infinity) { min($0, votes[$1]) }
        var equal = candidates.filter { votes[$0] <= fewest + tolerance }
        for round in result.rounds.reversed() where equal.count > 1 {
            let before = round.votes.filter { equal.contains($0.candidate) }
            let least = before.reduce(Double.infinity) { min($0, $1.votes) }
            equal = before.filter { $0.votes <= least + tolerance }.map(\.candidate)
        }
        if equal.count > 1 { result.isTied = true }
        return equal.last
    }

    private mutating func transfer(from candidate: Int, at factor: Double) throws {
        let pile = piles[candidate]
        piles[candidate] = []
        for (index, paper) in pile.enumerated() {
            if index.isMultiple(of: 4_096) { try Task.checkCancellation() }
            var paper = paper
            paper.value *= factor
            while paper.position < paper.ranking.count,
                standings[paper.ranking[paper.position]] != .continuing
            {
                paper.position += 1
            }
            guard paper.position < paper.ranking.count else {
                exhausted += paper.value
                continue
            }
            let next = paper.ranking[paper.position]
            if paper.value > 0 {
                piles[next].append(paper)
                votes[next] += paper.value
            }
        }
    }
}
