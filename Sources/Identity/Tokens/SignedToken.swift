import JSONRPC

/// A JWT in compact form (RFC 7515 §7.1), taken apart and not yet believed.
struct SignedToken {
    static let maximumBytes = 8192

    let algorithm: String
    let keyName: String?
    /// `typ` without `application/`, in lower case; media types have no case (RFC 7515 §4.1.9).
    let type: String?
    let claims: JSONObject
    /// What is signed.
    let message: [UInt8]
    let signature: [UInt8]

    /// Header parameters by which a token would bring its own key, or rules that the hub does not
    /// know (RFC 7515 §4.1, RFC 7797, RFC 7516).
    private static let refusedParameters = [
        "jku", "jwk", "x5u", "x5c", "crit", "b64", "zip", "enc",
    ]

    /// - Returns: `nil` for anything but three parts in canonical base64url, the first two of them
    ///   JSON objects that our strict parser accepts.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= Self.maximumBytes else { return nil }
        let parts = bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3,
            let header = Self.object(parts[0]), let claims = Self.object(parts[1]),
            let signature = Base64URL.decode(parts[2]), !signature.isEmpty,
            let algorithm = header["alg"]?.stringValue,
            Self.refusedParameters.allSatisfy({ header[$0] == nil })
        else { return nil }
        switch header["kid"] {
        case .string(let name)?: keyName = name
        case nil: keyName = nil
        default: return nil
        }
        switch header["typ"] {
        case .string(let type)?:
            let type = type.lowercased()
            let prefix = "application/"
            self.type = type.hasPrefix(prefix) ? String(type.dropFirst(prefix.count)) : type
        case nil: type = nil
        default: return nil
        }
        self.algorithm = algorithm
        self.claims = claims
        self.signature = signature
        message = Array(bytes[..<parts[1].endIndex])
    }

    private static func object(_ part: ArraySlice<UInt8>) -> JSONObject? {
        guard let bytes = Base64URL.decode(part), let value = try? JSONValue(parsing: bytes) else {
            return nil
        }
        return value.objectValue
    }
}
