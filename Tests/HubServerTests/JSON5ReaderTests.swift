import Testing

@testable import HubServer

@Suite struct JSON5ReaderTests {
    private static func read(_ text: String) throws(JSON5Error) -> ConfigurationValue {
        try JSON5Reader.value(of: Array(text.utf8))
    }

    @Test func `the example of json5.org is read`() throws {
        let text = #"""
            {
              // comments
              unquoted: 'and you can quote me on that',
              singleQuotes: 'I can use "double quotes" here',
              lineBreaks: "Look, Mom! \
            No \\n's!",
              hexadecimal: 0xdecaf,
              leadingDecimalPoint: .8675309, andTrailing: 8675309.,
              positiveSign: +1,
              trailingComma: 'in objects', andIn: ['arrays',],
              "backwardsCompatible": "with JSON",
            }
            """#
        guard case .object(let members) = try Self.read(text) else {
            Issue.record("no object")
            return
        }
        #expect(
            members.map(\.value) == [
                .string("and you can quote me on that"),
                .string(#"I can use "double quotes" here"#),
                .string(#"Look, Mom! No \n's!"#),
                .integer(0xdecaf),
                .number(0.8675309), .integer(8_675_309),
                .integer(1),
                .string("in objects"), .array([.string("arrays")]),
                .string("with JSON"),
            ]
        )
        #expect(members.map(\.line) == [3, 4, 5, 7, 8, 8, 9, 10, 10, 11])
    }

    @Test(arguments: [
        ("null", ConfigurationValue.null), (" true ", .bool(true)), ("false", .bool(false)),
        ("Infinity", .number(.infinity)), ("-Infinity", .number(-.infinity)),
        ("+Infinity", .number(.infinity)), ("1e400", .number(.infinity)),
        ("0", .integer(0)), ("-0", .integer(0)), ("-12", .integer(-12)), ("1e3", .integer(1000)),
        ("3.0", .integer(3)), ("5.", .integer(5)), (".5", .number(0.5)), ("-.5", .number(-0.5)),
        ("1.5e-1", .number(0.15)), ("2E+2", .integer(200)),
        ("-0x10", .integer(-16)), ("0XfF", .integer(255)),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        (#"'\x41\u0042\u{D83D}'"#.replacing(#"\u{D83D}"#, with: #"\uD83D\uDE00"#), .string("AB😀")),
        (#""\b\f\n\r\t\v\0\'\"\\\/\a""#, .string("\u{8}\u{C}\n\r\t\u{B}\0'\"\\/a")),
        ("'\u{2028}'", .string("\u{2028}")), ("'a\\\r\nb'", .string("ab")),
        ("[]", .array([])), ("[1,]", .array([.integer(1)])), ("{}", .object([])),
        ("/* c **/ 1 // end", .integer(1)), ("\u{FEFF}\u{A0}\u{3000}\u{B}\u{C}1", .integer(1)),
        (
            "{$ä_1: 1}",
            .object([ConfigurationValue.Member(name: "$ä_1", line: 1, value: .integer(1))])
        ),
    ])
    func `what JSON5 allows is read`(text: String, value: ConfigurationValue) throws {
        #expect(try Self.read(text) == value)
    }

    @Test func `NaN is a number`() throws {
        guard case .number(let value) = try Self.read("-NaN") else {
            Issue.record("no number")
            return
        }
        #expect(value.isNaN)
    }

    @Test(arguments: [
        ("", 1, 1), ("// only", 1, 8), ("/* open", 1, 1), ("/ 1", 1, 1), ("1 2", 1, 3),
        ("{\n a: 1\n b: 2}", 3, 2), ("{\r\n a: 1,\r\n b: }", 3, 5), ("{a}", 1, 3), ("{,}", 1, 2),
        ("{a:1,,}", 1, 6), ("{a: 1, b: 2,\n a: 3}", 2, 2), ("[1", 1, 3), ("[,]", 1, 2),
        ("{1a: 1}", 1, 2), ("tru", 1, 1), ("nullx", 1, 1), ("'a\nb'", 1, 1), ("\"a", 1, 1),
        (#"'\1'"#, 1, 2), (#"'\01'"#, 1, 4), (#"'\xg1'"#, 1, 4), (#"'\u12'"#, 1, 6),
        (#"'\uD83D'"#, 1, 4), (#"'\uD83D\u0041'"#, 1, 4), (#"'\uDE00'"#, 1, 4), ("'\\", 1, 3),
        ("01", 1, 1), ("-01", 1, 1), ("+-1", 1, 1), ("--1", 1, 1), ("+", 1, 1), (".", 1, 1),
        ("0x", 1, 1), ("0x1.8", 1, 1), ("1e", 1, 1), ("1e5e5", 1, 1), ("1.2.3", 1, 1),
        ("1_000", 1, 1), ("0xFFFFFFFFFFFFFFFF", 1, 1), ("+true", 1, 1),
        ("{a: .}", 1, 5), ("\u{1}", 1, 1),
    ])
    func `what JSON5 forbids is refused where it stands`(
        text: String,
        line: Int,
        column: Int
    ) {
        let error = #expect(throws: JSON5Error.self) { try Self.read(text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.reason.isEmpty == false)
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSON5Error(line: 1, column: 1, reason: "the text is not UTF-8")) {
            try JSON5Reader.value(of: [0x22, 0xFF, 0x22])
        }
    }

    @Test(arguments: [(31, true), (32, false), (100_000, false)])
    func `nesting is bounded`(depth: Int, isRead: Bool) {
        let text = String(repeating: "[", count: depth) + "1" + String(repeating: "]", count: depth)
        let value = try? Self.read(text)
        #expect((value != nil) == isRead)
    }

    @Test(arguments: 0..<60)
    func `a text that is cut off anywhere is refused`(length: Int) {
        let text = #"{a: [1, 'two', {three: 0x3}], /* four */ "five": "\u0035", }"#
        #expect(throws: JSON5Error.self) { try Self.read(String(text.prefix(length))) }
    }

    @Test(arguments: 0..<500)
    func `a changed byte is read or refused, never more`(seed: UInt64) {
        var bytes = Array(HubConfiguration().document.utf8.prefix(2_000))
        // A linear congruential generator (Knuth, MMIX): the same bytes for the same seed.
        var state = seed
        for _ in 0..<3 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 56)
        }
        let lines = bytes.count { $0 == 10 || $0 == 13 } + bytes.count { $0 == 0xE2 } + 1
        do {
            _ = try JSON5Reader.value(of: bytes)
        } catch {
            #expect((1...lines).contains(error.line))
            #expect(error.column >= 1)
        }
    }
}
