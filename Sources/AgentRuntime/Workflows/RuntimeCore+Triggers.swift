import Identity
import JSONRPC
import Workflows

/// Which workflows events start, by the types of events.
struct TriggerIndex: Sendable {
    private var byType: [String: [(name: String, trigger: WorkflowTrigger)]] = [:]
    private var ofAnyType: [(name: String, trigger: WorkflowTrigger)] = []

    var isEmpty: Bool { byType.isEmpty && ofAnyType.isEmpty }

    init() {}

    init(_ versions: [WorkflowVersion]) {
        for version in versions {
            for trigger in version.triggers {
                if trigger.types.isEmpty { ofAnyType.append((version.name, trigger)) }
                for type in trigger.types {
                    byType[type, default: []].append((version.name, trigger))
                }
            }
        }
    }

    /// The workflows that an event starts, each once.
    func matches(_ event: Event, taskType: String?) -> [String] {
        var names: [String] = []
        for (name, trigger) in (byType[event.type.rawValue] ?? []) + ofAnyType
        where trigger.matches(event, taskType: taskType) && !names.contains(name) {
            names.append(name)
        }
        return names
    }
}

/// An event that starts a run.
struct PendingTrigger: Sendable {
    var workflow: String
    var event: RecordedEvent
    /// How many runs have led to the event.
    var chain: Int
}

/// What becomes of events that start runs.
package enum TriggerOutcome: String, CaseIterable, Sendable {
    case started
    /// Too many runs have led to it, one to the next.
    case depth
    /// The workflow was started too often of late.
    case rate
    /// The run could not begin: too many have not ended, or its owner may not see the event.
    case refused
}

// Events that start runs. What an event starts is in the same commit as the event.
extension RuntimeCore {
    /// Input of runs that one commit starts; those beyond are in the next.
    private static var triggeredBytesOfTurn: Int { 4 << 20 }
    /// Events that wait to start runs.
    private static var maximumPending: Int { 4_096 }

    mutating func indexTriggers() {
        triggers = TriggerIndex(state.workflows.newest)
        triggerRates = triggerRates.filter { state.workflows.names[$0.key] != nil }
    }

    /// Looks whether an event that has just happened starts runs.
    mutating func considerTriggers(_ recorded: RecordedEvent) {
        guard !triggers.isEmpty else { return }
        let event = recorded.event
        switch event.change.topic {
        case .audit, .client, .none: return
        case .task, .agent, .system, .schedule, .workflow: break
        }
        let taskType = event.taskID.flatMap { state.tasks[$0]?.definition.type }
        for name in triggers.matches(event, taskType: taskType) {
            guard pendingTriggers.count < Self.maximumPending else {
                count(.refused)
                continue
            }
            pendingTriggers.append(
                PendingTrigger(workflow: name, event: recorded, chain: chain(to: event))
            )
        }
    }

    /// How many runs have led to an event, one to the next.
    private func chain(to event: Event) -> Int {
        let run: String? =
            if case .workflow(let change) = event.change { change.runID } else {
                event.taskID.flatMap { runOfWork[$0] }
            }
        return run.flatMap { state.runs[$0] }.map { $0.start.chain + 1 } ?? 0
    }

    /// Starts the runs that events call for.
    mutating func startTriggered() {
        var rest = Self.triggeredBytesOfTurn
        while rest > 0, let trigger = pendingTriggers.popFirst() {
            rest -= trigger.event.json.count
            count(start(trigger))
        }
    }

    private mutating func start(_ trigger: PendingTrigger) -> TriggerOutcome {
        guard trigger.chain <= configuration.workflows.maximumTriggerDepth else { return .depth }
        guard let version = state.workflows[trigger.workflow], sees(trigger.event, version.owner)
        else { return .refused }
        guard takeRate(of: version.name) else { return .rate }
        let event = trigger.event.event
        do throws(RPCError) {
            _ = try beginRun(
                of: version,
                RunOrder(
                    input: (try? JSONValue(parsing: trigger.event.json)) ?? .null,
                    inputBytes: trigger.event.json.count,
                    owner: version.owner,
                    cause: .event(id: event.id, type: event.type.rawValue),
                    causationID: event.id,
                    chain: trigger.chain
                )
            )
            return .started
        } catch {
            return .refused
        }
    }

    /// Whether the one on whose behalf the run would be may see the event.
    private func sees(_ recorded: RecordedEvent, _ owner: Owner) -> Bool {
        guard let rules = rules(of: owner) else { return false }
        let event = recorded.event
        if let user = event.change.ownerID { return rules.sees(ownedBy: user) }
        if event.change.topic == .system { return rules.principal.role >= .manager }
        return rules.sees(agent: event.agentID)
    }

    /// Takes one start of a workflow from what it may have in a minute.
    private mutating func takeRate(of name: String) -> Bool {
        let limit = Double(configuration.workflows.triggersPerMinute)
        var rate = triggerRates[name] ?? (limit, now.monotonic)
        let minutes = (now.monotonic - rate.at) / .seconds(60)
        rate = (min(limit, rate.rest + minutes * limit), now.monotonic)
        defer { triggerRates[name] = rate }
        guard rate.rest >= 1 else { return false }
        rate.rest -= 1
        return true
    }

    private mutating func count(_ outcome: TriggerOutcome) {
        statistics.triggers[outcome, default: 0] += 1
    }
}
