import AgentRuntime
import EventLoops
import HTTPProtocol
import Integrations
import JSONRPC
import Outbound
import Providers

/// What a service has answered.
struct IntegrationAnswer: Sendable {
    /// Of HTTP.
    var status: Int?
    var result: JSONValue
}

extension IntegrationHost {
    private static let models: [IntegrationType: LanguageModelProvider.API] = [
        .openAI: .openAI, .anthropic: .anthropic, .google: .google,
    ]

    /// The call that shows whether a connection works, with what it is asked.
    func test(of record: IntegrationRecord) -> (call: String, params: JSONObject) {
        guard let type = IntegrationType(rawValue: record.type) else { return ("", [:]) }
        switch catalogue.definition(of: type).service {
        case .webhook:
            return (
                "send", ["type": "integration.test", "data": ["integrationId": .string(record.id)]]
            )
        case .smtp:
            return ("check", [:])
        case .model:
            return ("complete", ["prompt": "Answer with the word ok.", "maxTokens": 16])
        case .rest(let service):
            return (service.test, [:])
        case .configured:
            return (record.configuration["test"]?.stringValue ?? "", [:])
        }
    }

    /// The call of a sync; `nil` when the type has none in that direction.
    func call(of record: IntegrationRecord, _ direction: SyncDirection) -> String? {
        guard let type = IntegrationType(rawValue: record.type) else { return nil }
        let definition = catalogue.definition(of: type)
        if let service = definition.service(for: record.configuration) {
            return direction == .pull ? service.pull : service.push
        }
        switch definition.service {
        case .smtp, .webhook: return direction == .push ? "send" : nil
        case .model, .rest, .configured: return nil
        }
    }

    /// Makes one call.
    ///
    /// - Parameters:
    ///   - name: One of the connection's calls.
    ///   - params: What it is asked.
    ///   - record: The connection.
    /// - Returns: What the service answered.
    /// - Throws: Why there is no good answer.
    func perform(
        _ name: String,
        _ params: JSONObject,
        with record: IntegrationRecord
    ) async throws(IntegrationFailure) -> IntegrationAnswer {
        guard let type = IntegrationType(rawValue: record.type) else {
            throw IntegrationFailure(.invalid, "this hub knows no type '\(record.type)'")
        }
        guard !record.isPaused else {
            throw IntegrationFailure(.held, "the integration is paused")
        }
        let problems = catalogue.problems(ofParams: params, call: name, type)
        guard problems.isEmpty else { throw IntegrationFailure(problems) }
        let values = try values(of: record)
        if let wait = permission(record.id) {
            count { $0.held &+= 1 }
            var failure = IntegrationFailure(
                .held,
                "too many requests, or the service failed again and again: try again later"
            )
            failure.isRetryable = true
            failure.retryAfter = wait
            throw failure
        }
        do throws(IntegrationFailure) {
            let answer = try await send(name, params, with: record, values, type)
            ended(record, nil)
            return answer
        } catch {
            ended(record, error)
            throw error
        }
    }

    private func send(
        _ name: String,
        _ params: JSONObject,
        with record: IntegrationRecord,
        _ values: ConnectionValues,
        _ type: IntegrationType
    ) async throws(IntegrationFailure) -> IntegrationAnswer {
        let definition = catalogue.definition(of: type)
        if let service = definition.service(for: record.configuration) {
            guard let call = service.call(name) else { throw unknown(name, record, type) }
            return try await send(call, of: service, params, values)
        }
        switch definition.service {
        case .smtp:
            return try await mail(name, params, values)
        case .model:
            guard name == "complete" else { throw unknown(name, record, type) }
            return try await complete(params, values, type)
        case .webhook:
            guard name == "send" else { throw unknown(name, record, type) }
            let id = NewID.make()
            let body: JSONValue = [
                "id": .string(id), "type": params["type"] ?? "", "data": params["data"] ?? [:],
                "timestamp": .string(
                    Timestamp(millisecondsSince1970: WallClock.milliseconds).description
                ),
            ]
            let status = try await post(body.encoded(), id: id, to: values)
            return IntegrationAnswer(status: status, result: ["id": .string(id)])
        case .rest, .configured:
            throw unknown(name, record, type)
        }
    }

    private func unknown(
        _ name: String,
        _ record: IntegrationRecord,
        _ type: IntegrationType
    ) -> IntegrationFailure {
        let names = catalogue.calls(of: type, record.configuration).joined(separator: ", ")
        return IntegrationFailure([IntegrationProblem("/call", "must be one of \(names)")])
    }

    // MARK: HTTP

