import HTTPProtocol
import Testing
import WebSocketProtocol

@Suite("Opening handshake of a server, RFC 6455 §4.2")
struct ServerHandshakeTests {
    /// The request of RFC 6455 §1.3 with some fields replaced, added, or left out (`nil`).
    static func request(
        _ changes: [(String, String?)] = [],
        method: String = "GET",
        minorVersion: Int = 1
    ) -> HTTPRequestHead {
        let example = [
            ("Host", "server.example.com"), ("Upgrade", "websocket"), ("Connection", "Upgrade"),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="), ("Sec-WebSocket-Version", "13"),
        ]
        let kept = example.filter { field in !changes.contains { $0.0 == field.0 } }
        let added = changes.compactMap { change in change.1.map { (change.0, $0) } }
        return HTTPRequestHead(
            method: method,
            target: "/chat",
            minorVersion: minorVersion,
            headers: HTTPHeaders(kept + added)
        )
    }

    @Test func `accepts the example of RFC 6455 §1.3`() throws {
        let request = Self.request([
            ("Origin", "http://example.com"), ("Sec-WebSocket-Protocol", "chat, superchat"),
        ])
        let accepted = try ServerHandshake(subprotocols: ["chat"]).respond(to: request)
        #expect(accepted.response.status == .switchingProtocols)
        #expect(
            accepted.response.headers
                == HTTPHeaders([
                    ("Upgrade", "websocket"), ("Connection", "Upgrade"),
                    ("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="),
                    ("Sec-WebSocket-Protocol", "chat"),
                ])
        )
        #expect(accepted.offeredSubprotocols == ["chat", "superchat"])
    }

    @Test(
        arguments: [
            [("Upgrade", "WebSocket")], [("Upgrade", "h2c, websocket")],
            [("Connection", "keep-alive, Upgrade")], [("Connection", "upgrade")],
            [("Content-Length", "0")], [("Connection", "keep-alive"), ("Connection", "UPGRADE")],
        ] as [[(String, String?)]]
    )
    func `accepts what the grammar allows`(changes: [(String, String?)]) throws {
        let accepted = try ServerHandshake().respond(to: Self.request(changes))
        #expect(accepted.subprotocol == nil && accepted.deflate == nil)
    }

    @Test(
        arguments: [
            ([("Host", nil)], .invalidHost),
            ([("Host", "")], .invalidHost),
            ([("Host", "a"), ("Host", "a")], .invalidHost),
            ([("Upgrade", nil)], .missingUpgrade),
            ([("Upgrade", "websockets")], .missingUpgrade),
            ([("Connection", nil)], .missingConnectionOption),
            ([("Connection", "keep-alive")], .missingConnectionOption),
            ([("Sec-WebSocket-Version", nil)], .unsupportedVersion),
            ([("Sec-WebSocket-Version", "8")], .unsupportedVersion),
            ([("Sec-WebSocket-Version", "013")], .unsupportedVersion),
            ([("Sec-WebSocket-Version", "13, 8")], .unsupportedVersion),
            (
                [("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Version", "13")],
                .unsupportedVersion
            ),
            ([("Sec-WebSocket-Key", nil)], .invalidKey),
            ([("Sec-WebSocket-Key", "")], .invalidKey),
            ([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=")], .invalidKey),
            ([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==")], .invalidKey),
            ([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQAA")], .invalidKey),
            ([("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j-Q==")], .invalidKey),
            ([("Sec-WebSocket-Key", "AAAA"), ("Sec-WebSocket-Key", "AAAA")], .invalidKey),
            ([("Content-Length", "1")], .unexpectedBody),
            ([("Transfer-Encoding", "chunked")], .unexpectedBody),
            ([("Sec-WebSocket-Protocol", "a b")], .malformedSubprotocols),
            ([("Sec-WebSocket-Protocol", "a, a")], .malformedSubprotocols),
            ([("Sec-WebSocket-Extensions", "x; =1")], .malformedExtensions),
            ([("Sec-WebSocket-Extensions", "x y")], .malformedExtensions),
            ([("Sec-WebSocket-Extensions", "x; y=\"a b\"")], .malformedExtensions),
            ([("Sec-WebSocket-Extensions", "x; y=\"a")], .malformedExtensions),
        ] as [([(String, String?)], HandshakeRejection)]
    )
    func `rejects`(changes: [(String, String?)], rejection: HandshakeRejection) {
        #expect(throws: rejection) { try ServerHandshake().respond(to: Self.request(changes)) }
    }

    @Test(arguments: ["POST", "HEAD", "get"])
    func `another method is told what is allowed`(method: String) {
        #expect(throws: HandshakeRejection.methodNotAllowed) {
            try ServerHandshake().respond(to: Self.request(method: method))
        }
        let response = HandshakeRejection.methodNotAllowed.response
        #expect(response.status.rawValue == 405)
        #expect(response.headers.single("Allow") == "GET")
    }

    @Test func `HTTP 1.0 has no upgrades`() {
        #expect(throws: HandshakeRejection.unsupportedHTTPVersion) {
            try ServerHandshake().respond(to: Self.request(minorVersion: 0))
        }
    }

    @Test(arguments: [HandshakeRejection.unsupportedVersion, .missingUpgrade])
    func `a client that may try again is told how`(rejection: HandshakeRejection) {
        let response = rejection.response
        #expect(response.status.rawValue == 426)
        #expect(response.headers.single("Sec-WebSocket-Version") == "13")
        #expect(response.headers.single("Upgrade") == "websocket")
        #expect(response.headers.list("Connection", contains: "upgrade"))
    }

    @Test(
        arguments: [
            .methodNotAllowed, .unsupportedHTTPVersion, .invalidHost, .unexpectedBody,
            .missingUpgrade, .missingConnectionOption, .unsupportedVersion, .invalidKey,
            .malformedSubprotocols, .malformedExtensions,
        ] as [HandshakeRejection]
    )
    func `every rejection says why in one sentence`(rejection: HandshakeRejection) {
        #expect([400, 405, 426].contains(rejection.response.status.rawValue))
        #expect(rejection.message.last == "." && rejection.message.utf8.count < 80)
    }

    @Test(
        arguments: [
            (["omnihub.v1"], "omnihub.v1, bearer.abc", "omnihub.v1"),
            (["a", "b"], "b, a", "a"),
            (["a"], "b", nil),
            (["a"], "A", nil),
            ([], "a", nil),
        ] as [([String], String, String?)]
    )
    func `the server's order decides among the offered subprotocols`(
        known: [String],
        offered: String,
        chosen: String?
    ) throws {
        let request = Self.request([("Sec-WebSocket-Protocol", offered)])
        let accepted = try ServerHandshake(subprotocols: known).respond(to: request)
        #expect(accepted.subprotocol == chosen)
        #expect(accepted.response.headers.single("Sec-WebSocket-Protocol") == chosen)
    }
}
