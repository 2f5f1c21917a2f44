import JSONRPC
import Testing

@Suite("JSON number")
struct JSONNumberTests {
    @Test(
        arguments: [
            ("0", .integer(0)), ("-1", .integer(-1)), ("9223372036854775807", .integer(.max)),
            ("-9223372036854775808", .integer(.min)),
            ("9223372036854775808", .unsigned(9_223_372_036_854_775_808)),
            ("18446744073709551615", .unsigned(.max)),
            ("18446744073709551616", .literal("18446744073709551616")),
            ("-9223372036854775809", .literal("-9223372036854775809")),
            ("-0", .literal("-0")), ("1.0", .literal("1.0")), ("1E2", .literal("1E2")),
            (
                "0.1000000000000000055511151231257827",
                .literal("0.1000000000000000055511151231257827")
            ),
        ] as [(String, JSONNumber)]
    )
    func `keeps the exact value and writes it back`(text: String, number: JSONNumber) throws {
        let value = try JSONValue(parsing: text)
        #expect(value == .number(number))
        #expect(value.encodedString == text)
    }

    @Test(
        arguments: [
            ("3", 3), ("3.0", 3), ("3e0", 3), ("0.03e2", 3), ("-120e-1", -12), ("-0.0", 0),
            ("9007199254740993.0", 9_007_199_254_740_993), ("9223372036854775807.0", .max),
            ("-9.223372036854775808e18", .min), ("9223372036854775808", nil), ("3.5", nil),
            ("1e19", nil), ("1e300", nil), ("1e-300", nil), ("18446744073709551615.0", nil),
        ] as [(String, Int?)]
    )
    func `is an Int when it is one exactly`(text: String, expected: Int?) throws {
        #expect(try JSONValue(parsing: text).intValue == expected)
    }

    @Test(arguments: [
        0.1, -0.0, 1e21, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 123_456.789,
    ])
    func `round-trips doubles`(value: Double) throws {
        let read = try JSONValue(parsing: JSONValue.double(value).encoded()).doubleValue
        #expect(read?.bitPattern == value.bitPattern)
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `has no form of what is not finite`(value: Double) {
        #expect(JSONNumber(value) == nil)
        #expect(JSONValue.double(value) == .null)
    }

    static let ascending = [
        "-1e300", "-10", "-9.99", "-1e-300", "0", "1e-2", "0.010000000000000000000000001", "1",
        "9007199254740992", "9007199254740993", "9.1e15", "18446744073709551615", "2e19",
    ]

    @Test(arguments: zip(ascending, ascending.dropFirst()))
    func `compares exactly`(smaller: String, larger: String) throws {
        let smaller = try decimal(smaller)
        let larger = try decimal(larger)
        #expect(smaller < larger)
        #expect(!(larger < smaller))
        #expect(smaller != larger)
    }

    @Test(arguments: [("100", "1e2"), ("1.50", "0.15E1"), ("0", "-0.0e5"), ("1e-3", "0.001")])
    func `is equal however it is written`(text: String, other: String) throws {
        #expect(try decimal(text) == decimal(other))
    }

    @Test(
        arguments: [
            ("1.15", "0.01", true), ("0.3", "0.1", true), ("1e308", "7", false), ("49", "7", true),
            ("1e308", "1e-5", true), ("0", "3", true), ("0.35", "0.1", false), ("-12", "5", false),
            ("-15", "5", true), ("1", "0", false), ("12345678901234567890", "10", true),
            ("30", "200", false), ("600", "200", true),
        ]
    )
    func `is a multiple`(text: String, divisor: String, expected: Bool) throws {
        #expect(try decimal(text).isMultiple(of: decimal(divisor)) == expected)
    }

    private func decimal(_ text: String) throws -> DecimalNumber {
        DecimalNumber(try #require(try JSONValue(parsing: text).numberValue))
    }
}
