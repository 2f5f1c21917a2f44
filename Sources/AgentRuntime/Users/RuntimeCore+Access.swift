import Identity
import JSONRPC

/// On whose behalf the command at hand is carried out, and what that one may see.
struct Asking: Sendable {
    var caller: Caller
    var method: String?
    var rules: AccessRules
}

// What a caller may not see is not there: it is answered like what does not exist, and the audit
// tells it apart.
extension RuntimeCore {
    /// What a caller may do and see at this moment; `nil` when it has lost all of it.
    ///
    /// The hub itself, which has no principal, sees everything.
    func rules(of caller: Caller) -> AccessRules? {
        guard let principal = caller.principal else { return AccessRules(.hub, assigned: []) }
        return state.identity.current(principal, now: now.wall.millisecondsSince1970)
    }

    /// Begins to carry out a command; `false` when its caller has lost all rights meanwhile.
    mutating func begin(_ order: Order) -> Bool {
        guard let rules = rules(of: order.caller) else {
            refuse(order.ticket, .unauthenticated("access was revoked"))
            return false
        }
        asking = Asking(caller: order.caller, method: order.command.method, rules: rules)
        return true
    }

    /// A task that the caller may see.
    mutating func visibleTask(_ id: String) -> TaskRecord? {
        guard let record = state.tasks[id] else { return nil }
        guard asking.rules.sees(taskOf: record.definition.agentID) else {
            noteDenial(.task(id))
            return nil
        }
        return record
    }

    /// An agent that there is and the caller may see.
    mutating func visibleAgent(_ id: String) -> AgentRecord? {
        guard let record = state.agents[id], catalogue.description(of: id) != nil else {
            return nil
        }
        guard asking.rules.sees(agent: id) else {
            noteDenial(.agent(id))
            return nil
        }
        return record
    }

    mutating func noteDenial(_ object: AuditObject) {
        guard let method = asking.method else { return }
        output.denials.append(
            Denial(
                method: method,
                actor: asking.caller.actor,
                object: object,
                reason: ErrorCode.forbidden.name,
                at: now.wall
            )
        )
    }
}

extension Principal {
    /// The hub itself.
    static let hub = Principal(userID: "", role: .admin, credential: .development)
}

extension Command {
    /// The method that gives the command; `nil` for those that stand behind a subscription.
    var method: String? {
        if let auditedMethod { return auditedMethod }
        return switch self {
        case .getTask: "tasks.get"
        case .listTasks: "tasks.list"
        case .taskResult: "tasks.result"
        case .waitTask: "tasks.wait"
        case .listAgents: "agents.list"
        case .getAgent: "agents.get"
        case .agentMetrics: "agents.metrics"
        case .state: "hub.subscribe"
        case .statistics: "system.stats"
        case .schedule(let command): command.method
        case .workflow(let command): command.method
        case .publish: "hub.publish"
        case .analytics(let command): command.method
        case .worker(let command): command.method
        case .createTask, .cancelTask, .retryTask, .controlAgent, .configureAgent, .snapshot,
            .identity, .integration, .forgetChannels:
            nil
        }
    }
}
