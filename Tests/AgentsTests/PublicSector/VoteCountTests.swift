import JSONRPC
import Testing

@testable import Agents

@Suite struct VoteCountTests {
    @Test func `instant runoff excludes the last until one has a majority`() throws {
        let result = try VoteCount.task([
            "method": "irv",
            "ballots": [
                ["ranking": ["A"], "count": 42], ["ranking": ["B", "C"], "count": 26],
                ["ranking": ["C", "D"], "count": 15], ["ranking": ["D", "C"], "count": 17],
            ],
        ])
        // C goes out first; then D has 32 and B goes out, whose votes are exhausted.
        #expect(result["elected"] == ["A"])
        let rounds = result["rounds"]?.arrayValue ?? []
        #expect(rounds.map { $0["excluded"] } == [["C"], ["B"], []])
        #expect(rounds.last?.number("exhausted") == 26)
    }

    /// The election of food for a party that explains STV on Wikipedia.
    @Test func `a surplus is transferred at a fraction`() throws {
        let result = try VoteCount.task([
            "method": "stv", "seats": 3, "quota": "droop",
            "ballots": [
                ["ranking": ["Oranges"], "count": 4],
                ["ranking": ["Pears", "Oranges"], "count": 2],
                ["ranking": ["Chocolate", "Strawberries"], "count": 8],
                ["ranking": ["Chocolate", "Sweets"], "count": 4],
                ["ranking": ["Strawberries"], "count": 1], ["ranking": ["Sweets"], "count": 1],
            ],
        ])
        #expect(result.number("quota") == 6)
        #expect(result["elected"] == ["Chocolate", "Oranges", "Strawberries"])
        let second = result["rounds"]?.arrayValue?.dropFirst().first?["votes"]
        #expect(second?.texts("candidate") == ["Oranges", "Pears", "Strawberries", "Sweets"])
        #expect(second?.numbers("votes") == [4, 2, 5, 3])
    }

    /// The table that explains the method on Wikipedia.
    @Test func `highest averages share the seats`() throws {
        let result = try VoteCount.task([
            "method": "dhondt", "seats": 8,
            "ballots": ["A": 100_000, "B": 80_000, "C": 30_000, "D": 20_000],
        ])
        #expect(result["allocation"]?.numbers("seats") == [4, 3, 1, 0])
        #expect(result["tied"] == false)
    }

    @Test func `equals are told apart by order when there is nothing else`() throws {
        let tied = try VoteCount.task(["method": "irv", "ballots": [["A"], ["B"]]])
        #expect(tied["tied"] == true)
        #expect(tied["elected"] == ["A"])
        let split = try VoteCount.task(["method": "dhondt", "ballots": ["A": 1, "B": 1]])
        #expect(split["tied"] == true)
    }

    @Test func `as many candidates as seats are all elected`() throws {
        let result = try VoteCount.task([
            "method": "stv", "seats": 2, "ballots": ["A", "A", "A", ["A", "B"]],
        ])
        #expect(result["elected"] == ["A", "B"])
    }

    @Test(
        arguments: [
            (["ballots": []], "/ballots"), (["ballots": [[]]], "/ballots"),
            (["ballots": [["A", "A"]]], "/ballots/0"),
            (["ballots": ["A"], "seats": 2, "method": "irv"], "/seats"),
            (["ballots": ["A"], "seats": 2], "/seats"),
            (["ballots": ["B"], "candidates": ["A"]], "/ballots/0"),
            (["ballots": [["ranking": ["A"], "count": -1]]], "/ballots/0"),
            (["ballots": ["A": 0]], "/ballots"),
        ] as [(JSONValue, String)]
    )
    func `impossible elections are refused`(payload: JSONValue, path: String) {
        #expect(VoteCount.task.refusedPaths(payload) == [path])
    }
}