    private func send(
        _ call: RESTCall,
        of service: RESTService,
        _ params: JSONObject,
        _ values: ConnectionValues
    ) async throws(IntegrationFailure) -> IntegrationAnswer {
        let request: IntegrationRequest
        do throws(IntegrationProblem) {
            request = try service.request(call, params: params, for: values)
        } catch {
            throw IntegrationFailure([error])
        }
        let response = try await send(request)
        let status = response.status.rawValue
        let isRepeatable = request.method != "POST" && request.method != "PATCH"
        guard response.status.isSuccess || call.acceptable.contains(status) else {
            throw IntegrationFailure(
                status: status,
                retryAfter: response.retryAfterSeconds,
                isRepeatable: isRepeatable
            )
        }
        return IntegrationAnswer(status: status, result: try Self.result(response, call.answer))
    }

    private static func result(
        _ response: OutboundResponse,
        _ answer: RESTCall.Answer
    ) throws(IntegrationFailure) -> JSONValue {
        let text = String(decoding: response.body, as: UTF8.self)
        let calendar =
            switch answer {
            case .json: try? JSONValue(parsing: response.body)
            case .calendar: CalendarReader.events(of: text)
            case .calendars: CalendarReader.events(ofMultistatus: text)
            }
        if let calendar { return calendar }
        guard case .json = answer else {
            throw IntegrationFailure(.refused, "the service answered without a calendar")
        }
        return .string(text)
    }

    func send(_ request: IntegrationRequest) async throws(IntegrationFailure) -> OutboundResponse {
        let url: OutboundURL
        do throws(OutboundError) {
            url = try OutboundURL(request.url)
        } catch {
            throw IntegrationFailure(error, isRepeatable: false)
        }
        var headers = HTTPHeaders()
        for header in request.headers { headers.append(header.name, header.value) }
        let isRepeatable = request.method != "POST" && request.method != "PATCH"
        let client = try client()
        do throws(OutboundError) {
            return try await client.send(
                OutboundRequest(
                    request.method,
                    url,
                    headers: headers,
                    body: request.body,
                    timeout: (configuration.integrations.timeoutMs + 999) / 1_000,
                    maximumBodyBytes: configuration.integrations.maxAnswerBytes
                )
            )
        } catch {
            throw IntegrationFailure(error, isRepeatable: isRepeatable)
        }
    }

    /// Posts a signed message to a webhook; its status, which is a success.
    func post(
        _ body: [UInt8],
        id: String,
        to values: ConnectionValues
    ) async throws(IntegrationFailure) -> Int {
        guard let signature = values.secrets["secret"].flatMap(WebhookSignature.init) else {
            throw IntegrationFailure(.secret, "the secret of signatures is missing")
        }
        let seconds = WallClock.milliseconds / 1_000
        let request = IntegrationRequest(
            "POST",
            values.configuration["url"]?.stringValue ?? "",
            headers: [.init("Content-Type", "application/json")]
                + signature.headers(id: id, timestamp: seconds, body: body),
            body: body
        )
        let response = try await send(request)
        guard response.status.isSuccess else {
            throw IntegrationFailure(
                status: response.status.rawValue,
                retryAfter: response.retryAfterSeconds,
                isRepeatable: true
            )
        }
        return response.status.rawValue
    }

    // MARK: Language models

    private func complete(
        _ params: JSONObject,
        _ values: ConnectionValues,
        _ type: IntegrationType
    ) async throws(IntegrationFailure) -> IntegrationAnswer {
        let standard = ProviderSettings(type: Self.models[type] ?? .openAI)
        let configured = values.configuration
        let provider = LanguageModelProvider(
            name: type.rawValue,
            api: standard.type ?? .openAI,
            model: configured["model"]?.stringValue ?? "",
            baseURL: configured["baseUrl"]?.stringValue ?? standard.effectiveBaseURL,
            key: values.secrets["key"],
            maximumTokens: configured["maxTokens"]?.intValue ?? standard.maxTokens
        )
        let model = LanguageModelClient(provider, over: try client())
        do throws(ProviderFailure) {
            let answer = try await model.complete(
                Prompt(
                    instructions: params["instructions"]?.stringValue ?? "Answer briefly.",
                    text: params["prompt"]?.stringValue ?? "",
                    maximumTokens: params["maxTokens"]?.intValue
                )
            ) { _ in }
            return IntegrationAnswer(
                result: [
                    "text": .string(answer.text), "engine": .string(provider.engine),
                    "promptTokens": .integer(answer.promptTokens),
                    "completionTokens": .integer(answer.completionTokens),
                    "truncated": .bool(answer.isTruncated),
                ]
            )
        } catch {
            var failure = IntegrationFailure(
                error.kind == .refused ? .refused : .unreachable,
                error.message
            )
            failure.isService = error.kind != .refused && error.kind != .cancelled
            failure.isRetryable = error.isRetryable
            failure.retryAfter = error.retryAfter.map { .seconds($0) }
            throw failure
        }
    }
}

extension ProviderSettings {
    /// The defaults of a type.
    init(type: LanguageModelProvider.API) {
        self.init(name: type.rawValue)
        self.type = type
    }
}
