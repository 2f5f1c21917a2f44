import EventLoops
import Outbound
package import Providers

/// What an operator says of one provider of language models.
package struct ProviderSettings: Equatable, Sendable {
    /// Chosen by the operator; in results and metrics.
    package var name: String
    package var type: LanguageModelProvider.API?
    /// Empty for that of the type's own service.
    package var baseURL = ""
    package var model = ""
    /// Empty for a server that asks for no key.
    package var keyFile = ""
    package var timeoutMs = 50_000
    package var idleTimeoutMs = 20_000
    package var maxTokens = 1_024

    package init(name: String) {
        self.name = name
    }

    package static let mostProviders = 16
    static let longestName = 32

    /// The key of all providers.
    static let key = ConfigurationKey(
        path: "providers",
        summary:
            "Language models that agents may ask, by a name of your choice; the first is asked "
            + "unless a task names another. Each may have: type (openai for all that speak chat "
            + "completions, anthropic, google-ai), model, baseUrl, keyFile, timeoutMs "
            + "(50000), idleTimeoutMs (20000), maxTokens (1024).",
        kind: .table,
        variable: nil,
        store: { (value, configuration) throws(ConfigurationKey.Refusal) in
            configuration.providers = try list(value)
        },
        load: { configuration in
            .object(configuration.providers.map { member($0.name, $0.value) })
        }
    )

    /// Where the API is, up to the part of the path that it names itself.
    var effectiveBaseURL: String {
        guard baseURL.isEmpty else { return baseURL }
        return switch type {
        case .openAI, nil: "https://api.openai.com/v1"
        case .anthropic: "https://api.anthropic.com"
        case .google: "https://generativelanguage.googleapis.com"
        }
    }

    private typealias Refusal = ConfigurationKey.Refusal

    private static let memberNames = [
        "type", "model", "baseUrl", "keyFile", "timeoutMs", "idleTimeoutMs", "maxTokens",
    ]

    private static func list(
        _ value: ConfigurationValue
    ) throws(ConfigurationKey.Refusal) -> [ProviderSettings] {
        guard case .object(let entries) = value else {
            throw Refusal("expected an object of providers, not \(value.description.printable)")
        }
        guard entries.count <= mostProviders else {
            throw Refusal("has \(entries.count) providers, more than \(mostProviders)")
        }
        var list: [ProviderSettings] = []
        for entry in entries {
            guard isName(entry.name) else {
                throw Refusal(
                    "'\(entry.name.printable)' is no name of a provider: 1 to \(longestName) "
                        + "letters, digits, '_' and '-', and not 'deterministic'"
                )
            }
            guard case .object(let members) = entry.value else {
                throw Refusal(
                    "'\(entry.name)': expected an object, not \(entry.value.description.printable)"
                )
            }
            var settings = ProviderSettings(name: entry.name)
            do throws(ConfigurationKey.Refusal) {
                for member in members { try settings.store(member) }
                try settings.judge()
            } catch {
                throw Refusal("'\(entry.name)': \(error.reason)")
            }
            list.append(settings)
        }
        return list
    }

    private static func isName(_ name: String) -> Bool {
        (1...longestName).contains(name.utf8.count) && name != "deterministic"
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
    }

    private mutating func store(
        _ member: ConfigurationValue.Member
    ) throws(ConfigurationKey.Refusal) {
        do throws(ConfigurationKey.Refusal) {
            switch member.name {
            case "type": type = try member.value.choice()
            case "model": model = try Self.text(member.value, longest: 128)
            case "baseUrl": baseURL = try Self.text(member.value, longest: 2_048)
            case "keyFile": keyFile = try Self.path(member.value)
            case "timeoutMs": timeoutMs = try member.value.integer(in: 1_000...600_000)
            case "idleTimeoutMs": idleTimeoutMs = try member.value.integer(in: 1_000...600_000)
            case "maxTokens": maxTokens = try member.value.integer(in: 1...1_000_000)
            default:
                let meant = Suggestion.closest(to: member.name, among: Self.memberNames)
                throw Refusal(
                    "there is no such member" + (meant.map { "; did you mean '\($0)'?" } ?? "")
                )
            }
        } catch {
            throw Refusal("\(member.name.printable): \(error.reason)")
        }
    }

    /// Judges the members taken together.
    private func judge() throws(ConfigurationKey.Refusal) {
        guard type != nil else { throw Refusal("type is missing") }
        guard !model.isEmpty else { throw Refusal("model is missing") }
        let url: OutboundURL
        do throws(OutboundError) {
            url = try OutboundURL(effectiveBaseURL)
        } catch {
            throw Refusal("baseUrl: \(error)")
        }
        if !keyFile.isEmpty, !url.isSecure, !url.isLoopback {
            throw Refusal(
                "baseUrl: would send the key of keyFile over plain HTTP to another machine; "
                    + "use https://"
            )
        }
    }

    private static func text(
        _ value: ConfigurationValue,
        longest: Int
    ) throws(ConfigurationKey.Refusal) -> String {
        guard case .string(let text) = value else {
            throw Refusal("expected a text, not \(value.description.printable)")
        }
        guard (1...longest).contains(text.utf8.count),
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") })
        else { throw Refusal("needs 1 to \(longest) ASCII characters without spaces and quotes") }
        return text
    }

    private static func path(
        _ value: ConfigurationValue
    ) throws(ConfigurationKey.Refusal) -> String {
        guard case .string(let text) = value else {
            throw Refusal("expected the path of a file, not \(value.description.printable)")
        }
        // Who took the key for its file must not find it in the log.
        guard !["sk-", "AIza", "-----BEGIN"].contains(where: text.hasPrefix) else {
            throw Refusal("give the path of a file, not the key")
        }
        guard text.utf8.count < 4096, !text.utf8.contains(0) else {
            throw Refusal("a path has at most 4095 bytes and no NUL")
        }
        return text
    }

    /// As the configuration has it.
    private var value: ConfigurationValue {
        var members = [
            Self.member("type", .string(type?.rawValue ?? "")),
            Self.member("model", .string(model)),
        ]
        if !baseURL.isEmpty { members.append(Self.member("baseUrl", .string(baseURL))) }
        if !keyFile.isEmpty { members.append(Self.member("keyFile", .string(keyFile))) }
        members += [
            Self.member("timeoutMs", .integer(timeoutMs)),
            Self.member("idleTimeoutMs", .integer(idleTimeoutMs)),
            Self.member("maxTokens", .integer(maxTokens)),
        ]
        return .object(members)
    }

    private static func member(
        _ name: String,
        _ value: ConfigurationValue
    ) -> ConfigurationValue.Member {
        ConfigurationValue.Member(name: name, line: 0, value: value)
    }
}

extension OutboundURL {
    /// Whether it names this machine without a look at a resolver.
    var isLoopback: Bool {
        if host == "localhost" { return true }
        guard let address = InternetAddress(host: host, port: 0) else { return false }
        return AddressRange.loopbackIPv4.contains(address)
            || AddressRange.loopbackIPv6.contains(address)
    }
}
