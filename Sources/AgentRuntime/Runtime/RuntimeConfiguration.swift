package import Identity

/// The runtime's limits and times; every default is what protocol.md promises.
package struct RuntimeConfiguration: Sendable {
    /// A task's encoded payload.
    package var maximumPayloadBytes = 256 << 10
    /// A task's encoded result; an attempt with a larger one fails.
    package var maximumResultBytes = 1 << 20
    /// Tasks that are scheduled or pending; beyond it `tasks.create` is BUSY.
    package var maximumWaitingTasks = 100_000
    /// Callers that wait for a task to become final, cancels included.
    package var maximumWaiters = 10_000
    package var maximumWait = Duration.seconds(300)
    /// Commands that were submitted and not yet decided.
    package var maximumQueuedCommands = 20_000
    /// Bytes of their params.
    package var maximumQueuedBytes = 64 << 20

    /// Tasks that one task may depend on.
    package var maximumDependencies = 100

    package var defaultMaxAttempts = 3
    package var maximumMaxAttempts = 100
    /// For one attempt, whatever the task asks for.
    package var maximumTimeout = Duration.seconds(3600)
    /// How long a cancelled or timed out attempt may take to stop.
    package var cancelGrace = Duration.seconds(5)
    /// How long an agent's `start` and `stop` may take.
    package var lifecycleTimeout = Duration.seconds(30)
    package var defaultConcurrency = 4
    /// Unexpected errors of an agent within ``crashWindow`` that put it into `error`.
    package var crashLimit = 5
    package var crashWindow = Duration.seconds(60)

    /// How long an attempt at a worker goes on without a sign of life.
    package var lease = Duration.seconds(30)
    /// How often workers are told to give one.
    package var heartbeat = Duration.seconds(10)
    /// How long a worker may take to say that it takes a task.
    package var workerAnswerTimeout = Duration.seconds(10)
    /// Leases of a task that ran out: with so many it is dead.
    package var maximumStalls = 2
    /// Tasks that a worker may refuse one after the other before it gets no more.
    package var maximumRefusals = 3
    package var maximumWorkers = 1000
    package var maximumWorkersPerUser = 100
    /// Agents that workers have declared.
    package var maximumProvidedAgents = 100

    /// Between two `task.progress` of one task.
    package var progressInterval = Duration.milliseconds(100)
    /// Between two `agent.metrics` of one agent; zero for none.
    package var metricsInterval = Duration.seconds(60)
    /// `task.output` events of one attempt.
    package var maximumOutputEvents = 1000
    /// Bytes of all output of one attempt.
    package var maximumOutputBytes = 1 << 20

    /// Schedules of all users; with more, `schedules.create` is BUSY.
    package var maximumSchedules = 10_000
    /// A time that is no longer past than this is not missed.
    package var scheduleGrace = Duration.seconds(60)
    /// Missed times that a schedule makes up for.
    package var maximumCatchUp = 100
    /// Times of a schedule that wait for the end of what is running.
    package var maximumQueuedTimes = 100
    package var workflows = WorkflowConfiguration()
    /// Everybody is an administrator, without an account.
    package var isForDevelopment = false
    /// Journaled channels of clients.
    package var maximumClientChannels = 10_000
    /// Bytes of all publications that they keep.
    package var maximumClientBytes = 256 << 20

    package var retention = Retention()
    package var identity = IdentityLimits()
    /// Connections to the outside.
    package var maximumIntegrations = 1_000

    /// Objects in one page of ``Command/state(channel:limit:cursor:)``.
    package var maximumStatePage = 1000
    package var maximumStatePageBytes = 768 << 10

    /// Events since the last snapshot that call for a new one.
    package var snapshotAfterEvents = 100_000
    /// Bytes of journal since the last snapshot that call for a new one.
    package var snapshotAfterBytes = 64 << 20
    /// Time since the last snapshot that calls for a new one, if anything happened.
    package var snapshotInterval = Duration.seconds(3600)

    /// Between two times that denied attempts are written to the audit.
    package var denialInterval = Duration.seconds(10)
    /// Entries that are written at such a time; what is beyond is one entry more.
    package var maximumDenials = 32

    package init() {}
}
