import Testing

@testable import CommandLineClient

@Suite("Times")
struct TimestampTests {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.5Z", 500),
            ("2026-11-23T10:26:09.541Z", 1_795_429_569_541),
            ("2024-02-29T23:59:59.999999Z", 1_709_251_199_999),
            ("2000-03-01T00:00:00Z", 951_868_800_000),
        ]
    )
    func `reads a moment`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text) == Timestamp(millisecondsSince1970: milliseconds))
    }

    @Test(
        arguments: [
            "", "now", "2026-11-23", "2026-11-23T10:26:09", "2026-13-23T10:26:09Z",
            "2026-11-23T10:26:09+01:00", "2026-11-23T10:26:0xZ", "2026-11-23T10:26:09.xZ",
        ]
    )
    func `refuses what is no moment in UTC`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(
        arguments: [
            (Duration.zero, "0 ms"), (.microseconds(999_999), "999 ms"), (.seconds(1), "1.0 s"),
            (.milliseconds(59_999), "59.9 s"), (.seconds(60), "1m 00s"),
            (.seconds(3599), "59m 59s"),
            (.seconds(3600), "1h 00m"), (.seconds(86_400 + 3600 * 5), "1d 05h"),
        ]
    )
    func `writes a duration`(duration: Duration, text: String) {
        #expect(duration.brief == text)
    }
}
