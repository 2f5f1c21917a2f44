extension HTTPRequestHead {
    /// Whether the client wants to send another request on this connection (RFC 9112 §9.3).
    package var keepsAlive: Bool {
        !headers.list("Connection", contains: "close")
            && (minorVersion >= 1 || headers.list("Connection", contains: "keep-alive"))
    }

    /// Whether the query has a parameter whose name says that its value is a secret.
    ///
    /// URLs end up in logs, histories and Referer fields, so a secret in one is refused rather
    /// than used, and its query is never logged.
    package var queryCarriesSecret: Bool {
        guard let query else { return false }
        let separators: [UInt8] = [UInt8(ascii: "&"), UInt8(ascii: ";")]
        return query.utf8.split(whereSeparator: separators.contains).contains { parameter in
            let name = parameter.prefix { $0 != UInt8(ascii: "=") }
            return Self.secretNames.contains(Self.normalizedName(name))
        }
    }

    /// Names without case, `-`, `_`, `.` and brackets: `Access-Token` and `access_token[]` are
    /// `accesstoken`.
    private static let secretNames: Set<String> = [
        "token", "accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken",
        "bearertoken", "bearer", "jwt", "apikey", "xapikey", "apitoken", "key", "auth",
        "authorization", "password", "passwd", "passphrase", "pwd", "secret", "apisecret",
        "clientsecret", "credential", "credentials",
    ]

    /// Decodes percent-encoding and keeps letters and digits in lower case.
    private static func normalizedName(_ name: Substring.UTF8View) -> String {
        var decoded: [UInt8] = []
        var rest = name
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%"), let high = rest.first?.hexadecimalValue,
                let low = rest.dropFirst().first?.hexadecimalValue
            else {
                decoded.append(byte)
                continue
            }
            decoded.append(high << 4 | low)
            rest = rest.dropFirst(2)
        }
        return String(
            decoding: decoded.map(\.lowercasedASCII).filter {
                $0.isASCIIDigit || $0.isLowercaseASCIILetter
            },
            as: UTF8.self
        )
    }
}

extension HTTPRequestHead: CustomStringConvertible {
    /// The request line without its query, which may hold a secret.
    package var description: String {
        "\(method) \(path)\(query == nil ? "" : "?…") HTTP/1.\(minorVersion)"
    }
}
