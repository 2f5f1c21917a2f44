import JSONRPC
import Testing

@Suite("JSON-RPC message scanner")
struct MessageScannerTests {
    @Test func `finds the slices of a request`() throws {
        let message = Message(
            #"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": "a\u0062"}"#
        )
        var scanner = MessageScanner()
        try scanner.scan(message.bytes.span)
        guard case .request(let request) = scanner.items.first else {
            Issue.record("\(scanner.items)")
            return
        }
        #expect(message[request.id] == #""a\u0062""#)
        #expect(message[request.method] == #""subtract""#)
        #expect(message[request.params] == "[42, 23]")
        #expect(!scanner.isBatch)
        #expect(scanner.itemCount == 1)
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","method":"m","id":1}"#, "request 1 \"m\" -"),
            (#"{"jsonrpc":"2.0","method":"m","id":null}"#, "request null \"m\" -"),
            (#"{"jsonrpc":"2.0","method":"m","id":-1.50e+3}"#, "request -1.50e+3 \"m\" -"),
            (#"{"id":"","params":{},"method":"","jsonrpc":"2.0"}"#, "request \"\" \"\" {}"),
            (#" {"jsonrpc":"2.0","method":"m"} "#, "request - \"m\" -"),
            (#"{"jsonrpc":"\u0032.0","met\u0068od":"m","\u0069d":7}"#, "request 7 \"m\" -"),
            (#"{"jsonrpc":"2.0","method":"m","trace":{"id":9},"id\u0000":8}"#, "request - \"m\" -"),
            (#"{"jsonrpc":"2.0","method":"m","result":1,"id":1}"#, "request 1 \"m\" -"),
            (#"{"jsonrpc":"2.0","result":{"a":1},"id":1}"#, "result 1 {\"a\":1}"),
            (#"{"jsonrpc":"2.0","result":null,"id":"x"}"#, "result \"x\" null"),
            (
                #"{"jsonrpc":"2.0","error":{"code":-32601,"message":"no"},"id":null}"#,
                "error null {\"code\":-32601,\"message\":\"no\"}"
            ),
        ]
    )
    func `reads`(text: String, expected: String) throws {
        #expect(try Message(text).items() == [expected])
    }

    static let longID = String(repeating: "1", count: 257)
    static let longestID = String(repeating: "1", count: 256)

    @Test(
        arguments: [
            ("{}", "- jsonrpc must be \"2.0\""), ("1", "- a message must be an object"),
            ("[]", "- a batch must not be empty"), ("[ ]", "- a batch must not be empty"),
            ("\"x\"", "- a message must be an object"),
            (#"{"foo":"boo"}"#, "- jsonrpc must be \"2.0\""),
            (#"{"method":"m","id":1}"#, "1 jsonrpc must be \"2.0\""),
            (#"{"jsonrpc":2.0,"method":"m","id":1}"#, "1 jsonrpc must be \"2.0\""),
            (#"{"jsonrpc":"1.0","method":"m","id":1}"#, "1 jsonrpc must be \"2.0\""),
            (#"{"jsonrpc":"2.00","method":"m","id":1}"#, "1 jsonrpc must be \"2.0\""),
            (#"{"jsonrpc":"2.0","id":5}"#, "5 method is missing"),
            (#"{"jsonrpc":"2.0","method":1,"params":"bar"}"#, "- method must be a string"),
            (#"{"jsonrpc":"2.0","method":null,"id":"a"}"#, "\"a\" method must be a string"),
            (
                #"{"jsonrpc":"2.0","method":"m","params":"bar"}"#,
                "- params must be an object or an array"
            ),
            (
                #"{"jsonrpc":"2.0","method":"m","params":null,"id":1}"#,
                "1 params must be an object or an array"
            ),
            (
                #"{"jsonrpc":"2.0","method":"m","id":[1]}"#,
                "- id must be a string, a number or null"
            ),
            (#"{"jsonrpc":"2.0","method":"m","id":{}}"#, "- id must be a string, a number or null"),
            (
                #"{"jsonrpc":"2.0","method":"m","id":true}"#,
                "- id must be a string, a number or null"
            ),
            (
                #"{"jsonrpc":"2.0","method":"m","id":\#(longID)}"#,
                "- id must not be longer than 256 bytes"
            ),
            (#"{"id":\#(longestID)}"#, "\(longestID) jsonrpc must be \"2.0\""),
            (
                #"{"jsonrpc":"2.0","result":1,"error":{"code":1,"message":""},"id":1}"#,
                "1 a response must have an id and either a result or an error"
            ),
            (
                #"{"jsonrpc":"2.0","result":1}"#,
                "- a response must have an id and either a result or an error"
            ),
            (
                #"{"jsonrpc":"2.0","error":"bad","id":1}"#,
                "1 a response must have an id and either a result or an error"
            ),
            (
                #"{"jsonrpc":"2.0","error":{"code":1.5,"message":""},"id":1}"#,
                "1 a response must have an id and either a result or an error"
            ),
        ]
    )
    func `calls invalid`(text: String, expected: String) throws {
        #expect(try Message(text).items() == ["invalid \(expected)"])
    }

    @Test(arguments: JSONCorpus.rejected)
    func `refuses what is no JSON`(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason, at: offset)) { try Message(text).items() }
    }

    @Test(
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"\u0069d":2}"#, JSONError(.duplicateName, at: 24)),
            (#"{"jsonrpc":"2.0","id":1"#, JSONError(.unexpectedEnd, at: 23)),
            (#"[{"jsonrpc":"2.0"},"#, JSONError(.unexpectedEnd, at: 19)),
            ("[{},{}", JSONError(.unexpectedEnd, at: 6)),
            ("[{} {}]", JSONError(.expectedCommaOrBracket, at: 4)),
            ("[{},]", JSONError(.expectedValue, at: 4)),
        ]
    )
    func `refuses the envelope`(text: String, error: JSONError) {
        #expect(throws: error) { try Message(text).items() }
    }

    @Test(arguments: [("", 62, ""), ("[", 61, "]")])
    func `counts the envelope into the depth`(open: String, levels: Int, close: String) throws {
        func message(_ levels: Int) -> Message {
            let params =
                String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            return Message(#"\#(open){"x":{"y":\#(params)}}\#(close)"#)
        }
        #expect(throws: Never.self) { try message(levels).items() }
        #expect(throws: JSONError.self) { try message(levels + 1).items() }
    }

    @Test func `keeps no items of a message that turns out to be no JSON`() throws {
        var scanner = MessageScanner()
        #expect(throws: JSONError.self) { try scanner.scan(Message(#"[1,{},2"#).bytes.span) }
        #expect(scanner.items.isEmpty)
        #expect(scanner.itemCount == 0)
        #expect(!scanner.isBatch)
    }

    @Test func `counts but does not keep the items beyond the limit of a batch`() throws {
        var scanner = MessageScanner(maximumBatchCount: 2)
        try scanner.scan(Message("[1,2,3]").bytes.span)
        #expect(scanner.items.count == 2)
        #expect(scanner.itemCount == 3)
        #expect(scanner.isBatchTooLarge)
        try scanner.scan(Message("[1,2]").bytes.span)
        #expect(!scanner.isBatchTooLarge)
    }

    @Test func `remembers nothing of the message before`() throws {
        var scanner = MessageScanner()
        let first = Message(#"[{"jsonrpc":"2.0","method":"m","id":1,"a\u0062":{"c":1}},2]"#)
        let second = Message(#"{"method":"m","jsonrpc":"2.0"}"#)
        try scanner.scan(first.bytes.span)
        #expect(scanner.items.count == 2)
        #expect(throws: JSONError.self) { try scanner.scan(Message(#"{"a":{"b":"#).bytes.span) }
        #expect(try second.items(using: &scanner) == ["request - \"m\" -"])
    }

    @Test(.timeLimit(.minutes(1)))
    func `scans an object of 100,000 names in linear time`() throws {
        let members = (0..<100_000).map { "\"\($0)\":0" }.joined(separator: ",")
        var scanner = MessageScanner()
        try scanner.scan(Message("{\(members)}").bytes.span)
        #expect(scanner.itemCount == 1)
    }
}
