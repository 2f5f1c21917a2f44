import HubCore
import Journal
import JSONRPC

/// The runtime's thread: takes what has come, lets the core decide, has the events made durable,
/// and then publishes them and does what follows.
///
/// One batch is with the journal at a time; what is decided meanwhile is the next batch, so a slow
/// disk makes batches larger and not more. Nothing of a batch is seen outside before it is
/// durable: no event, no answer (reads of the changed state included), no attempt.
struct RuntimeLoop: ~Copyable {
    /// What was decided and waits to become durable.
    struct Batch {
        var records: [JournalRecord] = []
        var events: [RecordedEvent] = []
        var actions: [RuntimeAction] = []
        var bytes = 0

        var isEmpty: Bool { records.isEmpty && actions.isEmpty }
    }

    struct Dependencies: Sendable {
        var mailbox: RuntimeMailbox
        var log: any EventLog
        var snapshots: any SnapshotSink
        var snapshotWork: any SerialWork
        var bus: EventBus<RecordedEvent>
        var runner: AgentRunner
        var catalogue: SharedCatalogue
        var denials: DenialLedger
        var clock: @Sendable () -> Moment
        var epoch: String
        var telling: @Sendable (_ isTelling: Bool) -> Void
        var noteStorage: @Sendable (_ isAvailable: Bool) -> Void
        var tellStorage: @Sendable (StorageChange) -> Void
        var onFatal: @Sendable (String) -> Void
    }

    /// Messages between two looks at the clock and at the disk.
    private static let chunk = 256
    /// Bytes that wait for the journal, beyond which commands have to wait.
    private static let maximumPendingBytes = 16 << 20
    private static let maximumPendingActions = 50_000
    /// So many answers may wait for each other before those who read them are woken.
    private static let actionsPerWakeup = 64

    var core: RuntimeCore
    let dependencies: Dependencies
    var now: Moment
    var pending = Batch()
    var inFlight: Batch?
    var storage = StorageGate.open
    /// Since events cannot be written.
    var outage: StorageOutage?
    /// What came while nothing could be written.
    var deferred: [RuntimeMessage] = []
    var stopping: StopRequest?
    /// When denied attempts that were noted are to be recorded; `nil` when none were.
    private var denialsDue: Duration?
    private var denialsRecordedAt: Duration?

    private var handlers: [ReplyTicket: ReplyHandler] = [:]
    private var nextTicket: ReplyTicket = 1
    private var tasks: [AttemptToken: Task<Void, Never>] = [:]

    init(core: RuntimeCore, dependencies: Dependencies) {
        self.core = core
        self.dependencies = dependencies
        now = core.now
    }

    /// Runs until the runtime was stopped.
    mutating func run() {
        begin()
        while !isFinished { takeTurn(waitingFor: timeout()) }
        end()
    }

    mutating func begin() {
        core.boot(at: now, epoch: dependencies.epoch)
        commit()
    }

    /// Takes what has come, or comes within `timeout`, and does what follows.
    mutating func takeTurn(waitingFor timeout: Duration?) {
        let delivery = dependencies.mailbox.take(commitOnly: isCongested, timeout: timeout)
        now = dependencies.clock()
        if let result = delivery.commit { finishCommit(result) }
        retryStorage()
        let hasRoom = handle(delivery.messages)
        core.runsAreHeld = pending.bytes > Self.maximumPendingBytes / 4
        let isEnough = hasRoom && !core.hasReadyRuns
        if storage.isOpen, isEnough || reserve(core.advanceCost) {
            core.advance(to: now)
            core.requestSnapshotIfDue()
            if let due = denialsDue, due <= now.monotonic { recordDenials() }
        }
        advanceStop()
        commit()
    }

    var isCongested: Bool {
        pending.bytes > Self.maximumPendingBytes
            || pending.actions.count > Self.maximumPendingActions
    }

    /// How long there is nothing to do unless a message comes.
    mutating func timeout() -> Duration? {
        var moment = storage.isOpen ? core.nextDeadline() : storage.retryAt
        if storage.isOpen, let due = denialsDue { moment = min(moment ?? due, due) }
        if let deadline = stopping?.deadline { moment = min(moment ?? deadline, deadline) }
        return moment.map { max(.zero, $0 - now.monotonic) }
    }

    /// Returns whether room was reserved, for what the clock calls for too.
    private mutating func handle(_ messages: [RuntimeMessage]) -> Bool {
        var hasRoom = false
        var start = 0
        while start < messages.count {
            let part = messages[start..<min(start + Self.chunk, messages.count)]
            if start > 0 { now = dependencies.clock() }
            let cost = part.reduce(64 << 10) { $0 + $1.cost }
            hasRoom = storage.isOpen && reserve(cost)
            for message in part { handle(message) }
            commit()
            start += part.count
        }
        return hasRoom
    }

    mutating func handle(_ message: RuntimeMessage) {
        switch message {
        case .order(var order, let handler):
            let refusal = storage.refusal(of: order.command)
            if let refusal, !storage.releasesAnswers { return handler(.failure(refusal)) }
            order.ticket = nextTicket
            nextTicket += 1
            handlers[order.ticket] = handler
            if let refusal {
                core.refuse(order.ticket, refusal)
            } else {
                core.execute(order, at: now)
            }
        case .metrics(let completion):
            completion(
                RuntimeMetrics(
                    of: core,
                    journal: dependencies.log.metrics,
                    isStorageAvailable: storage.isOpen
                )
            )
        case .auditChain(let completion):
            let chain = core.state.audit
            pending.actions.append(.tell { completion(chain) })
        case .denials:
            scheduleDenials()
        case .announceStop:
            if storage.isOpen { core.announceDraining(at: now) }
        case .stop(let grace, let completion):
            beginStop(grace: grace, completion: completion)
        case .agentQuit:
            stopping?.agentsToQuit -= 1
        case .report, .progress, .worker, .snapshotEnded, .trim:
            guard storage.isOpen else { return deferred.append(message) }
            pass(message)
        }
    }

