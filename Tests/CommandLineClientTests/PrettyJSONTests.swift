import JSONRPC
import Testing

@testable import CommandLineClient

@Suite("Pretty JSON")
struct PrettyJSONTests {
    @Test func `indents and keeps numbers exact`() throws {
        let value = try JSONValue(parsing: #"{"a":[1.50,18446744073709551615,{}],"b":[],"c":null}"#)
        #expect(
            value.pretty(.plain) == """
                {
                  "a": [
                    1.50,
                    18446744073709551615,
                    {}
                  ],
                  "b": [],
                  "c": null
                }
                """
        )
    }

    @Test func `stays the same JSON when it is made harmless`() throws {
        let value: JSONValue = ["\u{9B}x": "\u{202E}\u{1B}\u{E0041}"]
        let text = value.pretty(.plain)
        #expect(
            PrintableText.escaped(text.replacing("\n", with: "")) == text.replacing("\n", with: "")
        )
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test func `colours only where there are colours`() {
        let style = TextStyle(usesColours: true, columns: 80)
        #expect(JSONValue.string("x").pretty(style) == "\u{1B}[32m\"x\"\u{1B}[0m")
    }
}
