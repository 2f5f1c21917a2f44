import AgentRuntime
import CSimulation
import EventLoops
import HubServer
import Journal

/// One run: a machine with a hub, clients, a network, and everything that may go wrong, in an order
/// that a seed decides.
///
/// Nothing runs but what takes a turn here, one after the other, and no clock goes on but by a turn:
/// so the same seed gives the same run, to the last byte.
final class World {
    let trace: Trace
    let ledger = Ledger()
    let machine: SimulatedMachine
    let plant: Plant?
    let configuration: HubConfiguration
    /// Whether the hub keeps all history of the run, so that everything can be recovered.
    let isDeep: Bool
    let path: UnixSocketPath
    let log = CollectedLog()
    var random: SeededGenerator
    var clients: [SimulatedClient] = []
    var life: HubLife?
    var startsAt: UInt64 = 0
    /// Of the wall clock against the other, in nanoseconds.
    var wallOffset: Int64 = 0
    /// When something goes wrong next.
    var chaosAt: UInt64 = 0
    var isCalm = false
    /// Parts of the hub that get no turn before a moment: a slow disk, a busy processor.
    var paused: [Part: UInt64] = [:]
    /// What the runtime knew when it gave a batch to the journal, by the last event of the batch.
    var captured: [UInt64: RuntimeState] = [:]
    /// Events on the disk that no life has let out yet: the next one does.
    var unreleased: [RecordedEvent] = []
    private(set) var turns = 0
    private(set) var lives = 0
    var crashes = 0

    var now: UInt64 {
        get { trace.now }
        set { trace.now = newValue }
    }

    enum Part: Hashable {
        case loop(Int), work(Int), runtime, journal, agents
    }

    enum Turn {
        case part(Part)
        case workshop
        case carry(Int)
        case read(Int)
        case client(Int)
        case chaos
        case start
    }

    init(seed: UInt64, plant: Plant?, folder: String, trace: Trace) throws(Violation) {
        var random = SeededGenerator(seed: seed)
        self.trace = trace
        self.plant = plant
        machine = try SimulatedMachine(folder: folder, random: &random, trace: trace)
        machine.disk.skipsDataSynchronisation = plant == .skipFdatasync
        isDeep = random.chance(0.6)
        configuration = Self.configuration(machine, isDeep: isDeep, &random)
        guard let path = UnixSocketPath(machine.socketPath) else {
            throw Violation("\(machine.socketPath) is too long")
        }
        self.path = path
        self.random = random
        now = 1_000_000_000
        setClocks()
        for index in 0..<self.random.number(2...5) {
            let client = SimulatedClient(
                "c\(index)",
                path: path,
                ledger: ledger,
                trace: trace,
                random: self.random.branch(),
                isDeep: isDeep
            )
            client.choose()
            clients.append(client)
        }
        chaosAt = self.random.time(1_200_000_000...3_000_000_000)
    }

    private static func configuration(
        _ machine: SimulatedMachine,
        isDeep: Bool,
        _ random: inout SeededGenerator
    ) -> HubConfiguration {
        var result = HubConfiguration()
        result.dev = true
        result.stateDirectory = "\(machine.diskPath)/state"
        result.limits.maxConnections = 100
        result.loops = random.number(1...2)
        result.journal.segmentBytes = random.number(2_000...40_000)
        result.journal.reservationBytes = random.number(4_096...65_536)
        result.journal.retainedRecords = isDeep ? 1_000_000 : random.number(0...200)
        result.snapshots.afterEvents = random.number(10...400)
        result.channels.runtimeHistorySize = isDeep ? 1_000_000 : random.number(1...200)
        result.channels.presenceGraceMs = random.number(0...15_000)
        result.channels.answerBytes = random.chance(0.3) ? random.number(200...8_000) : 512 << 10
        result.limits.maxOutboundBytes =
            random.chance(0.4) ? random.number(2_000...64_000) : 1 << 20
        result.timeouts.pingIntervalMs = random.number(500...25_000)
        result.timeouts.drainMs = random.number(0...1_000)
        result.timeouts.stopMs = 3_000
        result.runtime.cancelGraceMs = random.number(50...2_000)
        result.runtime.lifecycleTimeoutMs = random.number(200...3_000)
        result.runtime.defaultConcurrency = random.number(1...4)
        result.workers.leaseMs = random.number(500...5_000)
        result.workers.answerMs = random.number(100...3_000)
        var kept = ChannelNamespace()
        kept.journaled = true
        result.channels.namespaces["kept"] = kept
        result.compression.threshold = random.pick([0, 128, 1_024]) ?? 128
        return result
    }

