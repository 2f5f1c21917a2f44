import Outbound

/// A configured provider of a language model.
package struct LanguageModelProvider: Sendable {
    /// The form of its requests and answers.
    package enum API: String, CaseIterable, Sendable {
        /// Chat completions, as OpenAI, llama.cpp, Ollama and vLLM speak them.
        case openAI = "openai"
        /// Messages of Anthropic.
        case anthropic
        /// generateContent of Google.
        case google = "google-ai"
    }

    /// Chosen in the configuration.
    package var name: String
    package var api: API
    package var model: String
    /// Up to the part of the path that the API names itself.
    package var baseURL: String
    /// Never in a log or error; `nil` for servers that ask for none.
    package var key: String?
    /// For one answer, in seconds.
    package var timeout: Int
    /// For a pause within an answer, in seconds.
    package var idleTimeout: Int
    /// Of one answer.
    package var maximumTokens: Int

    package init(
        name: String,
        api: API,
        model: String,
        baseURL: String,
        key: String?,
        timeout: Int = 50,
        idleTimeout: Int = 20,
        maximumTokens: Int = 1_024
    ) {
        self.name = name
        self.api = api
        self.model = model
        self.baseURL = baseURL
        self.key = key
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.maximumTokens = maximumTokens
    }

    /// What results say about who wrote them.
    package var engine: String { "\(name)/\(model)" }
}

/// What a language model is asked.
package struct Prompt: Equatable, Sendable {
    /// What it is and must keep to.
    package var instructions: String
    package var text: String
    /// `nil` for the provider's own limit.
    package var maximumTokens: Int?
    /// 0 for the most likely words; `nil` for the provider's default.
    package var temperature: Double?

    package init(
        instructions: String,
        text: String,
        maximumTokens: Int? = nil,
        temperature: Double? = nil
    ) {
        self.instructions = instructions
        self.text = text
        self.maximumTokens = maximumTokens
        self.temperature = temperature
    }
}

/// A whole answer.
package struct Completion: Equatable, Sendable {
    package var text: String
    /// As the provider counts them; 0 when it does not tell.
    package var promptTokens: Int
    package var completionTokens: Int
    /// It ended because it became too long.
    package var isTruncated: Bool
}

/// Why there is no answer.
package struct ProviderFailure: Error, Equatable, Sendable {
    package enum Kind: String, Sendable {
        case rateLimited = "PROVIDER_RATE_LIMITED"
        case unavailable = "PROVIDER_UNAVAILABLE"
        case refused = "PROVIDER_REFUSED"
        /// The stream ended before its end mark.
        case truncated = "PROVIDER_STREAM_TRUNCATED"
        case malformed = "PROVIDER_ANSWER_MALFORMED"
        case timeout = "PROVIDER_TIMEOUT"
        case cancelled = "CANCELLED"
    }

    package var kind: Kind
    /// For people; without keys and without the prompt.
    package var message: String
    package var isRetryable: Bool
    /// Seconds to wait, when the provider says so.
    package var retryAfter: Int?

    package init(_ kind: Kind, _ message: String, isRetryable: Bool, retryAfter: Int? = nil) {
        self.kind = kind
        self.message = message
        self.isRetryable = isRetryable
        self.retryAfter = retryAfter
    }
}

extension ProviderFailure {
    /// What an error of the connection means.
    init(_ error: OutboundError) {
        let kind: Kind =
            switch error {
            case .timeout, .idle: .timeout
            case .closed: .truncated
            case .cancelled: .cancelled
            case .protocolViolation, .tooLarge: .malformed
            case .url, .name, .forbiddenAddress, .connection, .tls, .busy: .unavailable
            }
        self.init(kind, error.description, isRetryable: error.isTemporary)
    }
}
