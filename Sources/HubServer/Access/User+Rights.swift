import JSONRPC

// What a user may do, decided in one place. Nobody but administrators exists yet, so all that is
// decided is what is for them alone.
extension User {
    /// Whether the user may read a channel, its past and that it exists.
    func mayRead(_ channel: String) -> Bool {
        switch ChannelKind(channel) {
        case .audit: role == .admin
        case .client, .collection, .agent, .task, .pattern, .unknown: true
        }
    }
}

extension Method.Access {
    /// Refuses a user who may not call a method of this kind.
    func check(_ user: User?, calling method: String) throws(RPCError) {
        if self == .anyone { return }
        guard let user else {
            throw .unauthenticated("\(method) needs an authenticated session")
        }
        if self == .administrator, user.role != .admin {
            throw .forbidden("\(method) is for administrators")
        }
    }
}