    // MARK: Turns

    func setClocks() {
        let start: Int64 = 1_790_000_000_000_000_000
        csim_set_clocks(now, UInt64(start + Int64(now) + wallOffset))
    }

    /// Lets one part take one turn, or time pass to when there is one.
    func step() throws(Violation) {
        let turns = possibleTurns()
        guard let turn = random.pick(turns) else {
            let next = nextDue()
            guard next < .max else { throw Violation("nothing can happen any more") }
            now = max(now, next)
            return
        }
        self.turns += 1
        now += random.time(1_000...60_000)
        setClocks()
        life?.workshop.setTime(now)
        take(turn)
        try settle()
    }

    private func possibleTurns() -> [Turn] {
        var turns: [Turn] = []
        if let life {
            for (index, loop) in life.loops.enumerated() {
                let isReady =
                    now >= loop.sleepsUntil || loop.poller >= 0 && csim_is_ready(loop.poller) != 0
                if isReady, isFree(.loop(index)) { turns.append(.part(.loop(index))) }
            }
            if life.hub.runtimeHasMail || now >= life.runtimeWakes, isFree(.runtime) {
                turns.append(.part(.runtime))
            }
            if life.hub.journalHasWork, isFree(.journal) { turns.append(.part(.journal)) }
            for (index, work) in life.work.enumerated() where work.hasWork {
                if isFree(.work(index)) { turns.append(.part(.work(index))) }
            }
            if life.executor.hasJobs, isFree(.agents) { turns.append(.part(.agents)) }
            if let due = life.workshop.nextDue, due <= now { turns.append(.workshop) }
        } else if now >= startsAt {
            turns.append(.start)
        }
        for (index, client) in clients.enumerated() {
            if client.nextDue <= now { turns.append(.client(index)) }
            guard let link = client.link else { continue }
            if link.nextDue <= now { turns.append(.carry(index)) }
            if link.wantsToRead(at: now), csim_is_ready(link.descriptor) != 0 {
                turns.append(.read(index))
            }
        }
        if now >= chaosAt { turns.append(.chaos) }
        return turns
    }

    private func isFree(_ part: Part) -> Bool { (paused[part] ?? 0) <= now }

    /// When there is a turn again.
    private func nextDue() -> UInt64 {
        var due = chaosAt
        for until in paused.values where until > now { due = min(due, until) }
        if let life {
            for loop in life.loops where loop.sleepsUntil > now {
                due = min(due, loop.sleepsUntil)
            }
            if life.runtimeWakes > now { due = min(due, life.runtimeWakes) }
            due = min(due, life.workshop.nextDue ?? .max)
        } else {
            due = min(due, startsAt)
        }
        for client in clients {
            due = min(due, client.nextDue)
            guard let link = client.link else { continue }
            due = min(due, link.nextDue)
            if link.readsAgain > now { due = min(due, link.readsAgain) }
        }
        return due
    }

    private func take(_ turn: Turn) {
        switch turn {
        case .part(let part):
            take(part)
            if !isCalm, random.chance(0.02) { paused[part] = now + random.time(0...200_000_000) }
        case .workshop:
            life?.workshop.step(at: now)
        case .carry(let index):
            let client = clients[index]
            if let arrival = client.link?.carry(at: now) { client.arrived(arrival, at: now) }
        case .read(let index):
            clients[index].link?.read(at: now)
        case .client(let index):
            clients[index].timePassed(at: now)
        case .chaos:
            cause()
        case .start:
            start()
        }
    }

