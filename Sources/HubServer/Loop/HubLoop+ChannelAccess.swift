import AgentRuntime
import HubCore
import Identity
import JSONRPC
import Transport

// Who may use which channel: by what the user may see, and for channels of clients by the rules of
// their namespace.
extension HubLoop {
    /// Whether the session may read a channel or pattern, its past and that it exists.
    func mayRead(_ channel: String, _ id: ConnectionID) -> Bool {
        guard let rules = session(of: id)?.rules, rules.mayRead(channel) else { return false }
        guard channel.hasPrefix("app.") else { return true }
        return context.namespaces.rules(of: channel).subscribe.admits(rules.principal.role)
    }

    /// Whether the session is told that a channel exists: that of a task is hidden from those who
    /// do not see all agents, as its name does not say whose it is.
    func mayList(_ channel: String, _ id: ConnectionID) -> Bool {
        if case .task = ChannelKind(channel) {
            return session(of: id)?.rules?.seesAllAgents == true
        }
        return mayRead(channel, id)
    }

    /// Refuses who may not read a channel: NOT_FOUND, as for one that is not there.
    func checkReading(
        _ channel: String,
        _ id: ConnectionID,
        calling method: String
    ) throws(RPCError) {
        guard mayRead(channel, id) else {
            noteDenial(of: method, .channel(channel), from: id)
            throw .notFound("channel '\(channel.prefix(64))' does not exist")
        }
    }

    /// Refuses who may not publish on a channel: FORBIDDEN, or NOT_FOUND for who may not read it
    /// either.
    func checkPublishing(
        on name: @autoclosure () -> String,
        by least: LeastRole,
        at id: ConnectionID
    ) throws(RPCError) {
        if let role = sessions[Int(id.slot)]?.rules?.principal.role, least.admits(role) { return }
        let name = name()
        try checkReading(name, id, calling: "hub.publish")
        throw .forbidden("you may not publish on '\(name)'")
    }

    /// Refuses presence where it is off.
    func checkPresence(_ rules: NamespaceRules, of channel: String) throws(RPCError) {
        guard rules.hasPresence else {
            throw .forbidden("presence is off for '\(channel)'")
        }
    }
}
