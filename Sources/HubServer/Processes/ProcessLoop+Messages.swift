import AgentRuntime
import EventLoops
import JSONRPC
import JSONSchema

// What processes and the runtime have to say to each other: the messages of workers, a line each.
extension ProcessLoop {
    /// Takes one line of a process.
    mutating func receive(_ line: [UInt8], _ slot: ProcessSlot) {
        guard slot.phase != .ending || slot.endIsExpected else { return }
        guard !line.isEmpty else { return }
        do {
            try scanner.scan(line.span)
        } catch {
            return kill(slot, "a line is not JSON; what is for people belongs on standard error")
        }
        guard !scanner.isBatch, let item = scanner.items.first else {
            return kill(slot, "a line is a batch")
        }
        switch item {
        case .invalid(_, let problem):
            kill(slot, "a line is no JSON-RPC: \(problem.rawValue)")
        case .response(let response):
            takeResponse(response, of: line.span, slot)
        case .request(let request):
            let id = request.id.map { range in Array(line[range]) }
            do {
                try call(request, of: line.span, id, slot)
            } catch {
                answer(id, .failure(error), slot)
            }
        }
    }

    private mutating func call(
        _ request: MessageItem.Request,
        of line: Span<UInt8>,
        _ id: [UInt8]?,
        _ slot: ProcessSlot
    ) throws(RPCError) {
        let name = line.jsonString(request.method) ?? ""
        guard let schema = schemas[name], name != "workers.list", name != "workers.drain" else {
            throw .methodNotFound(String(name.prefix(64)))
        }
        let value = request.params.map { JSONValue(validated: line, $0) } ?? .object([:])
        let violations = schema.violations(in: value)
        guard violations.isEmpty, let params = value.objectValue else {
            throw .validation(violations.map { RPCError.Detail(path: $0.path, reason: $0.reason) })
        }
        var pending = ProcessHost.PendingLine(slot: slot.index, life: slot.life, id: id)
        let command: WorkerCommand
        switch name {
        case "workers.register":
            guard slot.phase == .starting else {
                throw .conflict("the process is a worker already")
            }
            command = .register(
                WorkerOffer(target: .id(slot.agent.id), concurrency: 1),
                link(to: slot)
            )
            pending.registers = true
        case "tasks.heartbeat":
            command = .heartbeat(leaseID: try WorkerReports.lease(params))
        case "tasks.progress":
            command = try WorkerReports.progress(params)
        case "tasks.output":
            command = try WorkerReports.output(params)
        case "tasks.complete":
            command = try WorkerReports.complete(
                params,
                type: slot.leaseType,
                catalogue: runtime.catalogue
            )
            pending.lease = try WorkerReports.lease(params)
        default:
            command = try WorkerReports.fail(params)
            pending.lease = try WorkerReports.lease(params)
        }
        submit(command, pending, slot)
    }

    private func link(to slot: ProcessSlot) -> WorkerLink {
        let mailbox = host.mailbox
        let (index, life) = (slot.index, slot.life)
        return WorkerLink { mailbox.post(.tell(slot: index, life: life, $0)) }
    }

    private mutating func submit(
        _ command: WorkerCommand,
        _ pending: ProcessHost.PendingLine,
        _ slot: ProcessSlot
    ) {
        slot.pending += 1
        if slot.pending >= Self.maximumPending { setReading(slot, false) }
        let mailbox = host.mailbox
        let caller = Caller(userID: "", sessionID: slot.session, transport: "process")
        runtime.submit(.worker(command), caller: caller) { result in
            mailbox.post(.answer(pending, result))
        }
    }

    /// The runtime has answered a command of a process.
    mutating func finish(
        _ pending: ProcessHost.PendingLine,
        _ result: Result<Reply, RPCError>,
        _ slot: ProcessSlot
    ) {
        slot.pending -= 1
        if slot.pending < Self.maximumPending, slot.restartAt == nil { setReading(slot, true) }
        switch result {
        case .success:
            if pending.registers, slot.phase == .starting {
                slot.phase = .working
                slot.killAt = nil
            }
            if let lease = pending.lease { endLease(lease, slot) }
        case .failure(let error):
            if let lease = pending.lease, !error.leavesLease { endLease(lease, slot) }
        }
        answer(pending.id, result, slot)
    }

    /// The process is at the task no more, so there is no reason to kill it.
    private func endLease(_ lease: UInt64, _ slot: ProcessSlot) {
        guard slot.lease == lease else { return }
        slot.lease = nil
        slot.leaseType = nil
        slot.mustAnswer = false
        slot.failures = 0
        if slot.phase == .working {
            slot.terminateAt = nil
            slot.killAt = nil
            slot.endIsExpected = false
        }
    }

    private mutating func answer(
        _ id: [UInt8]?,
        _ result: Result<Reply, RPCError>,
        _ slot: ProcessSlot
    ) {
        guard let id else { return }
        var message: [UInt8] = []
        switch result {
        case .success(let reply):
            message.appendResponse(id: id, result: reply.result)
        case .failure(let error):
            message.appendResponse(id: id, error: error, requestID: nextRequestID())
        }
        send(message, to: slot)
    }

    private mutating func takeResponse(
        _ response: MessageItem.Response,
        of line: Span<UInt8>,
        _ slot: ProcessSlot
    ) {
        guard slot.mustAnswer, let lease = slot.lease,
            LeasedTask.leaseID(ofAnswer: line.jsonString(response.id)) == lease
        else { return }
        slot.mustAnswer = false
        switch response.outcome {
        case .result:
            runtime.report(.accepted(leaseID: lease, sessionID: slot.session))
        case .error:
            endLease(lease, slot)
            runtime.report(.refused(leaseID: lease, sessionID: slot.session))
        }
    }

    /// The runtime tells a process.
    mutating func tell(_ slot: ProcessSlot, _ message: WorkerMessage) {
        switch message {
        case .execute(let task):
            guard slot.phase == .working || slot.phase == .starting else {
                // It is about to end; the runtime will be told.
                return
            }
            slot.lease = task.leaseID
            slot.leaseType = task.type
            slot.mustAnswer = true
            send(task.request, to: slot)
        case .cancel(let lease, _, _):
            guard slot.lease == lease else { return }
            if let (method, params) = message.notification {
                var text: [UInt8] = []
                text.appendNotification(method: method, params: params)
                send(text, to: slot)
            }
            // Cooperative at first; within the runtime's grace nothing is left of it.
            slot.endIsExpected = true
            slot.terminateAt = now + UInt64(limits.graceMs * 2 / 5)
            slot.killAt = now + UInt64(limits.graceMs * 4 / 5)
        case .dismissed:
            // It is no worker any more, and another may be a better one.
            if slot.phase != .ending { end(slot) }
        }
    }
}