    private func take(_ part: Part) {
        guard let life else { return }
        switch part {
        case .loop(let index):
            csim_forget_wait()
            guard life.hub.stepLoop(index) else {
                // It has ended, and with it would end the process if the others had.
                life.loops[index] = (-1, .max)
                return life.hub.advanceStop()
            }
            let wait = csim_last_wait()
            if wait.poller >= 0 { life.loops[index].poller = wait.poller }
            // Before it has polled and found nothing, nobody knows how long it would sleep.
            let sleeps = wait.poller >= 0 && wait.events == 0 && wait.timeout != 0
            life.loops[index].sleepsUntil =
                !sleeps ? now : wait.timeout < 0 ? .max : now + UInt64(wait.timeout) * 1_000_000
        case .runtime:
            let rest = life.hub.stepRuntime()
            life.runtimeWakes = rest.map { now + UInt64(clamping: $0.nanoseconds) } ?? .max
            capture()
        case .journal:
            life.hub.stepJournal()
        case .work(let index):
            life.work[index].step()
        case .agents:
            life.executor.step(using: &random)
        }
    }

    /// `text` without what names this process.
    private func withoutPath(_ text: String) -> String {
        text.replacing(machine.diskPath, with: "")
    }

    /// Keeps what the runtime knows when it has just given a batch to the journal.
    private func capture() {
        guard let hub = life?.hub, let sequence = hub.sequenceInFlight else { return }
        // What was decided since then is not in the batch.
        if hub.state.sequence == sequence { captured[sequence] = hub.state }
    }

    /// Sees what a turn has led to.
    private func settle() throws(Violation) {
        for line in log.takeAll() {
            // A key that OpenSSL makes is another one in each run, and decides nothing.
            let known = line.dropFirst(25).dropLast().split(separator: "  kid=").first ?? ""
            trace.note(withoutPath("log: \(known)"))
        }
        for event in life?.takeReleased() ?? [] {
            trace.note("event \(event.event.sequence) \(event.event.type.rawValue)")
            ledger.release(event)
        }
        if let crash = machine.disk.crash {
            try endLife(by: crash)
        } else if life?.hub.hasEnded == true {
            try endLife(by: nil)
        }
        if let violation = ledger.violation { throw violation }
    }

    // MARK: Lives of the hub

    private func start() {
        if !isCalm, random.chance(0.15) {
            machine.disk.callsUntilCrash = (
                random.number(1...40), random.chance(0.5) ? .kill : .powerCut
            )
        }
        csim_set_send_buffer(random.chance(0.5) ? CInt(random.number(2_048...16_384)) : 0)
        do {
            life = try HubLife(
                configuration,
                socket: path,
                plant: plant,
                random: &random,
                log: log
            )
            lives += 1
            for event in unreleased { ledger.release(event) }
            unreleased = []
            capture()
            trace.note("hub: starts")
            if isCalm { life?.workshop.calm() }
        } catch {
            trace.note(withoutPath("hub: does not start: \(error)"))
            startsAt = now + random.time(50_000_000...2_000_000_000)
            if machine.disk.crash == nil { judge(error) }
        }
    }

    /// A disk that does not work is a reason not to start; what is on it never is.
    private func judge(_ error: any Error) {
        switch error {
        case StateDirectoryError.inputOutput, StateDirectoryError.cannotCreate,
            StateDirectoryError.permissionDenied:
            machine.disk.restart()
        case let failure as KeyFileError where failure.status == .ioError:
            machine.disk.restart()
        default:
            ledger.fail("the hub does not start: \(error)")
        }
    }

    /// The process is gone: by a crash, or because it was told to stop or the disk has failed.
    func endLife(by crash: SimulatedDisk.Crash?) throws(Violation) {
        trace.note("hub: ends\(crash.map { " by \($0)" } ?? "")")
        if crash != nil { crashes += 1 }
        let isWhole = life?.hub.isRuntimeSettled == true && life?.hub.hasFailed == false
        let state = crash == nil && isWhole ? life?.hub.state : nil
        life = nil
        paused = [:]
        csim_close_accepted()
        machine.disk.restart()
        startsAt = now + random.time(20_000_000...(isCalm ? 100_000_000 : 3_000_000_000))
        try checkDisk(expecting: state)
    }
}

extension Duration {
    /// Rounded up.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + (attoseconds + 999_999_999) / 1_000_000_000
    }
}
