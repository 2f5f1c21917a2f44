import Journal
import Testing

@Suite("RFC 3339")
struct RFC3339Tests {
    struct Example: Sendable {
        var text: String
        var milliseconds: Int64
    }

    static let examples = [
        Example(text: "1970-01-01T00:00:00.000Z", milliseconds: 0),
        Example(text: "2000-02-29T23:59:59.999Z", milliseconds: 951_868_799_999),
        Example(text: "2024-12-31T12:00:00.001Z", milliseconds: 1_735_646_400_001),
        Example(text: "2025-11-23T09:12:00.123Z", milliseconds: 1_763_889_120_123),
        Example(text: "2100-03-01T00:00:00.000Z", milliseconds: 4_107_542_400_000),
        Example(text: "9999-12-31T23:59:59.999Z", milliseconds: 253_402_300_799_999),
    ]

    @Test(arguments: examples)
    func `a time is written`(example: Example) {
        #expect(RFC3339.string(example.milliseconds) == example.text)
    }

    @Test(arguments: examples)
    func `a time is read`(example: Example) {
        #expect(RFC3339.milliseconds(of: Array(example.text.utf8).span) == example.milliseconds)
    }

    @Test func `every day of four centuries reads back and follows the one before`() {
        var previous = ""
        var failures = 0
        for day in 0..<Int64(146_097) {
            let text = RFC3339.string(day * 86_400_000)
            let isRead = RFC3339.milliseconds(of: Array(text.utf8).span) == day * 86_400_000
            if !isRead || text <= previous { failures += 1 }
            previous = text
        }
        #expect(failures == 0)
        #expect(previous == "2369-12-31T00:00:00.000Z")
    }

    @Test(
        arguments: zip(
            [-1, .min, .max],
            ["1970-01-01T00:00:00.000Z"] + [
                "1970-01-01T00:00:00.000Z", "9999-12-31T23:59:59.999Z",
            ]
        )
    )
    func `a time outside of the format is brought into it`(milliseconds: Int64, text: String) {
        #expect(RFC3339.string(milliseconds) == text)
    }

    @Test(arguments: [
        "", "2025-11-23T09:12:00.123", "2025-11-23 09:12:00.123Z", "2025-13-01T00:00:00.000Z",
        "2025-00-01T00:00:00.000Z", "2025-02-29T00:00:00.000Z", "2100-02-29T00:00:00.000Z",
        "2025-11-31T00:00:00.000Z", "2025-11-00T00:00:00.000Z", "2025-11-23T24:00:00.000Z",
        "2025-11-23T09:60:00.000Z", "2025-11-23T09:12:60.000Z", "1969-12-31T23:59:59.999Z",
        "2025-11-23T09:12:00.12aZ", "+025-11-23T09:12:00.123Z", "2025-11-23T09:12:00.123z",
    ])
    func `anything else is no time`(text: String) {
        #expect(RFC3339.milliseconds(of: Array(text.utf8).span) == nil)
    }
}
