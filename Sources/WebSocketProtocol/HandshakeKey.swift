private import COpenSSL

/// The nonce of the opening handshake, and the proof that a server understood it (RFC 6455 §4).
struct HandshakeKey: Equatable, Sendable {
    /// 24 characters of base64.
    let encoded: String

    /// The key made of 16 random bytes.
    init(bytes: [UInt8]) {
        precondition(bytes.count == 16)
        encoded = base64(bytes)
    }

    /// The key that a client sent, if it is the base64 form of 16 bytes.
    ///
    /// The last of its 22 digits carries two bits; the four unused ones must be zero, so that
    /// one key has one form.
    init?(encoded: String) {
        let digits = Array(encoded.utf8)
        guard digits.count == 24, digits.suffix(2).elementsEqual("==".utf8),
            digits.prefix(21).allSatisfy(\.isBase64Digit), "AQgw".utf8.contains(digits[21])
        else { return nil }
        self.encoded = encoded
    }

    /// What a server answers in `Sec-WebSocket-Accept`.
    var acceptValue: String {
        let text = Array((encoded + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8)
        var digest = [UInt8](repeating: 0, count: 20)
        let status = unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha1(), nil)
        precondition(status == 1, "OpenSSL has no SHA-1")
        return base64(digest)
    }
}

private func base64(_ bytes: [UInt8]) -> String {
    // EVP_EncodeBlock ends its output with a zero byte that it does not count.
    var encoded = [UInt8](repeating: 0, count: (bytes.count + 2) / 3 * 4 + 1)
    let length = unsafe EVP_EncodeBlock(&encoded, bytes, Int32(bytes.count))
    return String(decoding: encoded.prefix(Int(length)), as: UTF8.self)
}

extension UInt8 {
    fileprivate var isBase64Digit: Bool {
        switch self {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
