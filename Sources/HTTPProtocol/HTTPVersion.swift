/// The versions of HTTP that are spoken here.
enum HTTPVersion {
    /// The digit behind `HTTP/1.`, which is 0 or 1 (RFC 9112 §2.3).
    static func minor(_ bytes: Span<UInt8>) throws(HTTPViolation) -> Int {
        switch String(repairing: bytes) {
        case "HTTP/1.1": 1
        case "HTTP/1.0": 0
        case let text where text.hasPrefix("HTTP/") && !text.contains(" "):
            throw .unsupportedVersion
        default: throw .malformedRequestLine
        }
    }
}
