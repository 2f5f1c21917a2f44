private import COpenSSL

/// A SHA-256 digest (FIPS 180-4), kept inline.
package struct SHA256Digest: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64)

    /// 32 zero bytes: no digest of anything known, so it can stand for "nothing before".
    package static let zero = SHA256Digest(words: (0, 0, 0, 0))

    /// Never changed once it was made, and OpenSSL's functions only read what it points to.
    nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// Digests `bytes`.
    package init(of bytes: [UInt8]) {
        words = (0, 0, 0, 0)
        let status = withUnsafeMutableBytes(of: &words) { digest in
            EVP_Digest(
                bytes,
                bytes.count,
                digest.baseAddress?.assumingMemoryBound(to: UInt8.self),
                nil,
                Self.algorithm,
                nil
            )
        }
        precondition(status == 1, "OpenSSL has no SHA-256")
    }

    /// Reads 64 lower-case hexadecimal digits; `nil` for anything else.
    package init?(_ text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(32)
        for index in stride(from: 0, to: 64, by: 2) {
            guard let high = digits[index].hexadecimalValue,
                let low = digits[index + 1].hexadecimalValue
            else { return nil }
            bytes.append(high << 4 | low)
        }
        words = (0, 0, 0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
    }

    package static func == (one: SHA256Digest, other: SHA256Digest) -> Bool {
        one.words == other.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package var description: String {
        let text = text
        return text.span.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// Appends ``description``.
    func append(to bytes: inout [UInt8]) {
        let text = text
        text.span.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
    }

    private var text: InlineArray<64, UInt8> {
        var text = InlineArray<64, UInt8>(repeating: 0)
        withUnsafeBytes(of: words) { bytes in
            for index in 0..<32 {
                text[2 * index] = UInt8(hexadecimal: bytes[index] >> 4)
                text[2 * index + 1] = UInt8(hexadecimal: bytes[index] & 0xF)
            }
        }
        return text
    }
}

extension UInt8 {
    /// The digit for a value below 16.
    fileprivate init(hexadecimal value: UInt8) {
        self = value + (value < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
    }

    fileprivate var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        default: nil
        }
    }
}
