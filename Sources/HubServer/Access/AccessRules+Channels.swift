import HubCore
import Identity
import JSONRPC

extension AccessRules {
    /// Whether one may read a channel, its past and that it exists, but for what a subscription
    /// token is not for.
    ///
    /// Of a task only the runtime knows whose it is. Events of other agents in a channel that one
    /// may read are hidden by ``filter(_:of:)``.
    func mayRead(_ channel: String) -> Bool {
        if let grant, !grant.covers(channel) { return false }
        return switch ChannelKind(channel) {
        case .audit: principal.role == .admin
        case .collection: channel != "system" || principal.role >= .manager
        case .agent(let id): sees(agent: id)
        case .client, .task, .run, .pattern, .unknown: true
        }
    }

    /// Whether the rule of a namespace lets one do something there.
    ///
    /// What no role may do is for holders of tokens that an administrator has issued.
    func isAdmitted(by least: LeastRole) -> Bool {
        least.admits(principal.role) || grant != nil && mayGrant(by: least)
    }

    /// Whether the rule of a namespace lets one issue tokens for it.
    func mayGrant(by least: LeastRole) -> Bool {
        least.admits(principal.role) || least == .nobody && principal.role == .admin
    }

    /// What one gets of a channel when one asks for `wanted` of it.
    func filter(_ wanted: EventFilter?, of channel: String) -> EventFilter? {
        let carriesEvents =
            switch ChannelKind(channel) {
            case .collection, .agent, .task, .run: true
            case .pattern: !channel.hasPrefix("app.")
            case .audit, .client, .unknown: false
            }
        guard carriesEvents else { return wanted }
        var filter = wanted ?? EventFilter()
        filter.visibleAgents =
            switch agents {
            case .all: nil
            case .only(let ids): Set(ids.map(MarkHash.of))
            }
        filter.visibleOwner =
            switch agents {
            case .all: nil
            case .only: MarkHash.of(principal.userID)
            }
        return filter == EventFilter() ? nil : filter
    }
}

extension Permission {
    /// Refuses whoever may not call a method that takes this permission.
    func check(_ rules: AccessRules?, calling method: String) throws(RPCError) {
        guard let rules else {
            if self == .anyone { return }
            throw .unauthenticated("\(method) needs an authenticated session")
        }
        guard !rules.allows(self, method: method) else { return }
        if let grant = rules.grant, !grant.allows(method) {
            throw .forbidden("\(method) is not what this subscription token is for")
        }
        if let least = leastRole, rules.principal.role < least {
            throw .forbidden("\(method) is for the role \(least.rawValue) and those above it")
        }
        throw .forbidden("\(method) is not in the scope of this API key")
    }
}
