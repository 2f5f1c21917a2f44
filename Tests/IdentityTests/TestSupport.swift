import Identity

/// Numbers that look random and are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension ScryptParameters {
    /// As weak as can be, for tests that are not about strength.
    static let quick = ScryptParameters(logN: 4, r: 8, p: 1) ?? .standard
}

// The macros of tests take no values that cannot be copied.
extension PasswordHash {
    static func quick(_ password: String) -> PasswordHash? {
        PasswordHash(
            SecretBytes(password),
            parameters: .quick,
            salt: Array("salt and pepper.".utf8)
        )
    }

    func accepts(_ password: String) -> Bool? { matches(SecretBytes(password)) }
}

extension SigningKey {
    static func reading(_ text: String) -> SigningKey? { SigningKey(pem: SecretBytes(text)) }

    var pemText: String? {
        guard let pem else { return nil }
        return String(decoding: pem.copy(), as: UTF8.self)
    }
}

/// A moment in 2026, in milliseconds.
let now: Int64 = 1_790_000_000_000
