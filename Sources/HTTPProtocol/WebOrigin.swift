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
        port = authority.port ?? Self.defaultPort(of: self.scheme)
    }

    /// Reads `scheme://host[:port]` and nothing else: no path, no user, not `null`.
    package init?(_ text: String) {
        let scheme = text.utf8.prefix { $0 != .colon }
        let rest = text[scheme.endIndex...]
        guard rest.utf8.starts(with: "://".utf8),
            scheme.first?.lowercasedASCII.isLowercaseASCIILetter == true,
            scheme.allSatisfy(\.isSchemeCharacter),
            let authority = HTTPAuthority(Substring(rest.utf8.dropFirst(3)))
        else { return nil }
        self.init(scheme: String(Substring(scheme)), authority: authority)
    }

    private static func defaultPort(of scheme: String) -> UInt16? {
        switch scheme {
        case "http": 80
        case "https": 443
        default: nil
        }
    }
}

extension UInt8 {
    /// RFC 3986 §3.1.
    fileprivate var isSchemeCharacter: Bool {
        isASCIIDigit || lowercasedASCII.isLowercaseASCIILetter
            || self == UInt8(ascii: "+") || self == UInt8(ascii: "-") || self == UInt8(ascii: ".")
    }
}
