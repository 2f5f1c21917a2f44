import HTTPProtocol
import JSONRPC
import Outbound
import Testing

@testable import Providers

@Suite("Streamed answers of language models")
struct CompletionStreamTests {
    private static let openAI = """
        data: {"choices":[{"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"delta":{"content":"Hel"}}]}

        data: {"choices":[{"delta":{"content":"lö"},"finish_reason":"length"}]}

        data: {"choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3}}

        data: [DONE]


        """
    private static let anthropic = """
        event: message_start
        data: {"type":"message_start","message":{"usage":{"input_tokens":7}}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"Hel"}}

        event: content_block_delta
        data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"lö"}}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"max_tokens"},"usage":{"output_tokens":3}}

        event: message_stop
        data: {"type":"message_stop"}


        """
    private static let google = """
        data: {"candidates":[{"content":{"parts":[{"text":"Hel"}]}}]}

        data: {"candidates":[{"content":{"parts":[{"text":"l"},{"text":"ö"}]},"finishReason":"MAX_TOKENS"}],"usageMetadata":{"promptTokenCount":7,"candidatesTokenCount":3}}


        """
    private static let streams: [(LanguageModelProvider.API, String)] = [
        (.openAI, openAI), (.anthropic, anthropic), (.google, google),
    ]

    @Test(
        "Give text, tokens and whether they were cut, however the bytes are split",
        arguments: streams
    )
    func whole(api: LanguageModelProvider.API, text: String) throws {
        let bytes = Array(text.utf8)
        for split in 0...bytes.count {
            var stream = CompletionStream(api)
            var parts = try stream.read(Array(bytes[..<split]))
            parts += try stream.read(Array(bytes[split...]))
            #expect(parts == "Hellö")
            #expect(
                try stream.end()
                    == Completion(
                        text: "Hellö",
                        promptTokens: 7,
                        completionTokens: 3,
                        isTruncated: true
                    )
            )
        }
    }

    @Test("Without their end mark they are errors", arguments: streams)
    func truncated(api: LanguageModelProvider.API, text: String) throws {
        let bytes = Array(text.utf8)
        let lastEvent = try #require(text.utf8.dropLast(2).lastIndex(of: UInt8(ascii: "\n")))
        let count = text.utf8.distance(from: text.startIndex, to: lastEvent)
        for length in 0..<count {
            var stream = CompletionStream(api)
            _ = try stream.read(Array(bytes[..<length]))
            let failure = #expect(throws: ProviderFailure.self) { try stream.end() }
            #expect(failure?.kind == .truncated && failure?.isRetryable == true)
        }
    }

    @Test(
        "An error or a broken event in the middle ends them",
        arguments: [
            (
                #"{"error":{"type":"overloaded_error","message":"m"}}"#,
                ProviderFailure.Kind.rateLimited
            ),
            (#"{"type":"error","error":{"type":"api_error"}}"#, .unavailable),
            (#"{"error":{"code":503,"status":"UNAVAILABLE"}}"#, .rateLimited),
            (#"{"choices":[{"#, .malformed), ("nothing", .malformed),
        ]
    )
    func errors(data: String, kind: ProviderFailure.Kind) {
        for api in LanguageModelProvider.API.allCases {
            var stream = CompletionStream(api)
            let failure = #expect(throws: ProviderFailure.self) {
                try stream.read(Array("data: \(data)\n\n".utf8))
            }
            #expect(failure?.kind == kind)
        }
    }

    @Test(
        "A status tells whether to try again, and when",
        arguments: [
            (429, true), (500, true), (503, true), (529, true), (408, true), (400, false),
            (401, false), (404, false), (302, false),
        ]
    )
    func statuses(status: Int, isRetryable: Bool) {
        let failure = ProviderFailure(status: status, retryAfter: 9)
        #expect(failure.isRetryable == isRetryable)
        #expect(failure.retryAfter == (isRetryable ? 9 : nil) || status == 408)
    }

    @Test(
        "A key is in the field of its API and nowhere else",
        arguments: LanguageModelProvider.API.allCases
    )
    func keys(api: LanguageModelProvider.API) throws {
        let provider = LanguageModelProvider(
            name: "p",
            api: api,
            model: "m",
            baseURL: "https://example.com/base/",
            key: "canary"
        )
        let request = try provider.request(
            Prompt(instructions: "i", text: "t \"quoted\"", maximumTokens: 9_999, temperature: 0)
        )
        #expect(request.url.target.hasPrefix("/base/") && !request.url.target.contains("canary"))
        #expect(!String(decoding: request.body, as: UTF8.self).contains("canary"))
        #expect(request.headers.fields.filter { $0.value.contains("canary") }.count == 1)
        let body = try JSONValue(parsing: request.body)
        let limit = body["max_tokens"] ?? body["generationConfig"]?["maxOutputTokens"]
        #expect(limit == 1_024)
    }
}
