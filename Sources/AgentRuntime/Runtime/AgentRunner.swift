import JSONRPC

/// Runs agents beside the runtime, as tasks of Swift's own thread pool or of the executor that is
/// given, and posts what they say.
struct AgentRunner: Sendable {
    let agents: [String: any Agent]
    let mailbox: RuntimeMailbox
    let configuration: RuntimeConfiguration
    private let audit: AuditAccess?
    private let models: (any LanguageModels)?
    private let executor: (any TaskExecutor)?

    private static let maximumReasonCharacters = 500

    init(
        _ agents: [any Agent],
        mailbox: RuntimeMailbox,
        configuration: RuntimeConfiguration,
        audit: AuditAccess? = nil,
        models: (any LanguageModels)? = nil,
        executor: (any TaskExecutor)? = nil
    ) {
        self.agents = Dictionary(agents.map { ($0.description.id, $0) }) { first, _ in first }
        self.mailbox = mailbox
        self.configuration = configuration
        self.audit = audit
        self.models = models
        self.executor = executor
    }

    /// Begins an attempt; cancelling the task asks it to stop.
    func begin(_ token: AttemptToken, _ attempt: PreparedAttempt) -> Task<Void, Never> {
        Task.detached(executorPreference: executor) {
            let outcome = await perform(token, attempt)
            mailbox.post(.report(.ended(token, outcome)))
        }
    }

    func start(_ id: String, generation: UInt64, configuration: JSONObject) {
        Task.detached(executorPreference: executor) {
            var failure: String?
            do {
                try await agents[id]?.start(configuration: configuration)
            } catch {
                failure = Self.describe(error)
            }
            let report = AgentReport.started(agentID: id, generation: generation, failure: failure)
            mailbox.post(.report(report))
        }
    }

    func stop(_ id: String, generation: UInt64) {
        Task.detached(executorPreference: executor) {
            await agents[id]?.stop()
            mailbox.post(.report(.stopped(agentID: id, generation: generation)))
        }
    }

    /// Lets an agent end with the process; no event says so.
    func quit(_ id: String) {
        Task.detached(executorPreference: executor) {
            await agents[id]?.stop()
            mailbox.post(.agentQuit)
        }
    }

    private func perform(
        _ token: AttemptToken,
        _ attempt: PreparedAttempt
    ) async -> AttemptOutcome {
        guard let agent = agents[attempt.agentID] else {
            return .crashed(reason: "there is no agent '\(attempt.agentID)'")
        }
        let context = AttemptContext(
            token: token,
            mailbox: mailbox,
            configuration: configuration,
            audit: audit,
            models: models
        )
        do {
            let payload = try JSONValue(parsing: attempt.payload.bytes)
            let result = try await agent.run(
                TaskAttempt(
                    taskID: attempt.taskID,
                    type: attempt.type,
                    payload: payload,
                    attempt: attempt.attempt,
                    randomSeed: attempt.randomSeed
                ),
                context: context
            )
            return .completed(JSONText(result.encoded()))
        } catch let failure as TaskFailure {
            return .failed(failure)
        } catch is CancellationError {
            return .stopped
        } catch {
            return .crashed(reason: Self.describe(error))
        }
    }

    private static func describe(_ error: any Error) -> String {
        String(String(describing: error).prefix(maximumReasonCharacters))
    }
}
