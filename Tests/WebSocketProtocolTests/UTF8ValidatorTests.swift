import Testing
import WebSocketProtocol

@Suite("UTF-8 validator, RFC 3629")
struct UTF8ValidatorTests {
    enum Verdict: Equatable { case valid, unfinished, invalid }

    static func verdict(on pieces: [[UInt8]]) -> Verdict {
        var validator = UTF8Validator()
        for piece in pieces {
            let isGood = unsafe validator.append(piece.span.bytes)
            if !isGood { return .invalid }
        }
        return validator.isComplete ? .valid : .unfinished
    }

    @Test(
        "accepts the boundaries of each form (Kuhn's stress test, sections 1 and 2)",
        arguments: [
            "", "\0", "\u{7F}", "κόσμε", "\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}",
            "\u{FFFD}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}", "\u{FEFF}bom",
        ]
    )
    func boundaries(text: String) {
        let bytes = utf8("0123456789") + utf8(text) + utf8("0123456789")
        #expect(Self.verdict(on: [bytes]) == .valid)
        #expect(bytes.allSplits.allSatisfy { Self.verdict(on: $0) == .valid })
    }

    @Test(
        "refuses each ill-formed sequence at its last byte, and no earlier",
        arguments: [
            // Lone continuation bytes, bytes that never occur (Kuhn 3.1, 3.5).
            [0x80], [0xBF], [0xFE], [0xFF], [0xC0], [0xC1], [0xF5], [0xF8], [0xFC],
            // A sequence that breaks off (Kuhn 3.2, 3.3).
            [0xC3, 0x20], [0xE2, 0x20], [0xE2, 0x82, 0x20], [0xF0, 0x20], [0xF0, 0x9F, 0x20],
            [0xF0, 0x9F, 0x98, 0x20], [0xE2, 0x82, 0xC3], [0xDF, 0xDF],
            // Overlong forms (Kuhn 4.1 to 4.3).
            [0xE0, 0x80], [0xE0, 0x9F], [0xF0, 0x80], [0xF0, 0x8F],
            // Surrogates, alone and in pairs (Kuhn 5.1, 5.2).
            [0xED, 0xA0], [0xED, 0xAF], [0xED, 0xB0], [0xED, 0xBF],
            // Past U+10FFFF.
            [0xF4, 0x90], [0xF4, 0xBF],
        ] as [[UInt8]]
    )
    func illFormed(bytes: [UInt8]) {
        #expect(Self.verdict(on: [bytes]) == .invalid)
        #expect(Self.verdict(on: [bytes.dropLast()]) != .invalid)
        for padding in [0, 3, 7, 8, 40] {
            let padded = [UInt8](repeating: 0x41, count: padding) + bytes
            #expect(Self.verdict(on: [padded + utf8("and more text")]) == .invalid)
            #expect(padded.allSplits.allSatisfy { Self.verdict(on: $0) == .invalid })
        }
    }

    @Test(arguments: [[0xC3], [0xE2], [0xE2, 0x82], [0xF0], [0xF0, 0x9F], [0xF0, 0x9F, 0x98]])
    func `a sequence that is cut off is unfinished`(bytes: [UInt8]) {
        #expect(Self.verdict(on: [bytes]) == .unfinished)
        #expect(Self.verdict(on: bytes.map { [$0] }) == .unfinished)
    }

    @Test func `every sequence of one and two bytes is judged as Swift's decoder does`() {
        for first in UInt8.min...UInt8.max {
            for second in UInt8.min...UInt8.max {
                let bytes = [first, second]
                let isValid = String(validating: bytes, as: UTF8.self) != nil
                #expect((Self.verdict(on: [bytes]) == .valid) == isValid)
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `random text is judged as Swift's decoder does, however it is cut`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var valid = 0
        for _ in 0..<2_000 {
            let bytes = random.almostText(Int.random(in: 0...60, using: &random))
            let isValid = String(validating: bytes, as: UTF8.self) != nil
            let cut = Int.random(in: 0...bytes.count, using: &random)
            #expect((Self.verdict(on: [bytes]) == .valid) == isValid, "\(bytes)")
            let halves = [Array(bytes[..<cut]), Array(bytes[cut...])]
            #expect((Self.verdict(on: halves) == .valid) == isValid, "\(bytes) at \(cut)")
            if isValid { valid += 1 }
        }
        #expect((500...1_900).contains(valid))
    }
}
