import HTTPProtocol
import Testing
import WebSocketProtocol

@Suite("Negotiation of permessage-deflate, RFC 7692 §5 and §7.1")
struct DeflateNegotiationTests {
    struct Case: Sendable {
        var offers: [String]
        var wish = DeflateParameters()
        var answer: String?
        var agreed: DeflateParameters?

        init(
            _ offers: String...,
            wish: DeflateParameters = DeflateParameters(),
            answer: String?,
            agreed: DeflateParameters? = nil
        ) {
            self.offers = offers
            self.wish = wish
            self.answer = answer
            self.agreed = agreed
        }
    }

    @Test(
        arguments: [
            Case("permessage-deflate", answer: "permessage-deflate", agreed: .init()),
            Case(
                "permessage-deflate; client_max_window_bits",
                answer: "permessage-deflate",
                agreed: .init()
            ),
            Case(
                "permessage-deflate; server_no_context_takeover",
                answer: "permessage-deflate; server_no_context_takeover",
                agreed: .init(serverNoContextTakeover: true)
            ),
            Case(
                "permessage-deflate;client_no_context_takeover",
                answer: "permessage-deflate; client_no_context_takeover",
                agreed: .init(clientNoContextTakeover: true)
            ),
            Case(
                "permessage-deflate; server_max_window_bits=10",
                answer: "permessage-deflate; server_max_window_bits=10",
                agreed: .init(serverMaxWindowBits: 10)
            ),
            Case(
                "permessage-deflate; server_max_window_bits=\"8\"",
                answer: "permessage-deflate; server_max_window_bits=8",
                agreed: .init(serverMaxWindowBits: 8)
            ),
            Case(
                "permessage-deflate; server_max_window_bits=15",
                answer: "permessage-deflate; server_max_window_bits=15",
                agreed: .init()
            ),
            Case(
                "permessage-deflate; client_max_window_bits=9",
                answer: "permessage-deflate; client_max_window_bits=9",
                agreed: .init(clientMaxWindowBits: 9)
            ),
            // The server's own wishes.
            Case(
                "permessage-deflate; client_max_window_bits",
                wish: .init(
                    serverNoContextTakeover: true,
                    clientNoContextTakeover: true,
                    serverMaxWindowBits: 12,
                    clientMaxWindowBits: 11
                ),
                answer: "permessage-deflate; server_no_context_takeover; "
                    + "client_no_context_takeover; server_max_window_bits=12; "
                    + "client_max_window_bits=11",
                agreed: .init(
                    serverNoContextTakeover: true,
                    clientNoContextTakeover: true,
                    serverMaxWindowBits: 12,
                    clientMaxWindowBits: 11
                )
            ),
            Case(
                "permessage-deflate",
                wish: .init(clientMaxWindowBits: 10),
                answer: "permessage-deflate",
                agreed: .init()
            ),
            Case(
                "permessage-deflate; server_max_window_bits=14; client_max_window_bits=9",
                wish: .init(serverMaxWindowBits: 12, clientMaxWindowBits: 10),
                answer: "permessage-deflate; server_max_window_bits=12; client_max_window_bits=9",
                agreed: .init(serverMaxWindowBits: 12, clientMaxWindowBits: 9)
            ),
            // Several offers: the first good one counts.
            Case(
                "permessage-deflate; server_max_window_bits=99, permessage-deflate",
                answer: "permessage-deflate",
                agreed: .init()
            ),
            Case(
                "x-other; y=z",
                "permessage-deflate; server_no_context_takeover, permessage-deflate",
                answer: "permessage-deflate; server_no_context_takeover",
                agreed: .init(serverNoContextTakeover: true)
            ),
            Case(", permessage-deflate ,", answer: "permessage-deflate", agreed: .init()),
            Case(
                "permessage-deflate; server_max_window_bits = \"1\\0\" ;client_max_window_bits=\"15\"",
                answer: "permessage-deflate; server_max_window_bits=10",
                agreed: .init(serverMaxWindowBits: 10)
            ),
            Case(
                "permessage-deflate; client_max_window_bits=15",
                wish: .init(serverMaxWindowBits: 8, clientMaxWindowBits: 8),
                answer: "permessage-deflate; server_max_window_bits=8; client_max_window_bits=8",
                agreed: .init(serverMaxWindowBits: 8, clientMaxWindowBits: 8)
            ),
            Case(
                "permessage-deflate; unknown=1, x-other, "
                    + "permessage-deflate; client_no_context_takeover, permessage-deflate",
                answer: "permessage-deflate; client_no_context_takeover",
                agreed: .init(clientNoContextTakeover: true)
            ),
            // Offers that are declined.
            Case("permessage-deflate; server_max_window_bits", answer: nil),
            Case("permessage-deflate; server_max_window_bits=1e1", answer: nil),
            Case("permessage-deflate; server_max_window_bits=-9", answer: nil),
            Case("permessage-deflate; client_max_window_bits=99999999999999999999", answer: nil),
            Case(
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
                answer: nil
            ),
            Case("", answer: nil),
            Case("permessage-deflate; server_max_window_bits=7", answer: nil),
            Case("permessage-deflate; server_max_window_bits=16", answer: nil),
            Case("permessage-deflate; server_max_window_bits=08", answer: nil),
            Case("permessage-deflate; client_max_window_bits=0", answer: nil),
            Case("permessage-deflate; client_max_window_bits=+9", answer: nil),
            Case("permessage-deflate; server_no_context_takeover=true", answer: nil),
            Case("permessage-deflate; client_no_context_takeover=1", answer: nil),
            Case(
                "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
                answer: nil
            ),
            Case(
                "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
                answer: nil
            ),
            Case("permessage-deflate; unknown", answer: nil),
            Case("permessage-bzip2", answer: nil),
        ]
    )
    func `a server answers`(negotiation: Case) throws {
        let fields = negotiation.offers.map { ("Sec-WebSocket-Extensions", Optional($0)) }
        let request = ServerHandshakeTests.request(fields)
        let accepted = try ServerHandshake(deflate: negotiation.wish).respond(to: request)
        #expect(
            accepted.response.headers.single("Sec-WebSocket-Extensions") == negotiation.answer
        )
        #expect(accepted.deflate == negotiation.agreed)
    }

    @Test func `a server that does not compress ignores the offer`() throws {
        let request = ServerHandshakeTests.request([
            ("Sec-WebSocket-Extensions", "permessage-deflate")
        ])
        let accepted = try ServerHandshake().respond(to: request)
        #expect(accepted.response.headers.values(of: "Sec-WebSocket-Extensions") == [])
    }

    @Test(
        arguments: [
            (.init(), "permessage-deflate; client_max_window_bits"),
            (
                .init(serverNoContextTakeover: true, clientMaxWindowBits: 9),
                "permessage-deflate; server_no_context_takeover; client_max_window_bits=9"
            ),
            (
                .init(clientNoContextTakeover: true, serverMaxWindowBits: 10),
                "permessage-deflate; client_no_context_takeover; server_max_window_bits=10; "
                    + "client_max_window_bits"
            ),
        ] as [(DeflateParameters, String)]
    )
    func `a client offers`(wish: DeflateParameters, offer: String) {
        #expect(Self.client(wish).request.headers.single("Sec-WebSocket-Extensions") == offer)
    }

    @Test(
        arguments: [
            (.init(), nil, nil),
            (.init(), "permessage-deflate", .init()),
            (
                .init(), "permessage-deflate; client_max_window_bits=8",
                .init(clientMaxWindowBits: 8)
            ),
            (
                .init(), "permessage-deflate; server_no_context_takeover; server_max_window_bits=9",
                .init(serverNoContextTakeover: true, serverMaxWindowBits: 9)
            ),
            (
                .init(clientNoContextTakeover: true), "permessage-deflate",
                .init(clientNoContextTakeover: true)
            ),
            (
                .init(), "permessage-deflate; client_no_context_takeover",
                .init(clientNoContextTakeover: true)
            ),
            (
                .init(serverMaxWindowBits: 12), "permessage-deflate; server_max_window_bits=11",
                .init(serverMaxWindowBits: 11)
            ),
        ] as [(DeflateParameters, String?, DeflateParameters?)]
    )
    func `a client agrees to`(
        wish: DeflateParameters,
        answer: String?,
        agreed: DeflateParameters?
    ) throws {
        let response = ClientHandshakeTests.response([("Sec-WebSocket-Extensions", answer)])
        #expect(try Self.client(wish).agreement(on: response).deflate == agreed)
    }

    @Test(
        arguments: [
            (.init(serverNoContextTakeover: true), "permessage-deflate"),
            (.init(serverMaxWindowBits: 12), "permessage-deflate"),
            (.init(serverMaxWindowBits: 12), "permessage-deflate; server_max_window_bits=13"),
            (.init(clientMaxWindowBits: 9), "permessage-deflate; client_max_window_bits=10"),
            (.init(), "permessage-deflate; client_max_window_bits"),
            (.init(), "permessage-deflate; client_max_window_bits=16"),
            (.init(), "permessage-deflate; server_max_window_bits=7"),
            (.init(), "permessage-deflate; unknown"),
            (.init(), "permessage-deflate; server_max_window_bits"),
            (.init(), "permessage-deflate; server_max_window_bits=010"),
            (.init(), "permessage-deflate; server_no_context_takeover=1"),
            (.init(), "permessage-deflate; client_no_context_takeover=\"true\""),
            (
                .init(), "permessage-deflate; client_max_window_bits=9; client_max_window_bits=9"
            ),
            (
                .init(),
                "permessage-deflate; server_no_context_takeover; server_no_context_takeover"
            ),
        ] as [(DeflateParameters, String)]
    )
    func `a client refuses`(wish: DeflateParameters, answer: String) {
        let response = ClientHandshakeTests.response([("Sec-WebSocket-Extensions", answer)])
        #expect(throws: ClientHandshake.Failure.unacceptableDeflateParameters(answer)) {
            try Self.client(wish).agreement(on: response)
        }
    }

    @Test func `a client refuses an answer that accepts twice`() {
        let response = ClientHandshakeTests.response([
            ("Sec-WebSocket-Extensions", "permessage-deflate, permessage-deflate")
        ])
        #expect(throws: ClientHandshake.Failure.unexpectedExtension("permessage-deflate")) {
            try Self.client(DeflateParameters()).agreement(on: response)
        }
    }

    /// All parameters, with windows at their ends and between.
    static let wishes = [false, true].flatMap { server in
        [false, true].flatMap { client in
            [8, 9, 12, 15].flatMap { serverBits in
                [8, 9, 12, 15].map { clientBits in
                    DeflateParameters(
                        serverNoContextTakeover: server,
                        clientNoContextTakeover: client,
                        serverMaxWindowBits: serverBits,
                        clientMaxWindowBits: clientBits
                    )
                }
            }
        }
    }

    @Test(arguments: wishes)
    func `both sides make the same of whatever either wants`(wish: DeflateParameters) throws {
        for other in Self.wishes {
            let offer = try #require(
                Self.client(wish).request.headers.single("Sec-WebSocket-Extensions")
            )
            let request = ServerHandshakeTests.request([("Sec-WebSocket-Extensions", offer)])
            let accepted = try ServerHandshake(deflate: other).respond(to: request)
            let answer = accepted.response.headers.single("Sec-WebSocket-Extensions")
            let response = ClientHandshakeTests.response([("Sec-WebSocket-Extensions", answer)])
            let agreed = try #require(accepted.deflate)
            #expect(try Self.client(wish).agreement(on: response).deflate == agreed)
            let expected = DeflateParameters(
                serverNoContextTakeover: wish.serverNoContextTakeover
                    || other.serverNoContextTakeover,
                clientNoContextTakeover: wish.clientNoContextTakeover
                    || other.clientNoContextTakeover,
                serverMaxWindowBits: min(wish.serverMaxWindowBits, other.serverMaxWindowBits),
                clientMaxWindowBits: min(wish.clientMaxWindowBits, other.clientMaxWindowBits)
            )
            #expect(agreed == expected)
        }
    }

    private static func client(_ wish: DeflateParameters) -> ClientHandshake {
        ClientHandshake(
            host: "server.example.com",
            target: "/chat",
            key: utf8("the sample nonce"),
            deflate: wish
        )
    }
}
