/// Seats of lists by the highest averages of D'Hondt.
///
/// Each seat goes to the list with the most votes ÷ (seats it has + 1) (“Système pratique et
/// raisonné de représentation proportionnelle”, 1882).
///
/// Between equal averages the list with more votes has it, then the earlier one.
struct HighestAverages {
    private let votes: [Int]
    private let seats: Int

    init(_ count: VoteCount) {
        var votes = [Int](repeating: 0, count: count.candidates.count)
        for ballot in count.ballots { votes[ballot.ranking[0]] += ballot.count }
        self.votes = votes
        seats = count.seats
    }

    /// - Throws: `CancellationError`.
    func outcome() throws -> VoteCount.Outcome {
        var result = VoteCount.Outcome(seats: votes.map { _ in 0 })
        for _ in 0..<seats {
            try Task.checkCancellation()
            var best = 0
            for list in votes.indices.dropFirst() {
                // Fractions are compared exactly; the products stay below 2⁵⁷.
                let own = votes[list] * (result.seats[best] + 1)
                let other = votes[best] * (result.seats[list] + 1)
                if own > other || own == other && votes[list] > votes[best] { best = list }
            }
            let average = Double(votes[best]) / Double(result.seats[best] + 1)
            result.seats[best] += 1
            if result.seats[best] == 1 { result.elected.append(best) }
            result.rounds.append(VoteCount.Round(votes: [(best, average)], elected: [best]))
        }
        result.isTied = isTied(result.seats)
        return result
    }

    /// Whether a list could as well have had the last seat of another.
    private func isTied(_ seats: [Int]) -> Bool {
        for winner in votes.indices where seats[winner] > 0 {
            for list in votes.indices where list != winner && votes[list] > 0 {
                if votes[list] * seats[winner] == votes[winner] * (seats[list] + 1) { return true }
            }
        }
        return false
    }
}
