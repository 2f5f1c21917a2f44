import AgentRuntime
import EventLoops
import JSONRPC
import JSONSchema
import Transport

/// Sees to the processes of all process agents: begins and ends them, and carries lines between them
/// and the runtime.
///
/// A process is a worker for one task at a time: whatever must be killed is then at nothing else.
struct ProcessLoop: ~Copyable {
    /// What is read from one pipe before others get their turn.
    private static let turn = 64 << 10
    /// Commands of one process that wait for the runtime, beyond which it is not read from.
    static let maximumPending = 64

    let host: ProcessHost
    let limits: HubConfiguration.ProcessLimits
    let runtime: Runtime
    let logger: Logger
    let folder: String
    let schemas: [String: Schema]
    var poller: Poller
    var slots: [ProcessSlot] = []
    var scanner = MessageScanner(maximumBatchCount: 1)
    /// Agents that are ending, and who waits for it.
    private var stopping: [String: [@Sendable () -> Void]] = [:]
    private var isShutDown = false
    private var chunk = [UInt8](repeating: 0, count: turn)
    var now = MonotonicClock.milliseconds
    private var nextRequest: UInt64 = 0

    init(
        _ host: ProcessHost,
        _ limits: HubConfiguration.ProcessLimits,
        runtime: Runtime,
        folder: String,
        logger: Logger
    ) throws {
        let methods = try MethodTable.workerMethods()
        let poller = try Poller()
        try poller.add(host.wakeup.descriptor, token: .max, for: .readable)
        self.host = host
        self.limits = limits
        self.runtime = runtime
        self.folder = folder
        self.logger = logger
        self.poller = consume poller
        schemas = Dictionary(methods.map { ($0.name, $0.schema) }) { first, _ in first }
        for agent in host.agents {
            for _ in 0..<agent.processes {
                slots.append(
                    ProcessSlot(
                        index: slots.count,
                        agent: agent,
                        linesPerSecond: limits.linesPerSecond
                    )
                )
            }
        }
    }

    /// Runs until it is told to end and no process is left.
    mutating func run() {
        while !isShutDown || slots.contains(where: { $0.child != nil }) { takeTurn() }
    }

    private mutating func takeTurn() {
        let maySleep = host.mailbox.prepareToSleep()
        let count = poller.wait(timeout: maySleep ? timeout() : 0)
        now = MonotonicClock.milliseconds
        for message in host.mailbox.takeAll() { handle(message) }
        for index in 0..<count {
            let (token, readiness) = poller.event(index)
            if token == .max {
                host.wakeup.reset()
            } else if Int(token >> 2) < slots.count {
                serve(slots[Int(token >> 2)], Stream(rawValue: token & 3), readiness)
            }
        }
        passDeadlines()
    }

    private func timeout() -> CInt {
        guard let next = slots.compactMap(\.deadline).min() else { return -1 }
        return CInt(clamping: next > now ? next - now + 1 : 0)
    }

    private mutating func handle(_ message: ProcessHost.Message) {
        switch message {
        case .start(let agentID):
            guard !isShutDown else { return }
            for slot in slots where slot.agent.id == agentID {
                slot.isWanted = true
                slot.failures = 0
                if slot.child == nil { slot.restartAt = now }
            }
        case .stop(let agentID, let completion):
            stopping[agentID, default: []].append(completion)
            for slot in slots where slot.agent.id == agentID { retire(slot) }
            finishStop(of: agentID)
        case .tell(let slot, let life, let message):
            guard slots[slot].life == life, slots[slot].child != nil else { return }
            tell(slots[slot], message)
        case .answer(let pending, let result):
            guard slots[pending.slot].life == pending.life, slots[pending.slot].child != nil else {
                return
            }
            finish(pending, result, slots[pending.slot])
        case .shutdown:
            isShutDown = true
            for slot in slots { retire(slot) }
        }
    }

