import Testing

@testable import AgentRuntime

@Suite("Timestamp")
struct TimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (1_800_000_000_123, "2027-01-15T08:00:00.123Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (-62_167_219_200_000, "0000-01-01T00:00:00.000Z"),
    ])
    func `a moment is written and read as RFC 3339`(milliseconds: Int64, text: String) {
        #expect(Timestamp(millisecondsSince1970: milliseconds).description == text)
        #expect(Timestamp(text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        // The examples of RFC 3339 §5.8.
        ("1985-04-12T23:20:50.52Z", 482_196_050_520),
        ("1996-12-19T16:39:57-08:00", 851_042_397_000),
        ("1990-12-31T23:59:60Z", 662_688_000_000),
        ("1990-12-31T15:59:60-08:00", 662_688_000_000),
        ("1937-01-01T12:00:27.87+00:20", -1_041_337_172_130),
    ])
    func `offsets, fractions and leap seconds are understood`(text: String, milliseconds: Int64) {
        #expect(Timestamp(text)?.millisecondsSince1970 == milliseconds)
    }

    @Test(arguments: [
        "", "2026-01-31", "2026-01-31 12:00:00Z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00+24:00", "20260101T000000Z", "x",
        "2026-01-01T00:00:00+0100",
    ])
    func `anything else is not a moment`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: 0..<10 as Range<UInt64>)
    func `every moment survives being written`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<500 {
            let moment = Timestamp(
                millisecondsSince1970: .random(
                    in: -62_167_219_200_000...253_402_300_799_999,
                    using: &random
                )
            )
            #expect(Timestamp(moment.description) == moment)
        }
    }

    @Test func `moments beyond what can be written become the nearest`() {
        #expect(
            Timestamp(millisecondsSince1970: .max).description == "9999-12-31T23:59:59.999Z"
        )
        #expect(
            Timestamp(millisecondsSince1970: .max).advanced(byMilliseconds: 1)
                == Timestamp(millisecondsSince1970: .max)
        )
    }
}

@Suite("UUIDv7")
struct UUIDv7Tests {
    /// The example of RFC 9562 appendix A.6 is of this millisecond.
    @Test func `an id has its time, version and variant in their places`() throws {
        var random = SplitMix64(seed: 3)
        let moment = Timestamp(millisecondsSince1970: 0x017F_22E2_79B0)
        let id = UUIDv7.make(at: moment, using: &random)

        #expect(id.hasPrefix("017f22e2-79b0-7"))
        #expect(id.utf8.count == 36)
        let variant = try #require(id.split(separator: "-").dropFirst(3).first?.first)
        #expect("89ab".contains(variant))
        #expect(id.allSatisfy { "0123456789abcdef-".contains($0) })
    }

    @Test func `ids of later milliseconds sort later`() {
        var random = SplitMix64(seed: 3)
        let ids = (0..<100).map { step in
            UUIDv7.make(at: Timestamp(millisecondsSince1970: 1_000_000 + step), using: &random)
        }

        #expect(ids == ids.sorted())
        #expect(Set(ids).count == 100)
    }
}
