import JSONRPC
import Testing

@testable import Agents

/// Reference values: vaderSentiment 3.3.2.
@Suite struct ValenceScoreTests {
    private static let references: [(text: String, figures: [Double])] = [
        ("VADER is smart, handsome, and funny.", [0.0, 0.254, 0.746, 0.8316]),
        ("VADER is VERY SMART, handsome, and FUNNY!!!", [0.0, 0.233, 0.767, 0.9342]),
        ("The book was only kind of good.", [0.0, 0.697, 0.303, 0.3832]),
        ("At least it isn't a horrible book.", [0.0, 0.678, 0.322, 0.431]),
        (
            "The plot was good, but the characters are uncompelling and the dialog is not great.",
            [0.327, 0.579, 0.094, -0.7042]
        ),
        ("Today SUX!", [0.779, 0.221, 0.0, -0.5461]),
        ("Make sure you :) or :D today!", [0.0, 0.294, 0.706, 0.8633]),
        ("Catch utf-8 emoji such as 💘 and 💋 and 😁", [0.0, 0.583, 0.417, 0.875]),
        ("Not bad at all", [0.0, 0.513, 0.487, 0.431]),
        ("Sentiment analysis has never been this good!", [0.0, 0.621, 0.379, 0.5672]),
        ("On the other hand, VADER is quite bad ass", [0.0, 0.423, 0.577, 0.802]),
        ("Without a doubt, an excellent idea.", [0.0, 0.408, 0.592, 0.7013]),
        ("It is one of the least compelling of all", [0.172, 0.828, 0.0, -0.1695]),
        ("No good deed, no problem", [0.314, 0.391, 0.295, -0.0382]),
        ("Is that a joke??? Really?", [0.0, 0.559, 0.441, 0.4871]),
        ("good good but good good bad good", [0.224, 0.047, 0.729, 0.8658]),
        ("That place is just enough of the bomb, yeah right", [0.2, 0.533, 0.267, 0.25]),
        ("She is to die for, such a beating heart", [0.206, 0.317, 0.476, 0.7269]),
        ("SHOUTED ALL HATE", [0.649, 0.351, 0.0, -0.5719]),
    ]

    @Test func `compounds and shares are those of the program`() throws {
        for reference in Self.references {
            let score = try ValenceScore(reference.text)
            let figures = [score.negative, score.neutral, score.positive, score.compound]
            let errors = zip(figures, reference.figures).map { ($0 - $1).magnitude }
            #expect(errors.allSatisfy { $0 < 6e-4 }, "\(reference.text): \(figures)")
        }
    }

    @Test(arguments: ["", " \n\t", "\u{1F}"])
    func `a text without a word has no figures`(text: String) throws {
        let score = try ValenceScore(text)
        let empty = try ValenceScore("")
        #expect(score == empty)
        #expect(score.label == .neutral)
        #expect(score.neutral == 0)
    }

    @Test(
        arguments: [
            "good ", "bad but good ", "!", "no ", "😀", "NOT very GOOD so ", "a", "\u{301}", ":) ",
        ]
    )
    func `the largest texts have finite figures`(piece: String) throws {
        let text = String(repeating: piece, count: 262_144 / piece.utf8.count)
        let result = try SentimentAnalysis.task(["texts": [.string(text)]])
        let score = result["results"]?.arrayValue?.first
        #expect((-1...1).contains(score?.number("compound") ?? 9))
        #expect((0...1.000001).contains(score?.number("neutral") ?? 9))
    }

    @Test func `the lexicon is whole`() {
        #expect(ValenceLexicon.valences.count == 7_488)
        #expect(ValenceLexicon.emoji.count == 1_212)
        #expect(ValenceLexicon.valences["good"] == 1.9)
        #expect(ValenceLexicon.valences[#"\o/"#] == 2.2)
        #expect(ValenceLexicon.emoji["😁"] == "beaming face with smiling eyes")
    }
}
