import HTTPProtocol
import Testing
import WebSocketProtocol

@Suite("Opening handshake of a client, RFC 6455 §4.1")
struct ClientHandshakeTests {
    /// The nonce of RFC 6455 §1.3.
    let handshake = ClientHandshake(
        host: "server.example.com",
        target: "/chat",
        key: utf8("the sample nonce"),
        subprotocols: ["chat", "superchat"],
        fields: [("Origin", "http://example.com")]
    )

    static func response(_ changes: [(String, String?)] = []) -> HTTPResponseHead {
        let example = [
            ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
        ]
        let kept = example.filter { field in !changes.contains { $0.0 == field.0 } }
        let added = changes.compactMap { change in change.1.map { (change.0, $0) } }
        return HTTPResponseHead(status: .switchingProtocols, headers: HTTPHeaders(kept + added))
    }

    @Test func `sends the example of RFC 6455 §1.3`() {
        #expect(
            handshake.request
                == HTTPRequestHead(
                    method: "GET",
                    target: "/chat",
                    headers: HTTPHeaders([
                        ("Host", "server.example.com"), ("Upgrade", "websocket"),
                        ("Connection", "Upgrade"),
                        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
                        ("Sec-WebSocket-Version", "13"),
                        ("Sec-WebSocket-Protocol", "chat, superchat"),
                        ("Origin", "http://example.com"),
                    ])
                )
        )
    }

    @Test(arguments: ["chat", "superchat", nil] as [String?])
    func `agrees to a subprotocol that was offered, or to none`(name: String?) throws {
        let response = Self.response([("Sec-WebSocket-Protocol", name)])
        #expect(try handshake.agreement(on: response).subprotocol == name)
    }

    @Test(
        arguments: [
            ([("Upgrade", nil)], .missingUpgrade),
            ([("Connection", "keep-alive")], .missingConnectionOption),
            ([("Sec-WebSocket-Accept", nil)], .invalidAccept),
            ([("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOp=")], .invalidAccept),
            ([("Sec-WebSocket-Protocol", "mega")], .unexpectedSubprotocol("mega")),
            (
                [("Sec-WebSocket-Protocol", "chat, superchat")],
                .unexpectedSubprotocol("chat, superchat")
            ),
            ([("Sec-WebSocket-Extensions", "x-unknown")], .unexpectedExtension("x-unknown")),
            (
                [("Sec-WebSocket-Extensions", "permessage-deflate")],
                .unexpectedExtension("permessage-deflate")
            ),
            ([("Sec-WebSocket-Extensions", "x;")], .malformedExtensions),
        ] as [([(String, String?)], ClientHandshake.Failure)]
    )
    func `refuses`(changes: [(String, String?)], failure: ClientHandshake.Failure) {
        #expect(throws: failure) { try handshake.agreement(on: Self.response(changes)) }
    }

    @Test func `another status is reported`() {
        #expect(throws: ClientHandshake.Failure.unexpectedStatus(.upgradeRequired)) {
            try handshake.agreement(on: HandshakeRejection.unsupportedVersion.response)
        }
    }

    @Test func `what a client sends is what a server accepts`() throws {
        let accepted = try ServerHandshake(subprotocols: ["superchat"]).respond(
            to: handshake.request
        )
        #expect(try handshake.agreement(on: accepted.response).subprotocol == "superchat")
    }
}