    private mutating func passDeadlines() {
        for slot in slots {
            if let due = slot.killAt, due <= now {
                slot.killAt = nil
                slot.child?.kill()
            } else if let due = slot.terminateAt, due <= now {
                slot.terminateAt = nil
                slot.phase = .ending
                slot.child?.terminate()
            } else if let due = slot.restartAt, due <= now {
                slot.restartAt = nil
                if slot.child == nil {
                    if slot.isWanted { begin(slot) }
                } else {
                    setReading(slot, true)
                }
            }
        }
    }

    // MARK: Begin and end

    private mutating func begin(_ slot: ProcessSlot) {
        slot.life += 1
        slot.bornAt = now
        slot.bucket = TokenBucket(
            rate: limits.linesPerSecond,
            burst: limits.linesPerSecond,
            now: now
        )
        do {
            let child = try ChildProcess(command(of: slot.agent))
            try poller.add(child.outputDescriptor, token: Stream.output.token(slot), for: .readable)
            try poller.add(child.errorDescriptor, token: Stream.errors.token(slot), for: .readable)
            try poller.add(
                child.controlDescriptor,
                token: Stream.control.token(slot),
                for: .readable
            )
            slot.child = consume child
            slot.phase = .starting
            slot.killAt = now + UInt64(limits.startMs)
        } catch {
            logger.error(
                "a process cannot be begun",
                ["agent": slot.agent.id, "error": error.description]
            )
            noteFailure(of: slot, "its process cannot be begun: \(error.description)")
        }
    }

    private func command(of agent: ProcessAgentConfiguration) throws(SystemError)
        -> ChildProcess.Command
    {
        var place = agent.directory
        if place.isEmpty {
            place = "\(folder)/\(agent.id)"
            try PrivateFolder.create(place)
        }
        var variables = ProcessAgentConfiguration.usualEnvironment
        variables["HOME"] = place
        variables["OMNIHUB_AGENT"] = agent.id
        variables.merge(agent.environment) { _, own in own }
        var command = ChildProcess.Command(
            path: agent.command.first ?? "",
            arguments: Array(agent.command.dropFirst()),
            environment: variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" },
            folder: place
        )
        command.memoryBytes = agent.memoryBytes
        command.processorSeconds = agent.cpuSeconds
        command.openFiles = agent.openFiles
        command.fileBytes = agent.fileBytes
        return command
    }

    /// There is to be no process any more.
    private mutating func retire(_ slot: ProcessSlot) {
        slot.isWanted = false
        slot.restartAt = nil
        end(slot)
    }

    /// Asks a process to end, and kills it when it has not before long.
    mutating func end(_ slot: ProcessSlot) {
        guard slot.child != nil else { return }
        slot.phase = .ending
        slot.endIsExpected = true
        slot.terminateAt = nil
        slot.child?.closeInput()
        slot.watchesInput = false
        slot.child?.terminate()
        slot.killAt = now + UInt64(limits.killMs)
    }

    /// A process breaks the rules.
    mutating func kill(_ slot: ProcessSlot, _ reason: String) {
        guard slot.child != nil, slot.phase != .ending else { return }
        logger.warning("a process is killed", ["agent": slot.agent.id, "reason": reason])
        slot.phase = .ending
        slot.killAt = now + UInt64(limits.killMs)
        slot.child?.kill()
        setReading(slot, false)
    }

    /// The guard has ended, and so has all that it guarded.
    private mutating func bury(_ slot: ProcessSlot) {
        // What it has said before it ended counts, up to a bound.
        for _ in 0..<16 {
            guard slot.phase != .ending || slot.endIsExpected, readOutput(slot) else { break }
        }
        readErrors(slot)
        guard let child = slot.child.take() else { return }
        if child.inputDescriptor >= 0 { poller.remove(child.inputDescriptor) }
        for descriptor in [
            child.outputDescriptor, child.errorDescriptor, child.controlDescriptor,
        ] { poller.remove(descriptor) }
        let status = child.reap()
        runtime.report(.gone(sessionID: slot.session))
        let isExpected = slot.endIsExpected
        let lasted = now - slot.bornAt
        slot.clear()
        if isExpected {
            if slot.isWanted { slot.restartAt = now }
        } else {
            let end = status > 128 ? "signal \(status - 128)" : "status \(status)"
            logger.warning("a process has ended", ["agent": slot.agent.id, "with": end])
            if lasted >= UInt64(limits.maxRestartMs) { slot.failures = 0 }
            noteFailure(of: slot, "its process has ended with \(end)")
        }
        finishStop(of: slot.agent.id)
    }

