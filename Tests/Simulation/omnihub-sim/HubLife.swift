import AgentRuntime
import EventLoops
import HubCore
import HubServer
import Journal
import Synchronization

/// A mistake that is put into the hub's surroundings, to show that it would be found.
enum Plant: String, CaseIterable {
    /// The disk says that `fdatasync` is done and does nothing.
    case skipFdatasync = "skip-fdatasync"
    /// The journal says that a batch is durable before it is written.
    case earlyAcknowledgement = "early-acknowledgement"
    /// One event in a hundred never reaches the channels.
    case droppedEvent = "dropped-event"
}

/// One life of the hub's process, from a start to its end or its crash.
final class HubLife {
    let hub: SteppedHub
    let executor: SteppedExecutor
    /// Snapshots, clearing away, and reading the past: each a thread that may wait for the disk.
    let work: [SteppedWork]
    let workshop: Workshop
    private let released: ReleasedEvents
    private let log: CollectedLog

    /// When each loop has to be looked at although nothing comes, and by what it learns of more.
    var loops: [(poller: CInt, sleepsUntil: UInt64)]
    var runtimeWakes: UInt64 = 0
    var isStopping = false

    init(
        _ configuration: HubConfiguration,
        socket: UnixSocketPath,
        plant: Plant?,
        random: inout SeededGenerator,
        log: CollectedLog
    ) throws {
        let executor = SteppedExecutor()
        let work = (0..<3).map { _ in SteppedWork() }
        let workshop = Workshop(random: random.branch())
        let released = ReleasedEvents()
        var seams = HubSeams()
        seams.agents = SimulatedAgent.identities.map { SimulatedAgent(id: $0, workshop: workshop) }
        seams.agentExecutor = executor
        seams.journalWorker = .owner
        seams.snapshotWork = work[0]
        seams.archiveWork = work[1]
        seams.readWork = work[2]
        seams.random = random.branch()
        seams.log = { (journal) -> any EventLog in
            if plant == .earlyAcknowledgement { return HastyLog(journal: journal) }
            return journal
        }
        seams.observer = { (channels) -> any EventObserver<RecordedEvent> in
            let isLossy = plant == .droppedEvent
            let second: any EventObserver<RecordedEvent> =
                isLossy ? LossyObserver(base: channels) : channels
            return ObserverPair(first: released, second: second)
        }
        do {
            hub = try SteppedHub(
                configuration,
                listeners: [try ListeningSocket(.unix(socket))],
                logger: Logger(level: .info, form: .text(colored: false)) { log.append($0) },
                seams: seams
            )
        } catch {
            for queue in work { queue.discard() }
            throw error
        }
        self.executor = executor
        self.work = work
        self.workshop = workshop
        self.released = released
        self.log = log
        loops = Array(repeating: (-1, 0), count: hub.loopCount)
    }

    deinit {
        for queue in work { queue.discard() }
    }

    /// Events that have left the runtime since the last call.
    func takeReleased() -> [RecordedEvent] { released.takeAll() }
}

/// What the hub logs.
final class CollectedLog: Sendable {
    private let lines = Mutex<[String]>([])

    func append(_ line: [UInt8]) {
        lines.withLock { $0.append(String(decoding: line, as: UTF8.self)) }
    }

    func takeAll() -> [String] {
        lines.withLock { lines in
            defer { lines = [] }
            return lines
        }
    }
}

private final class ReleasedEvents: EventObserver {
    private let events = Mutex<[RecordedEvent]>([])

    func observe(_ batch: [RecordedEvent]) { events.withLock { $0 += batch } }

    func takeAll() -> [RecordedEvent] {
        events.withLock { events in
            defer { events = [] }
            return events
        }
    }
}

private struct ObserverPair: EventObserver {
    let first: ReleasedEvents
    let second: any EventObserver<RecordedEvent>

    func observe(_ events: [RecordedEvent]) {
        first.observe(events)
        second.observe(events)
    }
}

/// The planted bug of ``Plant/droppedEvent``.
private struct LossyObserver: EventObserver {
    let base: any EventObserver<RecordedEvent>

    func observe(_ events: [RecordedEvent]) {
        base.observe(events.filter { $0.event.sequence % 100 != 99 })
    }
}

/// The planted bug of ``Plant/earlyAcknowledgement``.
private struct HastyLog: EventLog {
    let journal: JournalWriter

    func append(
        _ records: [JournalRecord],
        whenDurable: @escaping @Sendable (Result<Void, StorageError>) -> Void
    ) {
        whenDurable(.success(()))
        journal.append(records) { _ in }
    }

    func reserve(_ bytes: Int) throws(StorageError) { try journal.reserve(bytes) }

    func close() { journal.close() }

    var metrics: JournalMetrics { journal.metrics }
}
