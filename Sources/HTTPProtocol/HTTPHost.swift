/// The host of an authority (RFC 3986 §3.2.2), in a form that compares by meaning.
package enum HTTPHost: Hashable, Sendable {
    /// A registered name in lower case, of letters, digits, `-`, `_` and `.`.
    case name(String)
    case ipv4(UInt32)
    case ipv6(UInt128)

    package static let localhost = HTTPHost.name("localhost")

    /// Reads a host without a port; `nil` when `text` is none.
    ///
    /// Percent-encoding, zone identifiers and characters beyond ASCII are refused: a browser
    /// sends names in their ASCII form.
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        if text.utf8.first == UInt8(ascii: "[") {
            guard text.utf8.last == UInt8(ascii: "]"), text.utf8.count > 2,
                let address = Self.ipv6(Substring(text.utf8.dropFirst().dropLast()))
            else { return nil }
            self = .ipv6(address)
        } else if let address = Self.ipv4(text) {
            self = .ipv4(address)
        } else {
            guard !text.isEmpty, text.utf8.count <= 255, text.utf8.allSatisfy(\.isNameCharacter)
            else { return nil }
            self = .name(text.lowercased())
        }
    }

    /// Four decimal numbers without leading zeros, as `inet_pton` takes them.
    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.count), part.allSatisfy(\.isASCIIDigit),
                part.count == 1 || part.first != UInt8(ascii: "0"),
                let number = UInt8(Substring(part))
            else { return nil }
            address = address << 8 | UInt32(number)
        }
        return address
    }

    /// Eight groups of up to four hexadecimal digits, with `::` for a run of zeros and dotted
    /// decimals for the last two groups (RFC 4291 §2.2).
    private static func ipv6(_ text: Substring) -> UInt128? {
        guard let gap = text.firstRange(of: "::") else {
            guard let groups = groups(text, mayEndInIPv4: true), groups.count == 8 else {
                return nil
            }
            return value(groups)
        }
        let left = text[..<gap.lowerBound]
        let right = text[gap.upperBound...]
        guard let high = left.isEmpty ? [] : groups(left, mayEndInIPv4: false),
            let low = right.isEmpty ? [] : groups(right, mayEndInIPv4: true),
            high.count + low.count < 8
        else { return nil }
        let zeros = [UInt16](repeating: 0, count: 8 - high.count - low.count)
        return value(high + zeros + low)
    }

    private static func groups(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false)
        var tail: [UInt16] = []
        if mayEndInIPv4, let last = parts.last, let address = ipv4(last) {
            parts.removeLast()
            tail = [UInt16(address >> 16), UInt16(address & 0xFFFF)]
        }
        var groups: [UInt16] = []
        for part in parts {
            guard (1...4).contains(part.utf8.count),
                part.utf8.allSatisfy({ $0.hexadecimalValue != nil }),
                let group = UInt16(part, radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups + tail
    }

    private static func value(_ groups: [UInt16]) -> UInt128 {
        groups.reduce(0) { $0 << 16 | UInt128($1) }
    }
}

extension UInt8 {
    fileprivate var isNameCharacter: Bool {
        isASCIIDigit || lowercasedASCII.isLowercaseASCIILetter
            || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") || self == UInt8(ascii: ".")
    }
}

/// A host with an optional port: the value of a Host field (RFC 9110 §7.2).
package struct HTTPAuthority: Hashable, Sendable {
    package var host: HTTPHost
    package var port: UInt16?

    package init(host: HTTPHost, port: UInt16? = nil) {
        self.host = host
        self.port = port
    }

    /// Reads `host` or `host:port`; `nil` when `text` is neither.
    package init?(_ text: some StringProtocol) {
        let text = Substring(text)
        let hostEnd =
            text.utf8.first == UInt8(ascii: "[")
            ? text.utf8.firstIndex(of: UInt8(ascii: "]")).map { text.utf8.index(after: $0) }
            : text.utf8.firstIndex(of: .colon)
        guard let host = HTTPHost(text[..<(hostEnd ?? text.endIndex)]) else { return nil }
        self.host = host

        let rest = text[(hostEnd ?? text.endIndex)...].utf8
        guard let separator = rest.first else { return }
        let digits = rest.dropFirst()
        guard separator == .colon, (1...5).contains(digits.count),
            digits.allSatisfy(\.isASCIIDigit), let port = UInt16(Substring(digits))
        else { return nil }
        self.port = port
    }
}

extension HTTPRequestHead {
    /// Judges the Host field, without which HTTP/1.1 has no request (RFC 9112 §3.2).
    func checkHost() throws(HTTPViolation) {
        let hosts = headers.values(of: "Host")
        guard let host = hosts.first else {
            guard minorVersion == 0 else { throw .missingHost }
            return
        }
        guard hosts.count == 1 else { throw .repeatedHost }
        guard HTTPAuthority(host) != nil else { throw .malformedHost }
    }
}
