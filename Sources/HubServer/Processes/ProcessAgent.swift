import AgentRuntime
import EventLoops
import JSONRPC

/// An agent whose tasks are performed by processes of a configured command.
struct ProcessAgent: Agent {
    let description: AgentDescription
    let host: ProcessHost

    /// Returns before the processes are there: they register as workers when they are.
    func start(configuration: JSONObject) async throws {
        host.mailbox.post(.start(agentID: description.id))
    }

    /// Returns when no process is left.
    func stop() async {
        let id = description.id
        await withCheckedContinuation { continuation in
            host.mailbox.post(.stop(agentID: id) { continuation.resume() })
        }
    }

    func run(_ task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        throw TaskFailure(code: "UNAVAILABLE", message: "tasks of this agent are for its processes")
    }
}

/// The thread that the processes of all process agents are seen to by.
final class ProcessHost: Sendable {
    enum Message: Sendable {
        case start(agentID: String)
        case stop(agentID: String, completion: @Sendable () -> Void)
        case tell(slot: Int, life: UInt64, WorkerMessage)
        case answer(PendingLine, Result<Reply, RPCError>)
        case shutdown
    }

    /// Whom an answer of the runtime is for.
    struct PendingLine: Sendable {
        var slot: Int
        var life: UInt64
        /// Of the request as it was written; `nil` for a notification.
        var id: [UInt8]?
        /// The lease that ends with the command, if it is carried out.
        var lease: UInt64?
        var registers = false
    }

    let mailbox: Mailbox<Message>
    let wakeup: Wakeup
    let agents: [ProcessAgentConfiguration]
    private let limits: HubConfiguration.ProcessLimits
    private let logger: Logger

    init(
        _ agents: [ProcessAgentConfiguration],
        _ limits: HubConfiguration.ProcessLimits,
        logger: Logger
    ) throws(SystemError) {
        self.agents = agents
        self.limits = limits
        self.logger = logger
        wakeup = try Wakeup()
        mailbox = Mailbox(wakeup: wakeup)
    }

    /// `nil` when no process agents are configured.
    static func needed(
        _ configuration: HubConfiguration,
        logger: Logger
    ) throws(SystemError) -> ProcessHost? {
        guard !configuration.processes.agents.isEmpty else { return nil }
        return try ProcessHost(
            configuration.processes.agents,
            configuration.processLimits,
            logger: logger
        )
    }

    /// Begins to see to processes; `folder` is where those live that have no folder configured.
    func start(_ runtime: Runtime, folder: String) throws(SystemError) -> WorkerThread {
        let limits = limits
        let logger = logger
        return try WorkerThread(name: "processes") {
            do {
                var loop = try ProcessLoop(
                    self,
                    limits,
                    runtime: runtime,
                    folder: folder,
                    logger: logger
                )
                loop.run()
            } catch {
                logger.error("processes cannot be seen to: \(error)")
            }
        }
    }
}
