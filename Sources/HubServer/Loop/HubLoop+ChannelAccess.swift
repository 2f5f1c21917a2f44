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
        return rules.isAdmitted(by: context.namespaces.rules(of: channel).subscribe)
    }

    /// Whether the session may stay subscribed to what it is subscribed to.
    func mayFollow(_ channel: String, _ id: ConnectionID) -> Bool {
        guard let rules = session(of: id)?.rules,
            rules.grant?.actions.contains(.subscribe) ?? true
        else { return false }
        return mayRead(channel, id)
    }

    /// Whether the session is told that a channel exists: that of a task or run is hidden from those who
    /// do not see all agents, as its name does not say whose it is.
    func mayList(_ channel: String, _ id: ConnectionID) -> Bool {
        if ChannelKind(channel).isOfOneThing {
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
        let slot = Int(id.slot)
        if let role = sessions[slot]?.rules?.principal.role, least.admits(role),
            sessions[slot]?.rules?.grant == nil
        {
            return
        }
        let name = name()
        if let rules = sessions[slot]?.rules, let grant = rules.grant, grant.covers(name),
            rules.isAdmitted(by: least)
        {
            return
        }
        try checkReading(name, id, calling: "hub.publish")
        throw .forbidden("you may not publish on '\(name)'")
    }

    /// Refuses what a subscriber asks for besides, and its token is not for.
    func checkActions(_ request: SubscribeRequest, _ id: ConnectionID) throws(RPCError) {
        guard let grant = session(of: id)?.rules?.grant else { return }
        if request.presence != nil, !grant.actions.contains(.presence) {
            throw .forbidden("presence is not what this subscription token is for")
        }
        if request.last != nil, !grant.actions.contains(.history) {
            throw .forbidden("'last' is not what this subscription token is for: it needs history")
        }
    }

    /// Refuses presence where it is off.
    func checkPresence(_ rules: NamespaceRules, of channel: String) throws(RPCError) {
        guard rules.hasPresence else {
            throw .forbidden("presence is off for '\(channel)'")
        }
    }
}