    private mutating func noteFailure(of slot: ProcessSlot, _ reason: String) {
        slot.failures += 1
        let delay = min(limits.maxRestartMs, limits.restartMs << min(slot.failures - 1, 16))
        if slot.isWanted { slot.restartAt = now + UInt64(delay) }
        runtime.report(.crashed(agentID: slot.agent.id, reason: reason))
    }

    private mutating func finishStop(of agentID: String) {
        let isOver = slots.allSatisfy { $0.agent.id != agentID || $0.child == nil }
        guard isOver, let completions = stopping.removeValue(forKey: agentID) else { return }
        for completion in completions { completion() }
    }

    // MARK: Pipes

    private mutating func serve(_ slot: ProcessSlot, _ stream: Stream?, _ readiness: Readiness) {
        guard slot.child != nil else { return }
        switch stream {
        case .output:
            if !readOutput(slot), readiness.isBroken { setReading(slot, false) }
        case .errors:
            readErrors(slot)
        case .input:
            flush(slot)
        case .control, nil:
            if slot.child?.hasEnded() == true { bury(slot) }
        }
    }

    /// Reads a part of what a process has to say.
    ///
    /// - Returns: Whether there may be more.
    @discardableResult private mutating func readOutput(_ slot: ProcessSlot) -> Bool {
        switch slot.child?.readOutput(into: &chunk) {
        case .bytes(let count):
            take(chunk.prefix(count), from: slot)
            return true
        case .ended:
            setReading(slot, false)
            return false
        case .wouldBlock, .failed, nil:
            return false
        }
    }

    private mutating func take(_ bytes: ArraySlice<UInt8>, from slot: ProcessSlot) {
        var start = bytes.startIndex
        while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
            let line = slot.line + bytes[start..<end]
            slot.line = []
            start = end + 1
            receive(line, slot)
            if let wait = slot.bucket.take(now: now) {
                // It talks too much: it is listened to again when there is time.
                setReading(slot, false)
                slot.restartAt = now + wait
            }
            guard slot.child != nil else { return }
        }
        slot.line += bytes[start...]
        if slot.line.count > limits.maxLineBytes {
            kill(slot, "a line has more than agents.maxLineBytes (\(limits.maxLineBytes))")
            slot.line = []
        }
    }

    /// Passes on, to the log, what a process says besides.
    private mutating func readErrors(_ slot: ProcessSlot) {
        guard case .bytes(let count)? = slot.child?.readErrors(into: &chunk) else {
            if let descriptor = slot.child?.errorDescriptor { poller.remove(descriptor) }
            return
        }
        let agent = slot.agent.id
        for byte in chunk.prefix(count) {
            guard byte == UInt8(ascii: "\n") else {
                if slot.errorLine.count < limits.logLineBytes { slot.errorLine.append(byte) }
                continue
            }
            let text = String(decoding: slot.errorLine, as: UTF8.self)
            slot.errorLine.removeAll(keepingCapacity: true)
            logger.info("a process says", ["agent": agent, "line": text.printable])
        }
    }

    /// A name for a request that failed, to find it in the log.
    mutating func nextRequestID() -> String {
        nextRequest += 1
        return "p-\(nextRequest)"
    }
}

/// Which descriptor of a process an event is about.
enum Stream: UInt64 {
    case output, errors, control, input

    func token(_ slot: ProcessSlot) -> UInt64 { UInt64(slot.index) << 2 | rawValue }
}
