import JSONRPC
import Testing

@testable import Agents

@Suite struct PlainLanguageTests {
    private static func check(_ text: String) throws -> JSONValue {
        try PlainLanguage.task(["text": .string(text)])
    }

    @Test(
        arguments: [
            ("The form was not completed by him.", ["was not completed"]),
            ("The form was completed.", ["was completed"]),
            ("It is clearly written.", ["is clearly written"]),
            ("The form is, completed or not, here.", []),
            ("We were indeed there.", []),
        ]
    )
    func `a passive is a form of be and a participle`(text: String, passives: [String]) throws {
        let findings = try Self.check(text)["findings"]?.arrayValue ?? []
        let found = findings.filter { $0["rule"] == "passive-voice" }
        #expect(found.compactMap { $0["text"]?.stringValue } == passives)
    }

    @Test func `wordy phrases are found where they are`() throws {
        let result = try Self.check("😀 Pay  in the event of\nloss, prior to May.")
        let found = result["findings"]?.arrayValue?.filter { $0["rule"] == "wordiness" } ?? []
        #expect(found.compactMap { $0["suggestion"]?.stringValue } == ["if", "before"])
        #expect(found.first?["start"] == 7)
        #expect(found.first?["end"] == 22)
    }

    @Test func `sentences of more than 25 words are long`() throws {
        let sentence = Array(repeating: "so", count: 25).joined(separator: " ")
        #expect(try Self.check(sentence + ".")["counts"]?["long-sentence"] == 0)
        let result = try Self.check("Short. " + sentence + " so.")
        #expect(result["counts"]?["long-sentence"] == 1)
        #expect(result["sentences"] == 2)
        #expect(result.number("score") == 50)
    }

    @Test func `a text needs a word`() {
        #expect(PlainLanguage.task.refusedPaths(["text": "… — !"]) == ["/text"])
    }
}
