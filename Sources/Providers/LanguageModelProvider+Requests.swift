import HTTPProtocol
import JSONRPC
import Outbound

extension LanguageModelProvider {
    /// The request for a streamed answer.
    func request(_ prompt: Prompt) throws(ProviderFailure) -> OutboundRequest {
        let url: OutboundURL
        do throws(OutboundError) {
            url = try OutboundURL(baseURL.withoutTrailingSlash + path)
        } catch {
            throw ProviderFailure(.refused, error.description, isRetryable: false)
        }
        var headers = HTTPHeaders([
            ("Content-Type", "application/json"), ("Accept", "text/event-stream"),
        ])
        for (name, value) in authorization { headers.append(name, value) }
        var writer = JSONWriter()
        writer.value(body(prompt))
        return OutboundRequest(
            "POST",
            url,
            headers: headers,
            body: writer.takeBytes(),
            timeout: timeout,
            idleTimeout: idleTimeout,
            maximumBodyBytes: 8 << 20
        )
    }

    private var path: String {
        switch api {
        case .openAI: "/chat/completions"
        case .anthropic: "/v1/messages"
        case .google: "/v1beta/models/\(model):streamGenerateContent?alt=sse"
        }
    }

    private var authorization: [(String, String)] {
        switch api {
        case .openAI: key.map { [("Authorization", "Bearer \($0)")] } ?? []
        case .anthropic:
            [("anthropic-version", "2023-06-01")] + (key.map { [("x-api-key", $0)] } ?? [])
        case .google: key.map { [("x-goog-api-key", $0)] } ?? []
        }
    }

    private func body(_ prompt: Prompt) -> JSONValue {
        let limit = JSONValue.integer(min(prompt.maximumTokens ?? maximumTokens, maximumTokens))
        let temperature = prompt.temperature.map(JSONValue.double)
        var object: JSONObject
        switch api {
        case .openAI:
            object = [
                "model": .string(model),
                "messages": [
                    ["role": "system", "content": .string(prompt.instructions)],
                    ["role": "user", "content": .string(prompt.text)],
                ],
                "max_tokens": limit,
                "stream": true,
                "stream_options": ["include_usage": true],
            ]
            object["temperature"] = temperature
        case .anthropic:
            object = [
                "model": .string(model),
                "system": .string(prompt.instructions),
                "messages": [["role": "user", "content": .string(prompt.text)]],
                "max_tokens": limit,
                "stream": true,
            ]
            object["temperature"] = temperature
        case .google:
            var configuration: JSONObject = ["maxOutputTokens": limit]
            configuration["temperature"] = temperature
            object = [
                "systemInstruction": ["parts": [["text": .string(prompt.instructions)]]],
                "contents": [["role": "user", "parts": [["text": .string(prompt.text)]]]],
                "generationConfig": .object(configuration),
            ]
        }
        return .object(object)
    }
}

extension String {
    fileprivate var withoutTrailingSlash: String {
        hasSuffix("/") ? String(dropLast()) : self
    }
}
