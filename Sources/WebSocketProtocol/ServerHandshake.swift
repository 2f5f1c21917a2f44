package import HTTPProtocol

/// The server's side of the opening handshake (RFC 6455 §4.2).
package struct ServerHandshake: Equatable, Sendable {
    /// The subprotocols the server speaks, the one it likes best first.
    package var subprotocols: [String]
    /// What the server wants of permessage-deflate; `nil` when it does not compress.
    package var deflate: DeflateParameters?

    /// A request that may become a WebSocket.
    package struct Acceptance: Equatable, Sendable {
        /// The 101 response, which the caller may add fields to before it sends it.
        package var response: HTTPResponseHead
        /// The subprotocol the response names.
        package var subprotocol: String?
        /// All tokens the client offered as subprotocols, in its order.
        package var offeredSubprotocols: [String]
        /// How messages may be compressed, if they may.
        package var deflate: DeflateParameters?
    }

    package init(subprotocols: [String] = [], deflate: DeflateParameters? = nil) {
        self.subprotocols = subprotocols
        self.deflate = deflate
    }

    /// Judges a request; its path, Origin and credentials are the caller's business.
    ///
    /// A client that offers no subprotocol, or none that is known here, is accepted without one.
    package func respond(
        to request: HTTPRequestHead
    ) throws(HandshakeRejection) -> Acceptance {
        let headers = request.headers
        try checkRequest(request)
        guard let key = headers.single("Sec-WebSocket-Key").flatMap(HandshakeKey.init) else {
            throw .invalidKey
        }
        let offered = headers.listElements(of: "Sec-WebSocket-Protocol").map(String.init)
        guard offered.allSatisfy(\.isHTTPToken), Set(offered).count == offered.count else {
            throw .malformedSubprotocols
        }
        let extensions = headers.values(of: "Sec-WebSocket-Extensions")
        guard let extensions = ExtensionElement.parse(extensions) else {
            throw .malformedExtensions
        }

        let subprotocol = subprotocols.first(where: offered.contains)
        let compression = deflate?.accept(extensions)
        var fields = HTTPHeaders([
            ("Upgrade", "websocket"),
            ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", key.acceptValue),
        ])
        if let subprotocol { fields.append("Sec-WebSocket-Protocol", subprotocol) }
        if let (_, answer) = compression {
            fields.append("Sec-WebSocket-Extensions", answer.description)
        }
        return Acceptance(
            response: HTTPResponseHead(status: .switchingProtocols, headers: fields),
            subprotocol: subprotocol,
            offeredSubprotocols: offered,
            deflate: compression?.0
        )
    }

    private func checkRequest(_ request: HTTPRequestHead) throws(HandshakeRejection) {
        let headers = request.headers
        guard request.method == "GET" else { throw .methodNotAllowed }
        guard request.minorVersion == 1 else { throw .unsupportedHTTPVersion }
        guard let host = headers.single("Host"), !host.isEmpty else { throw .invalidHost }
        guard headers.values(of: "Transfer-Encoding").isEmpty,
            headers.values(of: "Content-Length").allSatisfy({ $0 == "0" })
        else { throw .unexpectedBody }
        guard headers.list("Upgrade", contains: "websocket") else { throw .missingUpgrade }
        guard headers.list("Connection", contains: "Upgrade") else {
            throw .missingConnectionOption
        }
        guard headers.values(of: "Sec-WebSocket-Version") == ["13"] else {
            throw .unsupportedVersion
        }
    }
}
