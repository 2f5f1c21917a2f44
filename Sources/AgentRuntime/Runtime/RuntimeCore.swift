import Identity
import JSONRPC
import Workflows

/// Decides: a pure machine that is fed with commands, reports of agents and the time, and yields
/// events (applied to its state already) and actions.
///
/// It performs no I/O and reads no clock. What it keeps beside the state concerns this life of the
/// process only: running attempts, timers, callers that wait.
struct RuntimeCore: Sendable {
    let configuration: RuntimeConfiguration
    /// Grows by what workers declare.
    var catalogue: TaskCatalogue
    var state: RuntimeState
    /// The time of the input being handled.
    var now: Moment
    var random: RandomSource
    var output = RuntimeOutput()
    /// Of the command being carried out.
    var asking = Asking(
        caller: Caller(userID: "", sessionID: ""),
        method: nil,
        rules: AccessRules(.hub, assigned: [])
    )

    var queues: [String: TaskQueue] = [:]
    var starts = StartRates()
    var timers = TimerHeap<RuntimeTimer>()
    var attempts: [AttemptToken: RunningAttempt] = [:]
    /// The attempt whose result counts, by task.
    var tokens: [String: AttemptToken] = [:]
    /// Attempts that have not stopped yet, by agent.
    var occupied: [String: Int] = [:]
    /// Of them, those within the daemon.
    var localAttempts: [String: Int] = [:]
    var nextToken: AttemptToken = 1
    var workers = WorkerTable()
    /// Attempts at workers, by their lease.
    var leases: [UInt64: AttemptToken] = [:]
    /// Workers whose last attempt may have ended.
    var idleWorkers: [String] = []
    /// The rights of somebody have changed.
    var mustRecheckWorkers = false
    /// Agents between two statuses.
    var lifecycles: [String: AgentLifecycle] = [:]
    var nextGeneration: UInt64 = 1
    /// When the agent failed unexpectedly of late.
    var crashes: [String: [Duration]] = [:]
    var waiters: [ReplyTicket: TaskWaiter] = [:]
    var waitersOfTask: [String: [ReplyTicket]] = [:]
    /// Tasks that have ended and of which not everybody was told.
    var ends = FIFO<TaskRecord>()
    var isTellingEnds = false
    /// Schedules by when they are due next, in the time of the wall clock since 1970 began.
    var schedulesDue = TimerHeap<String>()
    /// Which schedule has begun something that has not ended, by its id.
    var scheduleOfWork: [String: String] = [:]
    /// Which run waits for a task or for another run, by its id.
    var runOfWork: [String: String] = [:]
    /// Why attempts could not be begun, by run and attempt; they have failed by that.
    var refusedWork: [String: [Int: WorkflowError]] = [:]
    var readyRuns = ReadyRuns()
    /// Much waits for the journal: runs wait, too.
    var runsAreHeld = false
    /// What ``steadyMs`` is at the monotonic clock's zero.
    var steadyAnchorMs: Int64 = 0
    var triggers = TriggerIndex()
    /// Events that start runs, and have not yet.
    var pendingTriggers = FIFO<PendingTrigger>()
    /// What is left of a minute's starts of a workflow by events, and when.
    var triggerRates: [String: (rest: Double, at: Duration)] = [:]
    /// Blocked tasks to look at, because one that they depend on has ended.
    var unsettled = FIFO<UnsettledTask>()
    var isSettlingDependents = false
    /// The turn in which some were looked at, and how many.
    var settledAt: Duration?
    var settledNow = 0
    /// Figures of agents as they were last told.
    var toldMetrics: [String: JSONText] = [:]
    var snapshots: SnapshotSchedule
    var statistics = RuntimeStatistics()
    var isDraining = false
    /// `system.draining` was published.
    var hasAnnouncedDraining = false

    init(
        state: RuntimeState,
        catalogue: TaskCatalogue,
        configuration: RuntimeConfiguration,
        at now: Moment,
        random: RandomSource
    ) {
        self.state = state
        self.catalogue = catalogue.providing(from: state)
        self.configuration = configuration
        self.now = now
        self.random = random
        snapshots = SnapshotSchedule(at: now.monotonic)
    }

    /// What has come out since the last call.
    mutating func takeOutput() -> RuntimeOutput {
        settleWorkers()
        startTriggered()
        defer { output = RuntimeOutput() }
        return output
    }

    /// When ``advance(to:)`` is next due.
    mutating func nextDeadline() -> Duration? {
        hasReadyRuns ? now.monotonic : timers.nextDeadline()
    }

    /// Bytes that ``advance(to:)`` may add to the journal, roughly.
    var advanceCost: Int { hasReadyRuns ? Self.journalBytesOfTurn : 64 << 10 }

