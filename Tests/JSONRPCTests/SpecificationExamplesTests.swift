import JSONRPC
import Testing

/// The examples of section 7, verbatim, put to a server that has the specification's methods.
///
/// Of an error only code and id are the specification's to say.
@Suite("JSON-RPC 2.0 specification §7")
struct SpecificationExamplesTests {
    @Test(
        arguments: [
            (
                #"{"jsonrpc": "2.0", "method": "subtract", "params": [42, 23], "id": 1}"#,
                #"{"jsonrpc": "2.0", "result": 19, "id": 1}"#
            ),
            (
                #"{"jsonrpc": "2.0", "method": "subtract", "params": [23, 42], "id": 2}"#,
                #"{"jsonrpc": "2.0", "result": -19, "id": 2}"#
            ),
            (
                #"{"jsonrpc": "2.0", "method": "subtract", "params": {"subtrahend": 23, "minuend": 42}, "id": 3}"#,
                #"{"jsonrpc": "2.0", "result": 19, "id": 3}"#
            ),
            (
                #"{"jsonrpc": "2.0", "method": "subtract", "params": {"minuend": 42, "subtrahend": 23}, "id": 4}"#,
                #"{"jsonrpc": "2.0", "result": 19, "id": 4}"#
            ),
            (#"{"jsonrpc": "2.0", "method": "update", "params": [1,2,3,4,5]}"#, ""),
            (#"{"jsonrpc": "2.0", "method": "foobar"}"#, ""),
            (
                #"{"jsonrpc": "2.0", "method": "foobar", "id": "1"}"#,
                #"{"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "1"}"#
            ),
            (
                #"{"jsonrpc": "2.0", "method": "foobar, "params": "bar", "baz]"#,
                #"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#
            ),
            (
                #"{"jsonrpc": "2.0", "method": 1, "params": "bar"}"#,
                #"{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}"#
            ),
            (
                """
                [
                  {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
                  {"jsonrpc": "2.0", "method"
                ]
                """,
                #"{"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}, "id": null}"#
            ),
            (
                "[]",
                #"{"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}"#
            ),
            (
                "[1]",
                """
                [
                  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
                ]
                """
            ),
            (
                "[1,2,3]",
                """
                [
                  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
                  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
                  {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null}
                ]
                """
            ),
            (
                """
                [
                        {"jsonrpc": "2.0", "method": "sum", "params": [1,2,4], "id": "1"},
                        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]},
                        {"jsonrpc": "2.0", "method": "subtract", "params": [42,23], "id": "2"},
                        {"foo": "boo"},
                        {"jsonrpc": "2.0", "method": "foo.get", "params": {"name": "myself"}, "id": "5"},
                        {"jsonrpc": "2.0", "method": "get_data", "id": "9"}
                    ]
                """,
                """
                [
                        {"jsonrpc": "2.0", "result": 7, "id": "1"},
                        {"jsonrpc": "2.0", "result": 19, "id": "2"},
                        {"jsonrpc": "2.0", "error": {"code": -32600, "message": "Invalid Request"}, "id": null},
                        {"jsonrpc": "2.0", "error": {"code": -32601, "message": "Method not found"}, "id": "5"},
                        {"jsonrpc": "2.0", "result": ["hello", 5], "id": "9"}
                    ]
                """
            ),
            (
                """
                [
                        {"jsonrpc": "2.0", "method": "notify_sum", "params": [1,2,4]},
                        {"jsonrpc": "2.0", "method": "notify_hello", "params": [7]}
                    ]
                """,
                ""
            ),
        ]
    )
    func `answers as specified`(message: String, expected: String) throws {
        let answer = SpecificationServer().answer(to: message)
        guard !expected.isEmpty else {
            #expect(answer.isEmpty)
            return
        }
        #expect(try essence(JSONValue(parsing: answer)) == essence(JSONValue(parsing: expected)))
    }

    /// An answer without what the specification leaves open: order of members, error messages.
    private func essence(_ answer: JSONValue) -> JSONValue {
        switch answer {
        case .array(let answers):
            .array(answers.map(essence))
        case .null, .bool, .number, .string, .object:
            [
                "jsonrpc": answer["jsonrpc"] ?? "missing", "id": answer["id"] ?? "missing",
                "result": answer["result"] ?? "none",
                "code": answer["error"]?["code"] ?? "none",
            ]
        }
    }
}

/// The methods that the specification's examples call.
private struct SpecificationServer {
    func answer(to text: String) -> [UInt8] {
        let message = Array(text.utf8)
        var answer: [UInt8] = []
        var scanner = MessageScanner()
        do {
            try scanner.scan(message.span)
        } catch {
            answer.appendResponse(id: nil, error: .parseError(error))
            return answer
        }
        var brackets = BatchBrackets()
        for item in scanner.items {
            switch item {
            case .request(let request):
                let result = call(request, in: message)
                guard let id = request.id else { continue }
                if scanner.isBatch { brackets.separate(in: &answer) }
                switch result {
                case .success(let value):
                    answer.appendResponse(id: id, of: message.span, result: value.encoded())
                case .failure(let error):
                    answer.appendResponse(id: id, of: message.span, error: error)
                }
            case .invalid(let id, let problem):
                if scanner.isBatch { brackets.separate(in: &answer) }
                answer.appendResponse(id: id, of: message.span, error: .invalidRequest(problem))
            case .response:
                continue
            }
        }
        brackets.close(in: &answer)
        return answer
    }

    private func call(
        _ request: MessageItem.Request,
        in message: [UInt8]
    ) -> Result<JSONValue, RPCError> {
        let method = message.span.jsonString(request.method) ?? ""
        let params = request.params.map { JSONValue(validated: message.span, $0) }
        let numbers = params?.arrayValue?.compactMap(\.intValue) ?? []
        switch method {
        case "subtract":
            let minuend = params?["minuend"]?.intValue ?? numbers.first
            let subtrahend = params?["subtrahend"]?.intValue ?? numbers.last
            return .success(.integer((minuend ?? 0) - (subtrahend ?? 0)))
        case "sum":
            return .success(.integer(numbers.reduce(0, +)))
        case "get_data":
            return .success(["hello", 5])
        default:
            return .failure(.methodNotFound(method))
        }
    }
}
