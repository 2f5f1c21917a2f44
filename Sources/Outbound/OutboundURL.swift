import Foundation

/// An `http` or `https` URL that a request can go to, taken apart.
package struct OutboundURL: Hashable, Sendable {
    package let isSecure: Bool
    /// A name in lower case, or an address without brackets.
    package let host: String
    package let port: UInt16
    /// Path and query, percent-encoded; never empty.
    package let target: String

    /// - Throws: A sentence that says what is wrong; it does not repeat the text, which may hold
    ///   secrets.
    package init(_ text: String) throws(OutboundError) {
        guard text.utf8.count <= 8_192 else { throw .url("is longer than 8192 bytes") }
        // Bytes that parsers read differently: what one checks, another one must not go around.
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else {
            throw .url("has a space, a backslash or a character that is not ASCII")
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased()
        else {
            throw .url("is no URL such as https://example.com/path")
        }
        guard scheme == "http" || scheme == "https" else {
            throw .url("must begin with http:// or https://")
        }
        guard parts.user == nil, parts.password == nil else {
            throw .url("must not hold a user or password")
        }
        guard parts.fragment == nil else { throw .url("must not have a fragment") }
        guard var host = parts.percentEncodedHost?.lowercased(), !host.isEmpty,
            !host.contains("%")
        else { throw .url("has no host") }
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        isSecure = scheme == "https"
        self.host = host
        if let port = parts.port {
            guard let valid = UInt16(exactly: port), valid > 0 else {
                throw .url("has a port that is not from 1 to 65535")
            }
            self.port = valid
        } else {
            port = isSecure ? 443 : 80
        }
        let path = parts.percentEncodedPath
        let query = parts.percentEncodedQuery.map { "?" + $0 } ?? ""
        target = (path.isEmpty ? "/" : path) + query
    }

    /// The `Host` field (RFC 9110 §7.2).
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == (isSecure ? 443 : 80) ? name : "\(name):\(port)"
    }

    /// Scheme, host and port, which hold no secret: for errors and logs.
    package var origin: String { "\(isSecure ? "https" : "http")://\(authority)" }
}
