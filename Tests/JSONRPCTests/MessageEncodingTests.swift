import JSONRPC
import Testing

@Suite("JSON-RPC message encoding")
struct MessageEncodingTests {
    @Test func `echoes the id byte for byte`() throws {
        let message = Message(#"{"jsonrpc":"2.0","id":"\u0041\/ 1","method":"m"}"#)
        var scanner = MessageScanner()
        try scanner.scan(message.bytes.span)
        guard case .request(let request) = scanner.items.first, let id = request.id else {
            Issue.record("no request")
            return
        }
        var bytes: [UInt8] = []
        bytes.appendResponse(id: id, of: message.bytes.span, result: Array("[1]".utf8))
        #expect(text(bytes) == #"{"jsonrpc":"2.0","id":"\u0041\/ 1","result":[1]}"#)
    }

    @Test func `tells a client all it needs of an error`() {
        var bytes: [UInt8] = []
        bytes.appendResponse(
            id: Array("7".utf8),
            error: RPCError(
                .rateLimited,
                "slow down",
                retryAfter: .microseconds(1500),
                details: [.init(path: "/a", reason: "is \"wrong\"")]
            ),
            requestID: "r-1"
        )
        #expect(
            text(bytes) == #"{"jsonrpc":"2.0","id":7,"error":{"code":-32005,"message":"slow down","#
                + #""data":{"code":"RATE_LIMITED","temporary":true,"retryAfterMs":2,"#
                + #""details":[{"path":"/a","reason":"is \"wrong\""}],"requestId":"r-1"}}}"#
        )
    }

    @Test func `leaves out what an error does not have`() {
        var bytes: [UInt8] = []
        bytes.appendResponse(id: nil, error: .parseError(JSONError(.expectedValue, at: 12)))
        #expect(
            text(bytes) == #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"#
                + #""message":"not JSON: expected a value at byte 12","#
                + #""data":{"code":"PARSE_ERROR","temporary":false}}}"#
        )
    }

    @Test func `writes notifications and requests`() {
        var bytes: [UInt8] = []
        bytes.appendNotification(method: "hub.event", params: Array("{}".utf8))
        #expect(text(bytes) == #"{"jsonrpc":"2.0","method":"hub.event","params":{}}"#)
        bytes = []
        bytes.appendRequest(id: Array("1".utf8), method: "m", params: Array("[]".utf8))
        #expect(text(bytes) == #"{"jsonrpc":"2.0","id":1,"method":"m","params":[]}"#)
    }

    @Test(arguments: [(0, ""), (1, "[x]"), (3, "[x,x,x]")])
    func `brackets the answers to a batch`(count: Int, expected: String) {
        var bytes: [UInt8] = []
        var brackets = BatchBrackets()
        for _ in 0..<count {
            brackets.separate(in: &bytes)
            bytes.append(UInt8(ascii: "x"))
        }
        brackets.close(in: &bytes)
        #expect(text(bytes) == expected)
    }

    /// The table of the wire contract.
    @Test(
        arguments: [
            (-32700, "PARSE_ERROR"), (-32600, "INVALID_REQUEST"), (-32601, "METHOD_NOT_FOUND"),
            (-32602, "VALIDATION_ERROR"), (-32603, "INTERNAL"), (-32001, "UNAUTHENTICATED"),
            (-32002, "FORBIDDEN"), (-32003, "NOT_FOUND"), (-32004, "CONFLICT"),
            (-32005, "RATE_LIMITED"), (-32006, "TOO_MANY_SUBSCRIPTIONS"),
            (-32007, "REQUEST_TOO_LARGE"), (-32008, "RESPONSE_TOO_LARGE"), (-32009, "BUSY"),
            (-32010, "BATCH_TOO_LARGE"), (-32012, "ALREADY_SUBSCRIBED"), (-32013, "NOT_SUBSCRIBED"),
            (-32014, "STORAGE_UNAVAILABLE"),
        ]
    )
    func `has the code of the contract`(code: Int, name: String) {
        #expect(ErrorCode(rawValue: code)?.name == name)
        #expect(ErrorCode.allCases.count == 18)
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
