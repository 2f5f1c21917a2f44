/// What a Close frame says (RFC 6455 §5.5.1).
package struct CloseFrame: Equatable, Sendable {
    /// `nil` when the frame has no payload, which is reported as 1005.
    package var code: CloseCode?
    package var reason: String

    package init(code: CloseCode? = nil, reason: String = "") {
        self.code = code
        self.reason = reason
    }

    /// Reads the unmasked payload of a Close frame.
    ///
    /// - Throws: `truncatedCloseCode`, `invalidCloseCode` or `invalidUTF8`.
    init(payload: [UInt8]) throws(ProtocolViolation) {
        guard let high = payload.first else {
            self.init()
            return
        }
        guard payload.count >= 2 else { throw .truncatedCloseCode }
        let code = CloseCode(rawValue: UInt16(high) << 8 | UInt16(payload[1]))
        guard code.isAllowedOnWire else { throw .invalidCloseCode(code.rawValue) }
        guard let reason = String(validating: payload.dropFirst(2), as: UTF8.self) else {
            throw .invalidUTF8
        }
        self.init(code: code, reason: reason)
    }

    /// The payload as it goes on the wire, at most 125 bytes.
    ///
    /// A reason of more than 123 bytes is cut between two Unicode scalars. A frame without a
    /// code has no reason either: there is no way to write one.
    package var payload: [UInt8] {
        guard let code else { return [] }
        var bytes = [
            UInt8(truncatingIfNeeded: code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue),
        ]
        for scalar in reason.unicodeScalars {
            let encoded = UTF8.encode(scalar)
            guard let encoded, bytes.count + encoded.count <= 125 else { break }
            bytes.append(contentsOf: encoded)
        }
        return bytes
    }
}