    /// Does what the clock calls for.
    mutating func advance(to now: Moment) {
        self.now = now
        while let timer = timers.popDue(at: now.monotonic) {
            switch timer {
            case .due(let taskID): enqueue(taskID)
            case .deadline(let taskID): passDeadline(of: taskID)
            case .timeout(let token): timeOut(token)
            case .grace(let token): endGrace(of: token)
            case .lease(let token): leaseExpired(token)
            case .acceptance(let token): acceptanceTimedOut(token)
            case .progress(let token): flushProgress(of: token)
            case .wait(let ticket): endWait(ticket)
            case .lifecycle(let agentID): timeOutLifecycle(of: agentID)
            case .snapshot: requestSnapshotIfDue()
            case .schedules: fireSchedules()
            case .run(let id): readyRuns.append(id)
            case .dependents: settleDependents()
            case .rate(let agentID): dispatch(agentID)
            case .metrics: publishMetrics()
            }
        }
        advanceRuns()
    }

    /// Begins a life of the process on a recovered state: announces it, puts the tasks that were
    /// running back, and starts the agents that should run.
    mutating func boot(at now: Moment, epoch: String) {
        self.now = now
        let interrupted = state.tasks.values.filter { $0.status == .running }
            .sorted { $0.definition.sequence < $1.definition.sequence }
        emitSystem(
            .systemStarted(
                epoch: epoch,
                retention: configuration.retention,
                interruptedTasks: interrupted.count
            )
        )
        for description in catalogue.agents where state.agents[description.id] == nil {
            emitAgent(
                .agentInitialized(name: description.name, type: description.type),
                of: description.id
            )
        }
        for agent in state.agents.values { adoptLimits(of: agent) }
        for record in interrupted { resumeInterrupted(record) }
        let waiting = state.tasks.values.filter(\.status.isReady).sorted { one, other in
            (one.readyAt, one.definition.sequence) < (other.readyAt, other.definition.sequence)
        }
        for record in waiting { admit(record) }
        // After the others: what can run now has waited for the shortest time.
        resumeBlocked()
        for description in catalogue.agents
        where state.agents[description.id]?.desiredStatus != .inactive {
            beginStart(of: description.id, ticket: nil, key: nil)
        }
        bootWorkflows()
        bootSchedules()
        timers.set(.snapshot, at: now.monotonic + configuration.snapshotInterval)
        schedulePublication()
    }

    /// Stops taking commands and starting attempts; those that run go on.
    mutating func drain(at now: Moment, announcing: Bool) {
        self.now = now
        guard !isDraining else { return }
        isDraining = true
        if announcing { announceDraining(at: now) }
    }

    /// Says once that the hub stops, if nobody has said so.
    mutating func announceDraining(at now: Moment) {
        self.now = now
        guard !hasAnnouncedDraining else { return }
        hasAnnouncedDraining = true
        emitSystem(.systemDraining)
    }

    /// Answers everybody who still waits; the process is about to end.
    mutating func dismissWaiters() {
        for ticket in waiters.keys.sorted() {
            finishWait(ticket, with: .failure(.busy("the hub is stopping")))
        }
    }

    mutating func reply(_ ticket: ReplyTicket, _ result: Result<Reply, RPCError>) {
        output.actions.append(.reply(ticket, result))
    }

    mutating func refuse(_ ticket: ReplyTicket, _ error: RPCError) {
        reply(ticket, .failure(error))
    }
}

/// What a timer of the core is for.
enum RuntimeTimer: Hashable, Sendable {
    /// The task's `runAt` has come.
    case due(String)
    /// The task's `deadline` has come.
    case deadline(String)
    case timeout(AttemptToken)
    /// A cancelled or timed out attempt should have stopped by now.
    case grace(AttemptToken)
    /// A worker should have given a sign of life by now.
    case lease(AttemptToken)
    /// A worker should have said by now that it takes the task.
    case acceptance(AttemptToken)
    /// Held back progress may go out.
    case progress(AttemptToken)
    case wait(ReplyTicket)
    /// An agent's `start` or `stop` should have returned by now.
    case lifecycle(String)
    case snapshot
    /// A schedule may be due.
    case schedules
    /// What a run waits for has come.
    case run(String)
    /// Further blocked tasks are to be looked at.
    case dependents
    /// The agent's rates let another attempt begin.
    case rate(String)
    /// What agents have measured is to be told.
    case metrics
}

/// The core's chance: any generator, as one that can be stored.
struct RandomSource: RandomNumberGenerator, Sendable {
    private var base: any RandomNumberGenerator & Sendable

    init(_ base: some RandomNumberGenerator & Sendable) {
        self.base = base
    }

    mutating func next() -> UInt64 { base.next() }
}
