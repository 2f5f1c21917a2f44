import Identity
import JSONRPC

/// Now, by both clocks: the wall clock is for people and may step, durations are monotonic.
package struct Moment: Equatable, Sendable {
    package var wall: Timestamp
    /// Since an arbitrary start.
    package var monotonic: Duration

    package init(wall: Timestamp, monotonic: Duration) {
        self.wall = wall
        self.monotonic = monotonic
    }
}

/// Names a submitted command until it is answered.
typealias ReplyTicket = UInt64

/// A command as it reaches the core.
struct Order: Sendable {
    var command: Command
    var caller: Caller
    var idempotencyKey: String?
    var ticket: ReplyTicket
    /// What was made of the params of ``Command/createTask(params:)``, outside of the runtime.
    var draft: Result<TaskDraft, RPCError>?

    /// What the table of answers knows the command by; `nil` without an idempotency key.
    var remembrance: IdempotencyKey? {
        guard let idempotencyKey, let method = command.idempotentMethod else { return nil }
        return IdempotencyKey(
            userID: caller.principal?.subject ?? caller.userID,
            method: method,
            key: idempotencyKey
        )
    }
}

extension Command {
    /// The method of a command that changes something, by which its idempotency keys are told
    /// from those of others.
    var idempotentMethod: String? {
        switch self {
        case .createTask: "tasks.create"
        case .cancelTask: "tasks.cancel"
        case .retryTask: "tasks.retry"
        case .controlAgent(_, let control): "agents.\(control.rawValue)"
        case .configureAgent: "agents.configure"
        case .identity(let command): command.isRemembered ? command.method : nil
        case .schedule(let command): command.changesState ? command.method : nil
        case .workflow(let command): command.changesState ? command.method : nil
        // A key is known in its channel only.
        case .publish(let draft): "hub.publish \(draft.channel)"
        case .integration: nil
        case .analytics(let command): command.changesState ? command.method : nil
        case .worker: nil
        case .getTask, .listTasks, .taskResult, .waitTask, .listAgents, .getAgent, .agentMetrics,
            .state, .snapshot, .statistics, .forgetChannels:
            nil
        }
    }

    /// Whether it may append to the journal, and so needs a disk with room.
    var changesState: Bool {
        switch self {
        case .identity, .integration, .forgetChannels: true
        case .worker(let command): command.changesState
        default: idempotentMethod != nil
        }
    }
}

/// Names one attempt in this life of the process: its fencing token.
///
/// A result with the token of an attempt that is over already is refused.
typealias AttemptToken = UInt64

/// How an attempt ended.
enum AttemptOutcome: Sendable {
    case completed(JSONText)
    /// What the agent said by a ``TaskFailure``.
    case failed(TaskFailure)
    /// Any other error: counts towards a crash loop.
    case crashed(reason: String)
    /// A `CancellationError`.
    case stopped
}

/// What the agents tell the core.
enum AgentReport: Sendable {
    case progress(AttemptToken, percent: Int, message: String?)
    case output(AttemptToken, JSONText)
    /// A language model has answered.
    case usage(AttemptToken, engine: String, TokenUsage)
    case ended(AttemptToken, AttemptOutcome)
    /// A `start` returned or threw.
    case started(agentID: String, generation: UInt64, failure: String?)
    /// A `stop` returned.
    case stopped(agentID: String, generation: UInt64)
}

/// What the core asks of the world, performed only once all events before it are durable.
enum RuntimeAction: Sendable {
    case reply(ReplyTicket, Result<Reply, RPCError>)
    /// An attempt that was begun but is not on disk never ran: its number is known for sure.
    case startAttempt(AttemptToken, PreparedAttempt)
    case cancelAttempt(AttemptToken)
    case tellWorker(WorkerLink, WorkerMessage)
    /// What can be asked for from now on.
    case publishCatalogue(TaskCatalogue)
    case startAgent(id: String, generation: UInt64, configuration: JSONObject)
    case stopAgent(id: String, generation: UInt64)
    case writeSnapshot(RuntimeState)
    /// Old records may be removed for good.
    case approveRemoval(before: UInt64)
    /// Tells somebody that what came before is durable.
    case tell(@Sendable () -> Void)
}

/// An attempt before its payload is parsed, which is left to the thread that performs it.
struct PreparedAttempt: Equatable, Sendable {
    var taskID: String
    var agentID: String
    var type: String
    var payload: JSONText
    var attempt: Int
    var randomSeed: UInt64
}

/// What one or more inputs led to, in order.
struct RuntimeOutput: Sendable {
    /// With the idempotency keys that they answer.
    var events: [(recorded: RecordedEvent, keys: [IdempotencyKey])] = []
    var actions: [RuntimeAction] = []
    /// Attempts to reach what the caller may not see.
    var denials: [Denial] = []
}
