/// What two endpoints agreed on for permessage-deflate (RFC 7692 §7.1).
package struct DeflateParameters: Equatable, Sendable {
    /// Whether the server compresses each message on its own.
    package var serverNoContextTakeover = false
    /// Whether the client compresses each message on its own.
    package var clientNoContextTakeover = false
    /// The base-two logarithm of the window the server's compressor may use, 8 to 15.
    package var serverMaxWindowBits = 15
    /// The base-two logarithm of the window the client's compressor may use, 8 to 15.
    package var clientMaxWindowBits = 15

    package init(
        serverNoContextTakeover: Bool = false,
        clientNoContextTakeover: Bool = false,
        serverMaxWindowBits: Int = 15,
        clientMaxWindowBits: Int = 15
    ) {
        precondition((8...15).contains(serverMaxWindowBits))
        precondition((8...15).contains(clientMaxWindowBits))
        self.serverNoContextTakeover = serverNoContextTakeover
        self.clientNoContextTakeover = clientNoContextTakeover
        self.serverMaxWindowBits = serverMaxWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// Whether messages to the endpoint of `role` are compressed one by one, so that one
    /// inflater can serve many connections.
    package func peerResetsContext(of role: Role) -> Bool {
        role == .server ? clientNoContextTakeover : serverNoContextTakeover
    }

    /// Whether the endpoint of `role` must compress each message on its own, so that the result
    /// can be sent to many connections.
    package func resetsContext(of role: Role) -> Bool {
        role == .server ? serverNoContextTakeover : clientNoContextTakeover
    }

    /// The compressor of the endpoint of `role`.
    package func makeDeflater(for role: Role, level: Int = 1) -> Deflater {
        Deflater(
            level: level,
            windowBits: role == .server ? serverMaxWindowBits : clientMaxWindowBits,
            resetsContext: resetsContext(of: role)
        )
    }

    /// The decompressor of the endpoint of `role`.
    package func makeInflater(for role: Role) -> Inflater {
        Inflater(
            windowBits: role == .server ? clientMaxWindowBits : serverMaxWindowBits,
            resetsContext: peerResetsContext(of: role)
        )
    }
}

/// The parameters of one permessage-deflate element, as an offer or an answer spells them.
struct DeflateElement: Equatable, Sendable {
    static let name = "permessage-deflate"

    enum WindowBits: Equatable, Sendable {
        case absent
        /// Named without a value, which an offer may do for the client's window.
        case supported
        case limited(Int)
    }

    var serverNoContextTakeover = false
    var clientNoContextTakeover = false
    var serverMaxWindowBits: Int?
    var clientMaxWindowBits = WindowBits.absent

    init() {}

    /// The element's meaning; `nil` when a parameter is unknown, repeated or ill-formed, for
    /// which RFC 7692 §7.1 has offers declined and answers refused.
    init?(_ element: ExtensionElement) {
        guard element.name == Self.name else { return nil }
        var seen: Set<String> = []
        for parameter in element.parameters {
            guard seen.insert(parameter.name).inserted else { return nil }
            switch (parameter.name, parameter.value) {
            case ("server_no_context_takeover", nil): serverNoContextTakeover = true
            case ("client_no_context_takeover", nil): clientNoContextTakeover = true
            case ("client_max_window_bits", nil): clientMaxWindowBits = .supported
            case ("client_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                clientMaxWindowBits = .limited(bits)
            case ("server_max_window_bits", let value?):
                guard let bits = Self.windowBits(value) else { return nil }
                serverMaxWindowBits = bits
            default: return nil
            }
        }
    }

    /// The element as it is written in the field.
    var description: String {
        var text = Self.name
        if serverNoContextTakeover { text += "; server_no_context_takeover" }
        if clientNoContextTakeover { text += "; client_no_context_takeover" }
        if let serverMaxWindowBits { text += "; server_max_window_bits=\(serverMaxWindowBits)" }
        switch clientMaxWindowBits {
        case .absent: break
        case .supported: text += "; client_max_window_bits"
        case .limited(let bits): text += "; client_max_window_bits=\(bits)"
        }
        return text
    }

    /// A decimal number from 8 to 15 without leading zeros.
    private static func windowBits(_ text: String) -> Int? {
        (8...15).first { String($0) == text }
    }
}
