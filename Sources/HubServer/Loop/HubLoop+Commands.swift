import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import JSONSchema
import Transport
import WebSocketProtocol

/// A batch whose answers are complete when all its commands were answered.
struct OpenBatch {
    var connection: ConnectionID
    var answers: [UInt8]
    var brackets: BatchBrackets
    var waiting: Int
}

// The way of a message: scan, find the method, check who may call it and what is given, then
// answer on the loop or hand a command to the runtime.
extension HubLoop {
    mutating func receive(
        _ payload: UnsafeRawBufferPointer,
        _ kind: MessageKind,
        from id: ConnectionID
    ) {
        guard kind == .text else {
            let reason = "messages are JSON text"
            transport.close(id, CloseFrame(code: .unsupportedData, reason: reason))
            return
        }
        let message = payload.bindMemory(to: UInt8.self)
        answers.removeAll(keepingCapacity: true)
        do {
            try scanner.scan(message.span)
        } catch {
            appendError(.parseError(error), id: nil, of: message)
            sendAnswers(to: id)
            return
        }
        if scanner.isBatchTooLarge {
            let limit = context.configuration.limits.maxBatch
            exceeded.note(.batch)
            appendError(.batchTooLarge(limit: limit), id: nil, of: message)
            sendAnswers(to: id)
        } else if scanner.isBatch {
            performBatch(payload, from: id)
        } else {
            _ = perform(scanner.items[0], of: payload, from: id, batch: nil)
            sendAnswers(to: id)
        }
    }

    private mutating func performBatch(_ payload: UnsafeRawBufferPointer, from id: ConnectionID) {
        var batch = OpenBatch(connection: id, answers: [], brackets: BatchBrackets(), waiting: 0)
        nextBatch += 1
        let key = nextBatch
        for position in scanner.items.indices {
            let waits = perform(scanner.items[position], of: payload, from: id, batch: key)
            if waits { batch.waiting += 1 }
            guard !answers.isEmpty else { continue }
            batch.brackets.separate(in: &batch.answers)
            batch.answers.append(contentsOf: answers)
            answers.removeAll(keepingCapacity: true)
        }
        if batch.waiting > 0 {
            batches[key] = batch
        } else {
            complete(batch)
        }
    }

    /// Sends the answers of a batch; to notifications alone there are none.
    private mutating func complete(_ batch: OpenBatch) {
        guard batch.brackets.isOpen else { return }
        var batch = batch
        batch.brackets.close(in: &batch.answers)
        batch.answers.withUnsafeBytes { transport.send(.text, $0, to: batch.connection) }
    }

    mutating func sendAnswers(to id: ConnectionID) {
        guard !answers.isEmpty else { return }
        answers.withUnsafeBytes { transport.send(.text, $0, to: id) }
    }

    /// Performs one item of a message.
    ///
    /// - Returns: Whether its answer will come from the runtime.
    private mutating func perform(
        _ item: MessageItem,
        of payload: UnsafeRawBufferPointer,
        from id: ConnectionID,
        batch: UInt64?
    ) -> Bool {
        let message = payload.bindMemory(to: UInt8.self)
        switch item {
        case .response(let response):
            takeResponse(response, of: message.span, from: id)
            return false
        case .invalid(let requestID, let problem):
            appendError(.invalidRequest(problem), id: requestID, of: message)
            return false
        case .request(let request):
            commands &+= 1
            result.removeAll(keepingCapacity: true)
            let waits: Bool
            do {
                waits = try call(request, of: payload, from: id, batch: batch)
            } catch {
                failedCommands &+= 1
                noteDenial(error, of: request, in: message.span, from: id)
                if !request.isNotification { appendError(error, id: request.id, of: message) }
                return false
            }
            if !waits, let requestID = request.id {
                answers.appendResponse(id: requestID, of: message.span, result: result)
            }
            return waits
        }
    }

    /// Calls the method; its result is in `result` unless the runtime will answer.
    private mutating func call(
        _ request: MessageItem.Request,
        of payload: UnsafeRawBufferPointer,
        from id: ConnectionID,
        batch: UInt64?
    ) throws(RPCError) -> Bool {
        let slot = Int(id.slot)
        try payForCommand(slot)
        let message = payload.bindMemory(to: UInt8.self).span
        guard let name = message.jsonPlainContents(request.method),
            let row = context.methods.index(of: message.extracting(name))
        else {
            throw .methodNotFound(message.jsonString(request.method)?.prefixForPeople ?? "")
        }
        let method = context.methods.methods[row]
        try method.access.check(sessions[slot]?.rules, calling: method.name)
        if let params = request.params, message.jsonKind(params) != .object {
            throw .validation("", "params are given by name, as an object")
        }
        if method.rate != .commands { try pay(for: method.rate, slot) }
        switch method.handler {
        case .publish:
            guard let params = request.params else {
                throw .validation("", "params are missing")
            }
            let call = SliceCall(connection: id, message: payload, params: params)
            guard let publication = try publish(call) else { return false }
            try submit(publication, pendingAnswer(request, of: message, id, batch))
            return true
        case .history:
            guard let params = request.params else {
                throw .validation("", "params are missing")
            }
            let pending = pendingAnswer(request, of: message, id, batch)
            return try history(
                SliceCall(connection: id, message: payload, params: params),
                pending
            )
        case .audit:
            let params = try checkedParams(request.params, of: message, method)
            return try audit(AuditQuery(params), pendingAnswer(request, of: message, id, batch))
        case .immediate(let handler):
            let params = try checkedParams(request.params, of: message, method)
            result = try handler(&self, id, params).encoded()
            return false
        case .runtime(let handler):
            let params = try checkedParams(request.params, of: message, method)
            let command = try handler(params)
            let key = params["idempotencyKey"]?.stringValue
            let pending = pendingAnswer(request, of: message, id, batch)
            try submit(command, key: key, from: id) { mailbox, result in
                mailbox.post(.answer(pending, result))
            }
            return true
        case .deferred(let handler):
            let params = try checkedParams(request.params, of: message, method)
            try handler(&self, params, pendingAnswer(request, of: message, id, batch))
            return true
        case .subscribe:
            let params = try checkedParams(request.params, of: message, method)
            let pending = pendingAnswer(request, of: message, id, batch)
            return try subscribe(SubscribeRequest(params), pending)
        }
    }

