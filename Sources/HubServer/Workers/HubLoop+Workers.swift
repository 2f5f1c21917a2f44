import AgentRuntime
import EventLoops
import JSONRPC
import Transport
import WebSocketProtocol

// Sessions that are workers: the runtime's messages to them, and theirs to the runtime.
extension HubLoop {
    /// `workers.register`.
    mutating func registerWorker(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let id = pending.connection
        let longest = context.configuration.runtime.maxTaskTimeoutMs
        let offer = try WorkerOffer(params, maximumTimeoutMs: longest)
        let mailbox = mailbox
        let link = WorkerLink { mailbox.post(.worker(id, $0)) }
        try submit(.worker(.register(offer, link)), key: nil, from: id) { mailbox, result in
            mailbox.post(.answer(pending, result))
        }
        if sessions[Int(id.slot)]?.worker == nil {
            sessions[Int(id.slot)]?.worker = WorkerSession()
        }
    }

    /// `tasks.complete`.
    mutating func completeTask(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let lease = try WorkerReports.lease(params)
        let command = try WorkerReports.complete(
            params,
            type: session(of: pending.connection)?.worker?.types[lease],
            catalogue: context.runtime.catalogue
        )
        try endTask(command, lease, pending)
    }

    /// `tasks.fail`.
    mutating func failTask(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        let lease = try WorkerReports.lease(params)
        try endTask(try WorkerReports.fail(params), lease, pending)
    }

    private mutating func endTask(
        _ command: WorkerCommand,
        _ lease: UInt64,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let id = pending.connection
        try submit(.worker(command), key: nil, from: id) { mailbox, result in
            if case .failure(let error) = result, error.leavesLease {
                // The worker will try again.
            } else {
                mailbox.post(.leaseEnded(id, lease))
            }
            mailbox.post(.answer(pending, result))
        }
    }

    mutating func endLease(_ lease: UInt64, of id: ConnectionID) {
        guard session(of: id) != nil else { return }
        _ = sessions[Int(id.slot)]?.worker?.end(lease)
    }

    /// Passes on what the runtime tells a worker.
    mutating func tellWorker(_ id: ConnectionID, _ message: WorkerMessage) {
        // The end of a session is told to the runtime when the session is removed.
        guard let session = session(of: id) else { return }
        switch message {
        case .execute(let task):
            sessions[Int(id.slot)]?.worker?.types[task.leaseID] = task.type
            sessions[Int(id.slot)]?.worker?.waiting.append(task)
            sendExecutions(to: id)
            return
        case .cancel(let lease, _, _):
            if sessions[Int(id.slot)]?.worker?.end(lease) == true {
                // It never got there.
                context.runtime.report(.refused(leaseID: lease, sessionID: session.id))
                return
            }
        case .dismissed:
            break
        }
        if let (method, params) = message.notification { notify(id, method, params) }
    }

    /// Sends a worker its tasks as fast as the connection takes them: large payloads must not make it
    /// a slow consumer.
    mutating func sendExecutions(to id: ConnectionID) {
        while !transport.isBlocked(id), let task = session(of: id)?.worker?.waiting.first {
            var frame: [UInt8] = []
            frame.appendFrame(.text, payload: task.request.span)
            let written = frame.withUnsafeBytes { transport.sendFrames($0, to: id) }
            // What waits before it goes first; the poller will say when.
            if written == 0 { return }
            if written < frame.count {
                frame.withUnsafeBytes { bytes in
                    transport.queue(UnsafeRawBufferPointer(rebasing: bytes[written...]), to: id)
                }
            }
            guard session(of: id) != nil else { return }
            sessions[Int(id.slot)]?.worker?.waiting.removeFirst()
            sessions[Int(id.slot)]?.worker?.unanswered.insert(task.leaseID)
        }
    }

    /// Takes the answer to a request of the hub; others are ignored.
    mutating func takeResponse(
        _ response: MessageItem.Response,
        of message: Span<UInt8>,
        from id: ConnectionID
    ) {
        guard let session = session(of: id), session.worker != nil,
            let lease = LeasedTask.leaseID(ofAnswer: message.jsonString(response.id)),
            sessions[Int(id.slot)]?.worker?.unanswered.remove(lease) != nil
        else { return }
        switch response.outcome {
        case .result:
            context.runtime.report(.accepted(leaseID: lease, sessionID: session.id))
        case .error:
            _ = sessions[Int(id.slot)]?.worker?.end(lease)
            context.runtime.report(.refused(leaseID: lease, sessionID: session.id))
        }
    }
}
