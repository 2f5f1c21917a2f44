import AgentRuntime
import HubCore
import JSONRPC
import Transport

// Who may use which channel of clients: by the rules of its namespace.
extension HubLoop {
    /// The rules of a client channel, or of a pattern of such, for somebody who may read it.
    ///
    /// - Throws: NOT_FOUND, as for a channel that is not there.
    func rules(
        of name: String,
        forReaderAt id: ConnectionID,
        calling method: String
    ) throws(RPCError) -> NamespaceRules {
        let rules = context.namespaces.rules(of: name)
        guard mayRead(rules, at: id) else {
            noteDenial(of: method, .channel(name), from: id)
            throw .notFound("channel '\(name.prefix(64))' does not exist")
        }
        return rules
    }

    /// Whether the session may know of a client channel.
    func mayRead(_ name: String, at id: ConnectionID) -> Bool {
        mayRead(context.namespaces.rules(of: name), at: id)
    }

    private func mayRead(_ rules: NamespaceRules, at id: ConnectionID) -> Bool {
        session(of: id)?.user.map { rules.subscribe.admits($0.role) } ?? false
    }

    /// Refuses who may not publish on a channel: FORBIDDEN, or NOT_FOUND for who may not read it
    /// either.
    func checkPublishing(
        on name: @autoclosure () -> String,
        by least: LeastRole,
        at id: ConnectionID
    ) throws(RPCError) {
        if let role = sessions[Int(id.slot)]?.user?.role, least.admits(role) { return }
        let name = name()
        _ = try rules(of: name, forReaderAt: id, calling: "hub.publish")
        throw .forbidden("you may not publish on '\(name)'")
    }

    /// Refuses presence where it is off.
    func checkPresence(_ rules: NamespaceRules, of channel: String) throws(RPCError) {
        guard rules.hasPresence else {
            throw .forbidden("presence is off for '\(channel)'")
        }
    }
}
