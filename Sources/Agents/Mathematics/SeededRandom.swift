/// Random numbers that are the same for the same seed, on every machine.
///
/// The generator xoshiro256** with its state from SplitMix64, as its authors advise (D. Blackman
/// and S. Vigna, “Scrambled Linear Pseudorandom Number Generators”, ACM TOMS 47, 2021). Not for
/// secrets.
struct SeededRandom: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var mixer = SplitMix64(state: seed)
        state = (mixer.next(), mixer.next(), mixer.next(), mixer.next())
    }

    mutating func next() -> UInt64 {
        let scrambled = state.1 &* 5
        let result = (scrambled << 7 | scrambled >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }

    /// Uniform in 0 ≤ x < 1, of 53 bits.
    mutating func unit() -> Double {
        Double(next() >> 11) * 0x1p-53
    }

    /// Uniform in `0..<count`; `count` is at least 1.
    mutating func index(below count: Int) -> Int {
        Int.random(in: 0..<count, using: &self)
    }
}

/// Spreads a seed over 64 bits.
///
/// SplitMix64: G. Steele, D. Lea and C. Flood, “Fast Splittable Pseudorandom Number Generators”,
/// OOPSLA 2014.
private struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
