import AgentRuntime
import EventLoops
import Outbound
import Providers
import Synchronization

/// The language models of the configuration, and what was asked of them.
final class ConfiguredProviders: LanguageModels {
    private let models: [ConfiguredModel]
    private let client: OutboundClient

    /// Reads the keys.
    ///
    /// What the configuration names may be anywhere, this machine included: it is the operator's
    /// choice, and no client of the hub can change it.
    ///
    /// - Returns: `nil` when none is configured.
    /// - Throws: Which key cannot be read, and why; or that there is no TLS.
    static func load(_ configuration: HubConfiguration) throws -> ConfiguredProviders? {
        guard !configuration.providers.isEmpty else { return nil }
        var providers: [LanguageModelProvider] = []
        for settings in configuration.providers {
            providers.append(try provider(settings))
        }
        return ConfiguredProviders(
            providers,
            client: OutboundClient(
                policy: .everywhere,
                trusting: try OutboundTrust.context(configuration),
                maximum: configuration.outbound.maxProviderRequests
            )
        )
    }

    init(_ providers: [LanguageModelProvider], client: OutboundClient) {
        self.client = client
        models = providers.map { ConfiguredModel(LanguageModelClient($0, over: client)) }
    }

    var names: [String] { models.map(\.name) }

    func model(named name: String?) -> (any LanguageModel)? {
        guard let name else { return models.first }
        return models.first { $0.name == name }
    }

    var requestsUnderWay: Int { client.requestsUnderWay }

    var figures: [ProviderFigures] { models.map(\.figures) }

    private static func provider(
        _ settings: ProviderSettings
    ) throws(KeyFileError) -> LanguageModelProvider {
        LanguageModelProvider(
            name: settings.name,
            api: settings.type ?? .openAI,
            model: settings.model,
            baseURL: settings.effectiveBaseURL,
            key: try key(settings),
            timeout: wholeSeconds(settings.timeoutMs),
            idleTimeout: wholeSeconds(settings.idleTimeoutMs),
            maximumTokens: settings.maxTokens
        )
    }

    private static func wholeSeconds(_ milliseconds: Int) -> Int { (milliseconds + 999) / 1_000 }

    private static func key(_ settings: ProviderSettings) throws(KeyFileError) -> String? {
        guard !settings.keyFile.isEmpty else { return nil }
        let name = "providers.\(settings.name).keyFile"
        var bytes: [UInt8]
        do throws(SecretFileError) {
            bytes = try SecretFile.read(settings.keyFile, maximumBytes: 4_096)
        } catch {
            let status = error.isPermission ? ExitStatus.noPermission : .configuration
            throw KeyFileError(name, settings.keyFile, error.reason, status: status)
        }
        defer { bytes.wipe() }
        let ends: Set<UInt8> = [0x0A, 0x0D, 0x20]
        let key = bytes.drop { ends.contains($0) }.reversed().drop { ends.contains($0) }.reversed()
        // What a header cannot carry is no key; anything else in it could end the header.
        guard !key.isEmpty, key.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw KeyFileError(name, settings.keyFile, "holds no key: one line without spaces")
        }
        return String(decoding: key, as: UTF8.self)
    }
}

/// What was asked of one provider since the start.
struct ProviderFigures: Sendable {
    /// Fixed, so that labels are.
    static let failures: [ProviderFailure.Kind] = [
        .rateLimited, .unavailable, .refused, .truncated, .malformed, .timeout, .cancelled,
    ]

    var name: String
    var completed: UInt64 = 0
    var failed: [ProviderFailure.Kind: UInt64] = [:]
    var usage = TokenUsage()
}

/// One provider's model, as the runtime knows it.
final class ConfiguredModel: LanguageModel {
    private let client: LanguageModelClient
    private let counted: Mutex<ProviderFigures>

    init(_ client: LanguageModelClient) {
        self.client = client
        counted = Mutex(ProviderFigures(name: client.provider.name))
    }

    var name: String { client.provider.name }
    var engine: String { client.provider.engine }
    var figures: ProviderFigures { counted.withLock { $0 } }

    func complete(
        _ question: ModelQuestion,
        onText: @escaping @Sendable (String) -> Void
    ) async throws -> ModelAnswer {
        let prompt = Prompt(
            instructions: question.instructions,
            text: question.text,
            maximumTokens: question.maximumTokens
        )
        let completion: Completion
        do throws(ProviderFailure) {
            completion = try await client.complete(prompt, onText: onText)
        } catch {
            counted.withLock { $0.failed[error.kind, default: 0] &+= 1 }
            if error.kind == .cancelled { throw CancellationError() }
            throw TaskFailure(
                code: error.kind.rawValue,
                message: "\(name): \(error.message)",
                isRetryable: error.isRetryable,
                retryAfter: error.retryAfter.map { .seconds($0) }
            )
        }
        let usage = TokenUsage(
            prompt: completion.promptTokens,
            completion: completion.completionTokens
        )
        counted.withLock {
            $0.completed &+= 1
            $0.usage = $0.usage + usage
        }
        return ModelAnswer(
            text: completion.text,
            usage: usage,
            isTruncated: completion.isTruncated
        )
    }
}
