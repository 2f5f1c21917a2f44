package import HubCore
package import Identity
package import JSONRPC
package import JSONSchema
package import Journal
import Synchronization

/// The agent runtime: takes commands from any thread, runs tasks on agents, and tells the bus.
///
/// It owns one thread, on which everything is decided (``RuntimeCore``), published and answered.
/// Agents work beside it and reach it by messages. The life of one is
/// ``recover(from:configuration:retainedRecords:history:)``, ``init``, ``start()``,
/// ``submit(_:caller:idempotencyKey:reply:)`` as often as wanted, ``stop(grace:completion:)``.
package final class Runtime: Sendable {
    package static let maximumIdempotencyKeyBytes = 256

    /// Names the numbering of the runtime's channels; the same for the life of the state folder.
    package let epoch: String
    private let configuration: RuntimeConfiguration
    private let mailbox: RuntimeMailbox
    private let storageIsAvailable: StorageFlag
    let pastTasks: (any PastTasks)?
    let currentRules: (@Sendable (Principal) -> AccessRules?)?
    private let core: Mutex<RuntimeCore?>
    private let shared: SharedCatalogue
    let dependencies: RuntimeLoop.Dependencies

    /// A runtime that goes on from a recovered state and has not begun to.
    ///
    /// - `agents` are listed in this order.
    /// - `snapshotWork` is where snapshots are written.
    /// - `auditLog` is what `audit.verify` reads; without one that is UNAVAILABLE.
    /// - `languageModels` are what agents may ask; without any they work without.
    /// - `currentRules` tells, on any thread, what somebody may see now; `nil` for who has lost all
    ///   of it.
    /// - `pastTasks` is where tasks are read that memory holds no more; without it they are not
    ///   known.
    /// - `observers` get every event once it is durable, on the runtime's thread.
    /// - `clock` tells both clocks at once; the monotonic one must not step.
    /// - `agentExecutor` runs the agents; without one, Swift's own thread pool.
    /// - `telling` is called on the runtime's thread with `true` before it gives answers and events,
    ///   and soon with `false` after some of them: whoever has to be woken for them can wait so long.
    /// - `onStorageChange` says, on the runtime's thread, when events can not be written any more,
    ///   and when again.
    /// - `onFatal` says that the disk has failed and nothing is acknowledged any more: end the
    ///   process with an exit status other than 0. It is called on the runtime's thread, at most
    ///   once.
    ///
    /// - Throws: ``SchemaDefinitionError`` for an agent with a schema that does not compile.
    package init(
        recovered: RecoveredState,
        agents: [any Agent],
        configuration: RuntimeConfiguration = RuntimeConfiguration(),
        log: any EventLog,
        snapshots: any SnapshotSink,
        snapshotWork: any SerialWork = WorkQueue("omnihub.snapshots"),
        auditLog: (any AuditLog)? = nil,
        auditWork: any SerialWork = WorkQueue("omnihub.audit"),
        languageModels: (any LanguageModels)? = nil,
        pastTasks: (any PastTasks)? = nil,
        currentRules: (@Sendable (Principal) -> AccessRules?)? = nil,
        observers: [any EventObserver<RecordedEvent>],
        clock: @escaping @Sendable () -> Moment,
        random: some RandomNumberGenerator & Sendable = BufferedRandom(),
        agentExecutor: (any TaskExecutor)? = nil,
        telling: @escaping @Sendable (_ isTelling: Bool) -> Void = { _ in },
        onStorageChange: @escaping @Sendable (StorageChange) -> Void = { _ in },
        onFatal: @escaping @Sendable (_ reason: String) -> Void
    ) throws(SchemaDefinitionError) {
        let catalogue = try TaskCatalogue(agents.map(\.description))
        let mailbox = RuntimeMailbox(
            maximumOrders: configuration.maximumQueuedCommands,
            maximumBytes: configuration.maximumQueuedBytes
        )
        let storageIsAvailable = StorageFlag()
        self.epoch = recovered.epoch
        self.configuration = configuration
        self.mailbox = mailbox
        self.storageIsAvailable = storageIsAvailable
        self.pastTasks = pastTasks
        self.currentRules = currentRules
        var core = RuntimeCore(
            state: recovered.state,
            catalogue: catalogue,
            configuration: configuration,
            at: clock(),
            random: RandomSource(random)
        )
        shared = SharedCatalogue(core.catalogue)
        core.snapshots.eventsSince = recovered.eventsSinceSnapshot
        core.snapshots.bytesSince = recovered.bytesSinceSnapshot
        snapshots.askBeforeRemoval(approvedBefore: recovered.state.audit.removedBefore) {
            mailbox.post(.trim($0))
        }
        self.core = Mutex(core)
        dependencies = RuntimeLoop.Dependencies(
            mailbox: mailbox,
            log: log,
            snapshots: snapshots,
            snapshotWork: snapshotWork,
            bus: EventBus(observers: observers),
            runner: AgentRunner(
                agents,
                mailbox: mailbox,
                configuration: configuration,
                audit: auditLog.map { AuditAccess(log: $0, mailbox: mailbox, work: auditWork) },
                models: languageModels,
                executor: agentExecutor
            ),
            catalogue: shared,
            denials: DenialLedger(capacity: configuration.maximumDenials),
            clock: clock,
            epoch: recovered.epoch,
            telling: telling,
            noteStorage: { storageIsAvailable.set($0) },
            tellStorage: onStorageChange,
            onFatal: onFatal
        )
    }

    /// The agents of the hub and their task types, those included that workers have declared.
    package var catalogue: TaskCatalogue { shared.value }

    /// Works on the calling thread until it was stopped: announces the new life, runs what was
    /// interrupted, starts the agents, and does what it is given.
    ///
    /// A second call does nothing.
    package func run() {
        guard let core = takeCore() else { return }
        var loop = RuntimeLoop(core: core, dependencies: dependencies)
        loop.run()
    }

    /// What the one who runs the runtime begins with; `nil` when somebody does already.
    func takeCore() -> RuntimeCore? {
        core.withLock { core in
            defer { core = nil }
            return core
        }
    }

    /// Submits a command.
    ///
    /// - `caller` becomes `createdBy` and scopes the key.
    /// - `rules` say which agents the caller may give tasks to, as far as is known on this thread;
    ///   what holds when the command is carried out is decided then, by the caller's principal.
    /// - `idempotencyKey` has 1 to 256 bytes. A repetition by the same user within 24 hours gets
    ///   the first answer and does nothing again. Errors are not remembered. Only commands that
    ///   change tasks or agents use it.
    /// - `reply` is called exactly once, in the order of submission where commands do not wait,
    ///   after everything that the answer tells of is durable: on the runtime's thread, on one
    ///   that has read the disk, or before this returns when the key is malformed or there is no
    ///   room. It must only pass the answer on.
    package func submit(
        _ command: Command,
        caller: Caller,
        idempotencyKey: String? = nil,
        seeing rules: AccessRules? = nil,
        reply: @escaping @Sendable (Result<Reply, RPCError>) -> Void
    ) {
        var order = Order(
            command: command,
            caller: caller,
            idempotencyKey: idempotencyKey,
            ticket: 0
        )
        if case .createTask(let params) = command {
            order.command = .createTask(params: nil)
            do throws(RPCError) {
                order.draft = .success(
                    try TaskDraft(
                        params: params,
                        catalogue: catalogue,
                        configuration: configuration,
                        isVisible: { rules?.sees(agent: $0) ?? true }
                    )
                )
            } catch {
                order.draft = .failure(error)
            }
        }
        if let idempotencyKey,
            !(1...Self.maximumIdempotencyKeyBytes).contains(idempotencyKey.utf8.count)
        {
            let limit = Self.maximumIdempotencyKeyBytes
            return reply(
                .failure(.validation("/idempotencyKey", "must have 1 to \(limit) bytes"))
            )
        }
        let handler = lookingBack(for: command, caller: caller, seeing: rules, reply)
        if !mailbox.offer(order, handler) {
            reply(.failure(.busy("too many commands are waiting", retryAfter: .milliseconds(200))))
        }
    }

    /// Has an attempt that was refused for want of a right written to the audit.
    ///
    /// Nobody waits for it: alike attempts are counted together, and entries are written at most
    /// once in ``RuntimeConfiguration/denialInterval``.
    package func note(_ denial: Denial) {
        if dependencies.denials.note(denial) { mailbox.post(.denials) }
    }

    /// Gives the runtime's figures, on its thread.
    package func metrics(_ completion: @escaping @Sendable (RuntimeMetrics) -> Void) {
        mailbox.post(.metrics(completion))
    }

    /// Takes what became of workers and of what they were sent; bounded by what was sent.
    package func report(_ report: WorkerReport) {
        mailbox.post(.worker(report))
    }

    /// Whether events can be written: a matter of health, answered at once on any thread.
    package var isStorageAvailable: Bool { storageIsAvailable.value }

    /// Publishes `system.draining` while everything goes on, ahead of ``stop(grace:completion:)``,
    /// which else does so itself.
    package func announceStop() {
        mailbox.post(.announceStop)
    }

    /// Ends the runtime: refuses commands (BUSY, temporary), lets running attempts end for up to
    /// `grace` and leaves the others to the next start, writes a snapshot, closes the journal.
    ///
    /// `completion` is called on the runtime's thread when all that is done.
    package func stop(
        grace: Duration = .seconds(5),
        completion: @escaping @Sendable () -> Void
    ) {
        mailbox.post(.stop(grace: grace, completion: completion))
    }
}

/// A flag that is set by one thread and read by others.
final class StorageFlag: Sendable {
    private let flag = Atomic<Bool>(true)

    var value: Bool { flag.load(ordering: .relaxed) }

    func set(_ value: Bool) { flag.store(value, ordering: .relaxed) }
}
