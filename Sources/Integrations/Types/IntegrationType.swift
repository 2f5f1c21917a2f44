package import JSONRPC

/// What a connection to the outside speaks with.
package enum IntegrationType: String, CaseIterable, Sendable {
    /// Events of the hub, posted and signed.
    case webhook
    /// Any REST API, with calls of the operator's making.
    case http
    /// An incoming webhook of a chat, as Slack and Mattermost have them.
    case slack
    case smtp
    case caldav
    /// A calendar file that is published somewhere.
    case ics
    case openAI = "openai"
    case anthropic
    case google = "google-ai"
    case x
    case facebook
    case linkedIn = "linkedin"
    case instagram
    case googleAnalytics = "google-analytics"
    case facebookPixel = "facebook-pixel"
    case stripe
}

/// Which way a sync goes.
package enum SyncDirection: String, CaseIterable, Sendable {
    /// From the service to the hub.
    case pull
    case push
}

/// One secret of a connection, stored apart from its configuration.
package struct SecretField: Sendable {
    package var name: String
    package var isRequired: Bool
    package var description: String

    package init(_ name: String, isRequired: Bool = true, _ description: String) {
        self.name = name
        self.isRequired = isRequired
        self.description = description
    }
}

/// Everything that is known of a type of connections.
package struct IntegrationDefinition: Sendable {
    package enum Service: Sendable {
        case webhook
        /// Calls that are known beforehand.
        case rest(RESTService)
        /// Calls that the configuration names.
        case configured
        case smtp
        case model
    }

    package var type: IntegrationType
    /// One line for people.
    package var summary: String
    /// JSON Schema of `config`, within the dialect of JSONSchema.
    package var configuration: JSONValue
    package var secrets: [SecretField]
    package var service: Service

    /// The definition of a type.
    package static func of(_ type: IntegrationType) -> IntegrationDefinition {
        switch type {
        case .webhook: webhook
        case .http: http
        case .slack: slack
        case .smtp: smtp
        case .caldav: caldav
        case .ics: ics
        case .openAI: model(.openAI, "chat completions of OpenAI, llama.cpp, Ollama or vLLM")
        case .anthropic: model(.anthropic, "messages of Anthropic")
        case .google: model(.google, "generateContent of Google")
        case .x: x
        case .facebook: facebook
        case .linkedIn: linkedIn
        case .instagram: instagram
        case .googleAnalytics: googleAnalytics
        case .facebookPixel: facebookPixel
        case .stripe: stripe
        }
    }

    /// The calls of a connection with this configuration.
    package func service(for configuration: JSONObject) -> RESTService? {
        switch service {
        case .rest(let service): service
        case .configured: RESTService(configured: configuration)
        case .webhook, .smtp, .model: nil
        }
    }
}
