/// How hard a password is to try (RFC 7914): memory is 128·r·2^logN bytes, work p times that.
package struct ScryptParameters: Equatable, Sendable {
    /// Logarithm of the cost to the base 2.
    package var logN: Int
    package var r: Int
    package var p: Int

    /// What stored parameters may ask for, so that a file somebody edited does not eat the machine:
    /// up to 1 GiB.
    package static let logNRange = 1...20
    package static let rRange = 1...32
    package static let pRange = 1...16
    private static let maximumMemory = 1 << 30

    /// - Returns: `nil` beyond the ranges or the memory.
    package init?(logN: Int, r: Int, p: Int) {
        guard Self.logNRange.contains(logN), Self.rRange.contains(r), Self.pRange.contains(p),
            128 * r << logN <= Self.maximumMemory, logN < 128 * r / 8
        else { return nil }
        self.logN = logN
        self.r = r
        self.p = p
    }

    private init(unchecked logN: Int, _ r: Int, _ p: Int) {
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// 32 MiB thrice: one of the equivalent choices of OWASP's Password Storage Cheat Sheet.
    package static let standard = ScryptParameters(unchecked: 15, 8, 3)

    /// What OpenSSL may use: V and B of RFC 7914 §5 and §6, and some room.
    var memoryLimit: UInt64 {
        UInt64(128 * r << logN) + UInt64(128 * r * p) + UInt64(256 * r) + 1 << 16
    }
}
