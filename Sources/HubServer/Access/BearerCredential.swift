import HTTPProtocol

/// What a request shows of its sender's rights (RFC 6750 §2.1).
enum BearerCredential: Equatable {
    case none
    case token(String)
    /// More than one, or none that can be understood.
    case malformed
}

extension HTTPRequestHead {
    private static var subprotocolPrefix: String { "bearer." }

    /// `Authorization: Bearer <token>`, or a subprotocol `bearer.<token>` from web pages, whose
    /// sockets cannot send fields.
    var bearerCredential: BearerCredential {
        let fields = headers.values(of: "Authorization")
        let offered = headers.listElements(of: "Sec-WebSocket-Protocol")
            .filter { $0.hasPrefix(Self.subprotocolPrefix) }
        guard fields.count + offered.count <= 1 else { return .malformed }
        if let offer = offered.first {
            let token = offer.dropFirst(Self.subprotocolPrefix.count)
            return token.isEmpty ? .malformed : .token(String(token))
        }
        guard let field = fields.first else { return .none }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer", !parts[1].contains(" ") else {
            return .malformed
        }
        return .token(String(parts[1]))
    }
}
