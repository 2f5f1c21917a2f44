/// The rules for names of channels: dot-separated tokens of `[A-Za-z0-9_-]`.
package enum ChannelName {
    package static let maximumTokens = 8
    package static let maximumBytes = 256

    /// Why `bytes` is no name of a channel; `nil` when it is one.
    package static func problem(with bytes: Span<UInt8>) -> String? {
        guard bytes.count <= maximumBytes else {
            return "is longer than \(maximumBytes) bytes"
        }
        var tokens = 1
        var tokenLength = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if byte == UInt8(ascii: ".") {
                guard tokenLength > 0 else { return "has an empty token" }
                tokens += 1
                tokenLength = 0
            } else {
                guard isTokenByte(byte) else {
                    return "may hold only letters, digits, '_' and '-' between its dots"
                }
                tokenLength += 1
            }
        }
        guard tokenLength > 0 else { return "has an empty token" }
        guard tokens <= maximumTokens else { return "has more than \(maximumTokens) tokens" }
        return nil
    }

    /// Why `name` is no name of a channel; `nil` when it is one.
    package static func problem(with name: String) -> String? {
        problem(with: Array(name.utf8).span)
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default:
            false
        }
    }
}
