import HubCore
import Identity

/// What holds for the client channels of one namespace.
struct NamespaceRules: Equatable, Sendable {
    var history: HistoryLimits
    /// Whether it can be known who is subscribed.
    var hasPresence: Bool
    /// Whether who subscribes without asking for a past gets the newest publication.
    var isRetained: Bool
    /// Whether publications are on disk before they are delivered, and survive restarts.
    var isJournaled: Bool
    /// Who may subscribe, and read the past and who is there.
    var subscribe: LeastRole
    var publish: LeastRole
}

/// The rules of all namespaces: a client channel is of the one that its second token names.
struct NamespaceTable: Sendable {
    private let named: [String: NamespaceRules]
    private let others: NamespaceRules

    init(_ channels: HubConfiguration.Channels) {
        let defaults = NamespaceRules(
            history: channels.clientHistory,
            hasPresence: true,
            isRetained: false,
            isJournaled: false,
            subscribe: .viewer,
            publish: .user
        )
        let others = defaults.changed(by: channels.namespaces[ChannelNamespace.others])
        self.others = others
        named =
            channels.namespaces
            .filter { $0.key != ChannelNamespace.others }
            .mapValues { others.changed(by: $0) }
    }

    /// The rules of a client channel, or of a pattern of such; of a pattern over several namespaces
    /// those of all others, with whoever may subscribe to, and publish on, each of them.
    func rules(of name: String) -> NamespaceRules {
        let tokens = name.split(separator: ".", maxSplits: 2)
        let namespace = tokens.count > 1 ? tokens[1] : ""
        guard namespace == "*" || namespace == ">" else {
            return named[String(namespace)] ?? others
        }
        var rules = others
        for other in named.values {
            rules.subscribe = max(rules.subscribe, other.subscribe)
            rules.publish = max(rules.publish, other.publish)
        }
        return rules
    }
}

extension NamespaceRules {
    fileprivate func changed(by namespace: ChannelNamespace?) -> NamespaceRules {
        guard let namespace else { return self }
        var rules = self
        rules.hasPresence = namespace.presence ?? hasPresence
        rules.isRetained = namespace.retained ?? isRetained
        rules.isJournaled = namespace.journaled ?? isJournaled
        rules.subscribe = namespace.subscribe ?? subscribe
        rules.publish = namespace.publish ?? publish
        rules.history = HistoryLimits(
            count: namespace.historySize ?? history.count,
            bytes: namespace.historyBytes ?? history.bytes,
            milliseconds: namespace.historyMs.map { UInt64($0) } ?? history.milliseconds,
            keepsNewest: rules.isRetained
        )
        return rules
    }
}

extension LeastRole: Comparable {
    private var rank: Int {
        switch self {
        case .viewer: 0
        case .user: 1
        case .manager: 2
        case .admin: 3
        case .nobody: 4
        }
    }

    package static func < (lower: LeastRole, higher: LeastRole) -> Bool {
        lower.rank < higher.rank
    }

    /// Whether somebody of a role may do it.
    func admits(_ role: Role) -> Bool {
        switch role {
        case .viewer: self <= .viewer
        case .user: self <= .user
        case .manager: self <= .manager
        case .admin: self <= .admin
        }
    }
}
