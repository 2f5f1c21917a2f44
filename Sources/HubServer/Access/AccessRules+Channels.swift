import Identity
import JSONRPC

extension AccessRules {
    /// Whether one may read a channel, its past and that it exists.
    func mayRead(_ channel: String) -> Bool {
        switch ChannelKind(channel) {
        case .audit: principal.role == .admin
        case .client, .collection, .agent, .task, .pattern, .unknown: true
        }
    }
}

extension Permission {
    /// Refuses whoever may not call a method that takes this permission.
    func check(_ rules: AccessRules?, calling method: String) throws(RPCError) {
        if self == .anyone { return }
        guard let rules else {
            throw .unauthenticated("\(method) needs an authenticated session")
        }
        guard !rules.allows(self, method: method) else { return }
        if let least = leastRole, rules.principal.role < least {
            throw .forbidden("\(method) is for the role \(least.rawValue) and those above it")
        }
        throw .forbidden("\(method) is not in the scope of this API key")
    }
}
