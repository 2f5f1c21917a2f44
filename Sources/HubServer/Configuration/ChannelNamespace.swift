import HubCore

/// What an operator can set for the client channels of one namespace: those whose second token is
/// its name.
///
/// What is not set is as in the namespace `*`, and what is not set there has its default.
package struct ChannelNamespace: Equatable, Sendable {
    package var historySize: Int?
    package var historyBytes: Int?
    package var historyMs: Int?
    package var presence: Bool?
    package var retained: Bool?
    package var journaled: Bool?
    package var subscribe: LeastRole?
    package var publish: LeastRole?

    package init() {}

    /// The name that stands for all namespaces that are not named.
    static let others = "*"

    /// The key of all namespaces.
    static let key = ConfigurationKey(
        path: "channels.namespaces",
        summary:
            "Rules for the client channels 'app.NAME' and 'app.NAME.…', by NAME; '*' stands for "
            + "all others. Each may have: "
            + members.map(\.name).joined(separator: ", ") + ".",
        kind: .table,
        variable: nil,
        store: { (value, configuration) throws(ConfigurationKey.Refusal) in
            configuration.channels.namespaces = try table(value)
        },
        load: { configuration in
            let sorted = configuration.channels.namespaces.sorted { $0.key < $1.key }
            return .object(sorted.map { name, namespace in member(name, namespace.value) })
        }
    )

    private struct Member: Sendable {
        let name: String
        let store:
            @Sendable (ConfigurationValue, inout ChannelNamespace) throws(ConfigurationKey.Refusal)
                -> Void
        let load: @Sendable (ChannelNamespace) -> ConfigurationValue?
    }

    private static let members: [Member] = [
        integer("historySize", \.historySize, 0...10_000_000),
        integer("historyBytes", \.historyBytes, 4096...KeyUnit.gibibyte),
        integer("historyMs", \.historyMs, 0...KeyUnit.year),
        flag("presence", \.presence),
        flag("retained", \.retained),
        flag("journaled", \.journaled),
        role("subscribe", \.subscribe),
        role("publish", \.publish),
    ]

    private typealias Place<Value> = any WritableKeyPath<ChannelNamespace, Value?> & Sendable

    private static func integer(
        _ name: String,
        _ place: Place<Int>,
        _ range: ClosedRange<Int>
    ) -> Member {
        Member(
            name: name,
            store: { (value, namespace) throws(ConfigurationKey.Refusal) in
                namespace[keyPath: place] = try value.integer(in: range)
            },
            load: { $0[keyPath: place].map(ConfigurationValue.integer) }
        )
    }

    private static func flag(_ name: String, _ place: Place<Bool>) -> Member {
        Member(
            name: name,
            store: { (value, namespace) throws(ConfigurationKey.Refusal) in
                namespace[keyPath: place] = try value.flag()
            },
            load: { $0[keyPath: place].map(ConfigurationValue.bool) }
        )
    }

    private static func role(_ name: String, _ place: Place<LeastRole>) -> Member {
        Member(
            name: name,
            store: { (value, namespace) throws(ConfigurationKey.Refusal) in
                namespace[keyPath: place] = try value.choice()
            },
            load: { $0[keyPath: place].map { .string($0.rawValue) } }
        )
    }

    /// As the configuration has it.
    private var value: ConfigurationValue {
        .object(
            Self.members.compactMap { member in
                member.load(self).map { Self.member(member.name, $0) }
            }
        )
    }

    private static func member(
        _ name: String,
        _ value: ConfigurationValue
    ) -> ConfigurationValue.Member {
        ConfigurationValue.Member(name: name, line: 0, value: value)
    }

    private static func table(
        _ value: ConfigurationValue
    ) throws(ConfigurationKey.Refusal) -> [String: ChannelNamespace] {
        guard case .object(let entries) = value else {
            throw ConfigurationKey.Refusal(
                "expected an object of namespaces, not \(value.description.printable)"
            )
        }
        var namespaces: [String: ChannelNamespace] = [:]
        for entry in entries {
            guard entry.name == others || isToken(entry.name) else {
                throw ConfigurationKey.Refusal(
                    "'\(entry.name.printable)' is no namespace: a name has letters, digits, '_' "
                        + "and '-' only, and '*' stands for all others"
                )
            }
            guard case .object(let rules) = entry.value else {
                throw ConfigurationKey.Refusal(
                    "'\(entry.name)': expected an object, not \(entry.value.description.printable)"
                )
            }
            var namespace = ChannelNamespace()
            for rule in rules { try namespace.store(rule, of: entry.name) }
            namespaces[entry.name] = namespace
        }
        return namespaces
    }

    private mutating func store(
        _ rule: ConfigurationValue.Member,
        of namespace: String
    ) throws(ConfigurationKey.Refusal) {
        guard let member = Self.members.first(where: { $0.name == rule.name }) else {
            let names = Self.members.map(\.name)
            let meant = Suggestion.closest(to: rule.name, among: names)
            throw ConfigurationKey.Refusal(
                "'\(namespace)' has no '\(rule.name.printable)'"
                    + (meant.map { "; did you mean '\($0)'?" } ?? "")
            )
        }
        do {
            try member.store(rule.value, &self)
        } catch {
            throw ConfigurationKey.Refusal("'\(namespace)': \(member.name): \(error.reason)")
        }
    }

    private static func isToken(_ name: String) -> Bool {
        !name.contains(".") && ChannelName.problem(with: name) == nil
    }
}

/// The least role that may do something; roles above it may too.
package enum LeastRole: String, CaseIterable, Sendable {
    case viewer
    case user
    case manager
    case admin
    /// No role: only who holds a token for the channel.
    case nobody
}
