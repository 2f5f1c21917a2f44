package import HTTPProtocol

/// The client's side of the opening handshake (RFC 6455 §4.1).
package struct ClientHandshake: Equatable, Sendable {
    /// What the client sends.
    package let request: HTTPRequestHead
    private let key: HandshakeKey
    private let subprotocols: [String]
    private let deflate: DeflateParameters?

    /// What the server agreed to.
    package struct Agreement: Equatable, Sendable {
        package var subprotocol: String?
        package var deflate: DeflateParameters?
    }

    /// Why a response does not open a WebSocket.
    package enum Failure: Error, Equatable, Sendable {
        case unexpectedStatus(HTTPStatus)
        case missingUpgrade
        case missingConnectionOption
        /// The server did not prove that it read the key.
        case invalidAccept
        case unexpectedSubprotocol(String)
        case malformedExtensions
        case unexpectedExtension(String)
        /// The answer to the permessage-deflate offer does not fit it.
        case unacceptableDeflateParameters(String)
    }

    /// Makes the request.
    ///
    /// - Parameters:
    ///   - host: The host and, unless it is the scheme's own, the port.
    ///   - target: Path and query, in origin form.
    ///   - key: 16 bytes from a random source, new ones for each connection.
    ///   - subprotocols: Distinct tokens, the one liked best first.
    ///   - deflate: What to ask for of permessage-deflate; `nil` when messages stay as they are.
    ///   - fields: Further fields, such as Authorization.
    package init(
        host: String,
        target: String,
        key: [UInt8],
        subprotocols: [String] = [],
        deflate: DeflateParameters? = nil,
        fields: [(String, String)] = []
    ) {
        precondition(subprotocols.allSatisfy(\.isHTTPToken))
        self.key = HandshakeKey(bytes: key)
        self.subprotocols = subprotocols
        self.deflate = deflate
        var headers = HTTPHeaders([
            ("Host", host),
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", self.key.encoded),
            ("Sec-WebSocket-Version", "13"),
        ])
        if !subprotocols.isEmpty {
            headers.append("Sec-WebSocket-Protocol", subprotocols.joined(separator: ", "))
        }
        if let deflate {
            headers.append("Sec-WebSocket-Extensions", deflate.offer.description)
        }
        for (name, value) in fields { headers.append(name, value) }
        request = HTTPRequestHead(method: "GET", target: target, headers: headers)
    }

    /// Judges the response to ``request``.
    package func agreement(
        on response: HTTPResponseHead
    ) throws(Failure) -> Agreement {
        let headers = response.headers
        guard response.status == .switchingProtocols else {
            throw .unexpectedStatus(response.status)
        }
        guard headers.list("Upgrade", contains: "websocket") else { throw .missingUpgrade }
        guard headers.list("Connection", contains: "Upgrade") else {
            throw .missingConnectionOption
        }
        guard headers.values(of: "Sec-WebSocket-Accept") == [key.acceptValue] else {
            throw .invalidAccept
        }
        let chosen = headers.values(of: "Sec-WebSocket-Protocol")
        guard chosen.count <= 1, chosen.allSatisfy(subprotocols.contains) else {
            throw .unexpectedSubprotocol(chosen.joined(separator: ", "))
        }
        return Agreement(subprotocol: chosen.first, deflate: try deflateAgreement(headers))
    }

    private func deflateAgreement(
        _ headers: HTTPHeaders
    ) throws(Failure) -> DeflateParameters? {
        let fields = headers.values(of: "Sec-WebSocket-Extensions")
        guard let elements = ExtensionElement.parse(fields) else { throw .malformedExtensions }
        guard let element = elements.first else { return nil }
        guard let deflate, element.name == DeflateElement.name else {
            throw .unexpectedExtension(element.name)
        }
        if elements.count > 1 { throw .unexpectedExtension(elements[1].name) }
        guard let answer = DeflateElement(element),
            let agreed = deflate.agreement(on: answer)
        else {
            throw .unacceptableDeflateParameters(fields.joined(separator: ", "))
        }
        return agreed
    }
}
