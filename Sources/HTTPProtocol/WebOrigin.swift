/// Where a web page comes from: scheme, host and port (RFC 6454 §4).
package struct WebOrigin: Hashable, Sendable {
    /// In lower case.
    package var scheme: String
    package var host: HTTPHost
    /// The port, also when it is the scheme's default; `nil` for a scheme without one.
    package var port: UInt16?

    /// The origin of what is served at `authority`.
    package init(scheme: String, authority: HTTPAuthority) {
        self.scheme = scheme.lowercased()
        host = authority.host
        port = authority.port ?? Self.defaultPorts[self.scheme]
    }

    /// Reads `scheme://host[:port]` and nothing else: no path, no user, not `null`.
    package init?(_ text: String) {
        guard let separator = text.firstRange(of: "://") else { return nil }
        let scheme = text[..<separator.lowerBound]
        guard scheme.utf8.first?.lowercasedASCII.isLowercaseASCIILetter == true,
            scheme.utf8.allSatisfy(\.isSchemeCharacter),
            let authority = HTTPAuthority(text[separator.upperBound...])
        else { return nil }
        self.init(scheme: String(scheme), authority: authority)
    }

    private static let defaultPorts: [String: UInt16] = ["http": 80, "https": 443]
}

extension UInt8 {
    /// RFC 3986 §3.1.
    fileprivate var isSchemeCharacter: Bool {
        isASCIIDigit || lowercasedASCII.isLowercaseASCIILetter
            || self == UInt8(ascii: "+") || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
    }
}
