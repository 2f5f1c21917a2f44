/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same test.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }

    mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// Bytes that are often UTF-8 and often break it in an interesting way.
    mutating func almostText(_ count: Int) -> [UInt8] {
        let pieces: [[UInt8]] = [
            utf8("a"), utf8("plain ASCII text"), utf8("é"), utf8("世"), utf8("😀"),
            utf8("\u{7FF}\u{800}\u{D7FF}\u{E000}\u{FFFF}\u{10000}\u{10FFFF}\u{0}\u{7F}\u{80}"),
        ]
        var bytes: [UInt8] = []
        while bytes.count < count { bytes += pieces.randomElement(using: &self) ?? [] }
        if !bytes.isEmpty, Bool.random(using: &self) {
            let index = Int.random(in: 0..<bytes.count, using: &self)
            let interesting: [UInt8] = [0x80, 0xBF, 0xC0, 0xE0, 0xED, 0xF0, 0xF4, 0xFF, 0x41]
            bytes[index] = interesting.randomElement(using: &self) ?? 0
        }
        return bytes
    }
}