    private func pendingAnswer(
        _ request: MessageItem.Request,
        of message: Span<UInt8>,
        _ id: ConnectionID,
        _ batch: UInt64?
    ) -> PendingAnswer {
        PendingAnswer(
            connection: id,
            id: request.id.map { range in range.map { message[$0] } },
            batch: batch
        )
    }

    private func checkedParams(
        _ params: Range<Int>?,
        of message: Span<UInt8>,
        _ method: Method
    ) throws(RPCError) -> JSONObject {
        let value = params.map { JSONValue(validated: message, $0) } ?? .object([:])
        let violations = method.schema.violations(in: value)
        guard violations.isEmpty else {
            throw .validation(violations.map { RPCError.Detail(path: $0.path, reason: $0.reason) })
        }
        return value.objectValue ?? [:]
    }

    /// Hands a command to the runtime, whose answer comes back by the mailbox.
    mutating func submit(
        _ command: Command,
        key: String?,
        from id: ConnectionID,
        answer: @escaping @Sendable (Mailbox<LoopMessage>, Result<Reply, RPCError>) -> Void
    ) throws(RPCError) {
        guard let caller = caller(of: id), !caller.userID.isEmpty else {
            throw .unauthenticated("the session is not authenticated")
        }
        try beginCommand(of: id)
        let mailbox = mailbox
        context.runtime.submit(
            command,
            caller: caller,
            idempotencyKey: key,
            seeing: session(of: id)?.rules
        ) { answer(mailbox, $0) }
    }

    /// Notes that a command of a session waits for its answer, unless too many do.
    mutating func beginCommand(of id: ConnectionID) throws(RPCError) {
        let limit = context.configuration.limits.maxPendingCommands
        guard let session = session(of: id), session.pendingCommands < limit else {
            exceeded.note(.pendingCommands)
            throw .busy("\(limit) commands of this session wait for an answer")
        }
        sessions[Int(id.slot)]?.pendingCommands += 1
    }

    /// On whose behalf a session gives commands; without a user's id while it is anonymous.
    func caller(of id: ConnectionID) -> Caller? {
        guard let session = session(of: id) else { return nil }
        return Caller(
            userID: session.principal?.userID ?? "",
            sessionID: session.id,
            apiKeyID: session.principal?.apiKeyID,
            address: session.address,
            transport: Session.transport,
            principal: session.principal
        )
    }

    /// Sends an answer that had to wait.
    mutating func finish(_ pending: PendingAnswer, with result: Result<Reply, RPCError>) {
        answered(pending.connection)
        switch result {
        case .success(let reply): complete(pending, with: .success(reply.result))
        case .failure(let error): complete(pending, with: .failure(error))
        }
        if pending.mayEndSession { finishLastAnswer(to: pending.connection) }
    }

    /// A command of the session does not wait any more.
    mutating func answered(_ id: ConnectionID) {
        if session(of: id) != nil { sessions[Int(id.slot)]?.pendingCommands -= 1 }
    }

    /// Sends an answer, or adds it to the batch it belongs to.
    mutating func complete(_ pending: PendingAnswer, with result: Result<[UInt8], RPCError>) {
        answers.removeAll(keepingCapacity: true)
        if let id = pending.id {
            switch result {
            case .success(let bytes):
                answers.appendResponse(id: id, result: bytes)
            case .failure(let error):
                answers.appendResponse(id: id, error: error, requestID: nextRequestID())
            }
        }
        if case .failure = result { failedCommands &+= 1 }
        guard let key = pending.batch else {
            sendAnswers(to: pending.connection)
            return
        }
        guard var batch = batches.removeValue(forKey: key) else { return }
        if !answers.isEmpty {
            batch.brackets.separate(in: &batch.answers)
            batch.answers.append(contentsOf: answers)
        }
        batch.waiting -= 1
        if batch.waiting > 0 {
            batches[key] = batch
        } else {
            complete(batch)
        }
    }

    private mutating func appendError(
        _ error: RPCError,
        id: Range<Int>?,
        of message: UnsafeBufferPointer<UInt8>
    ) {
        answers.appendResponse(
            id: id,
            of: message.span,
            error: error,
            requestID: nextRequestID()
        )
    }

    /// A name for a request that failed, to find it in the log.
    private mutating func nextRequestID() -> String {
        nextRequest += 1
        return "\(index)-\(nextRequest)"
    }
}

extension String {
    /// What an error repeats of a client's text: not more than a line.
    fileprivate var prefixForPeople: String { String(prefix(64)) }
}
