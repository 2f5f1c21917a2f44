import Testing

@testable import CommandLineClient

@Suite("UUID version 4, RFC 9562 §5.4")
struct UUIDv4Tests {
    @Test(
        arguments: [
            (0, 0, "00000000-0000-4000-8000-000000000000"),
            (.max, .max, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
            // Appendix A.3.
            (0x919108F752D1F320, 0x9BACF847DB4148A8, "919108f7-52d1-4320-9bac-f847db4148a8"),
        ] as [(UInt64, UInt64, String)]
    )
    func `sets version and variant`(high: UInt64, low: UInt64, text: String) {
        #expect(UUIDv4.text(high, low) == text)
    }
}