    /// Hands the core what it can only take when events can be written.
    private mutating func pass(_ message: RuntimeMessage) {
        switch message {
        case .report(let report):
            if case .ended(let token, _) = report { tasks[token] = nil }
            core.handle(report, at: now)
        case .progress(let context):
            if let report = context.takeProgress() { core.handle(report, at: now) }
        case .worker(let report):
            core.handle(report, at: now)
        case .snapshotEnded(let sequence, let failure):
            core.snapshotEnded(sequence: sequence, failure: failure, at: now)
        case .trim(let trim):
            core.trim(trim, at: now)
        case .order, .metrics, .auditChain, .denials, .announceStop, .stop, .agentQuit:
            break
        }
    }

    private mutating func scheduleDenials() {
        let interval = core.configuration.denialInterval
        denialsDue = denialsRecordedAt.map { max($0 + interval, now.monotonic) } ?? now.monotonic
    }

    /// Writes what was denied to the audit: at most once an interval, so that no peer can fill the
    /// disk.
    mutating func recordDenials() {
        denialsDue = nil
        denialsRecordedAt = now.monotonic
        core.record(dependencies.denials.take(), at: now)
    }

    /// Takes what came while nothing could be written.
    mutating func passDeferred() {
        var messages: [RuntimeMessage] = []
        swap(&messages, &deferred)
        for message in messages { handle(message) }
    }

    /// Moves what the core has put out to the batch, and the batch to the journal if it is free.
    mutating func commit() {
        let output = core.takeOutput()
        for (recorded, keys) in output.events {
            let record = LoggedEvent.encode(recorded, answering: keys)
            pending.bytes += record.body.count
            pending.records.append(record)
            pending.events.append(recorded)
        }
        pending.actions.append(contentsOf: output.actions)
        for denial in output.denials where dependencies.denials.note(denial) { scheduleDenials() }
        sendPending()
    }

    /// Gives the batch to the journal, if that is free and nothing forbids it.
    private mutating func sendPending() {
        guard inFlight == nil, !pending.isEmpty, storage != .lost else { return }
        let batch = pending
        pending = Batch()
        if batch.records.isEmpty { return release(batch) }
        inFlight = batch
        append(batch)
    }

    func append(_ batch: borrowing Batch) {
        let mailbox = dependencies.mailbox
        dependencies.log.append(batch.records) { mailbox.post(commit: $0) }
    }

    /// All of `batch` is durable: it makes room for the next one, and the world may know.
    mutating func finish(_ batch: Batch) {
        inFlight = nil
        // The disk need not wait until the world was told; answers do wait for those before them.
        if !pending.records.isEmpty { sendPending() }
        release(batch)
    }

    private mutating func release(_ batch: Batch) {
        dependencies.telling(true)
        if !batch.events.isEmpty { dependencies.bus.publish(batch.events) }
        for (index, action) in batch.actions.enumerated() {
            perform(action)
            if index % Self.actionsPerWakeup == Self.actionsPerWakeup - 1 {
                dependencies.telling(false)
                dependencies.telling(true)
            }
        }
        dependencies.telling(false)
    }

    private mutating func perform(_ action: RuntimeAction) {
        let runner = dependencies.runner
        switch action {
        case .reply(let ticket, let result):
            handlers.removeValue(forKey: ticket)?(result)
        case .startAttempt(let token, let attempt):
            tasks[token] = runner.begin(token, attempt)
        case .cancelAttempt(let token):
            tasks[token]?.cancel()
        case .tellWorker(let link, let message):
            link.send(message)
        case .publishCatalogue(let catalogue):
            dependencies.catalogue.set(catalogue)
        case .startAgent(let id, let generation, let configuration):
            runner.start(id, generation: generation, configuration: configuration)
        case .stopAgent(let id, let generation):
            runner.stop(id, generation: generation)
        case .writeSnapshot(let state):
            writeSnapshot(of: state)
        case .approveRemoval(let sequence):
            dependencies.snapshots.approveRemoval(before: sequence)
        case .tell(let completion):
            completion()
        }
    }

    private func writeSnapshot(of state: RuntimeState) {
        let mailbox = dependencies.mailbox
        let sink = dependencies.snapshots
        let time = now.wall
        dependencies.snapshotWork.enqueue {
            var failure: String?
            do throws(StorageError) {
                try sink.write(state, at: time)
            } catch {
                failure = error.description
            }
            mailbox.post(.snapshotEnded(sequence: state.sequence, failure: failure))
        }
    }

    /// Refuses every caller that still waits for an answer.
    mutating func refuseAll(_ error: RPCError) {
        for ticket in handlers.keys.sorted() {
            handlers.removeValue(forKey: ticket)?(.failure(error))
        }
    }

    mutating func cancelAttempts() {
        for task in tasks.values { task.cancel() }
    }

    /// Writes the last snapshot, after those that are being written.
    func writeLastSnapshot() {
        let state = core.state
        let sink = dependencies.snapshots
        let time = now.wall
        sink.hurry()
        // A failure costs the next start some replay, and nothing else.
        dependencies.snapshotWork.perform { try? sink.write(state, at: time) }
    }
}
