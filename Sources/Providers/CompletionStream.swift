import JSONRPC

/// Puts a streamed answer together, in the form of one of the APIs.
///
/// It is complete only with its end mark: a connection that ends before is an error, as what came
/// may be half a sentence.
struct CompletionStream: Sendable {
    private let api: LanguageModelProvider.API
    private var events = ServerSentEvents()
    private var completion = Completion(
        text: "",
        promptTokens: 0,
        completionTokens: 0,
        isTruncated: false
    )
    private var hasEnded = false

    init(_ api: LanguageModelProvider.API) {
        self.api = api
    }

    /// Takes bytes of the answer and gives the text in them.
    mutating func read(_ bytes: [UInt8]) throws(ProviderFailure) -> String {
        let found: [ServerSentEvents.Event]
        do throws(ServerSentEvents.TooLong) {
            found = try events.read(bytes)
        } catch {
            throw ProviderFailure(.malformed, "an event is too long", isRetryable: false)
        }
        let length = completion.text.utf8.count
        for event in found { try take(event) }
        return String(completion.text.utf8.dropFirst(length)) ?? ""
    }

    /// The whole answer, once the connection has ended.
    func end() throws(ProviderFailure) -> Completion {
        guard hasEnded else {
            throw ProviderFailure(
                .truncated,
                "the answer ended before its end mark",
                isRetryable: true
            )
        }
        return completion
    }

    private mutating func take(_ event: ServerSentEvents.Event) throws(ProviderFailure) {
        if api == .openAI, event.data == "[DONE]" {
            hasEnded = true
            return
        }
        guard let json = try? JSONValue(parsing: event.data) else {
            throw ProviderFailure(.malformed, "an event is no JSON", isRetryable: true)
        }
        if let error = json["error"], error.objectValue != nil {
            throw ProviderFailure(streamed: error)
        }
        switch api {
        case .openAI: takeOpenAI(json)
        case .anthropic: takeAnthropic(json)
        case .google: takeGoogle(json)
        }
    }

    private mutating func takeOpenAI(_ json: JSONValue) {
        if let usage = json["usage"], usage.objectValue != nil {
            completion.promptTokens = usage.count("prompt_tokens")
            completion.completionTokens = usage.count("completion_tokens")
        }
        guard let choice = json["choices"]?.arrayValue?.first else { return }
        completion.text += choice["delta"]?["content"]?.stringValue ?? ""
        if choice["finish_reason"] == "length" { completion.isTruncated = true }
    }

    private mutating func takeAnthropic(_ json: JSONValue) {
        switch json["type"]?.stringValue {
        case "message_start":
            completion.promptTokens = json["message"]?["usage"]?.count("input_tokens") ?? 0
        case "content_block_delta":
            completion.text += json["delta"]?["text"]?.stringValue ?? ""
        case "message_delta":
            completion.completionTokens = json["usage"]?.count("output_tokens") ?? 0
            if json["delta"]?["stop_reason"] == "max_tokens" { completion.isTruncated = true }
        case "message_stop":
            hasEnded = true
        default:
            break
        }
    }

    private mutating func takeGoogle(_ json: JSONValue) {
        if let usage = json["usageMetadata"] {
            completion.promptTokens = usage.count("promptTokenCount")
            completion.completionTokens = usage.count("candidatesTokenCount")
        }
        guard let candidate = json["candidates"]?.arrayValue?.first else { return }
        for part in candidate["content"]?["parts"]?.arrayValue ?? [] {
            completion.text += part["text"]?.stringValue ?? ""
        }
        guard let reason = candidate["finishReason"]?.stringValue else { return }
        hasEnded = true
        if reason == "MAX_TOKENS" { completion.isTruncated = true }
    }
}

extension JSONValue {
    fileprivate func count(_ name: String) -> Int { max(0, self[name]?.intValue ?? 0) }
}

extension ProviderFailure {
    /// An error in the middle of a stream.
    init(streamed error: JSONValue) {
        let type = error["type"]?.stringValue ?? error["status"]?.stringValue ?? "error"
        let isOverload = ["overloaded", "rate_limit", "RESOURCE_EXHAUSTED", "UNAVAILABLE"]
            .contains { type.contains($0) }
        self.init(
            isOverload ? .rateLimited : .unavailable,
            "the provider ended the answer: \(type.prefix(100))",
            isRetryable: true
        )
    }

    /// An answer with a status that is no success.
    ///
    /// What the provider says in the body is not repeated: some repeat the key there.
    init(status: Int, retryAfter: Int?) {
        switch status {
        case 429:
            self.init(
                .rateLimited,
                "the provider takes no more requests now (429)",
                isRetryable: true,
                retryAfter: retryAfter
            )
        case 408, 500...599:
            self.init(
                .unavailable,
                "the provider answered with status \(status)",
                isRetryable: true,
                retryAfter: retryAfter
            )
        case 401, 403:
            self.init(
                .refused,
                "the provider did not accept the key (\(status))",
                isRetryable: false
            )
        default:
            self.init(
                .refused,
                "the provider answered with status \(status)",
                isRetryable: false
            )
        }
    }
}
