import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Journal
import Transport

/// The params of `hub.history`, and whom the answer is for.
struct HistoryCall: Sendable {
    var answer: PendingAnswer
    var channel: String
    var since: StreamPosition?
    var limit: Int

    var request: HistoryRequest { since.map { .since($0, limit: limit) } ?? .last(limit) }
}

/// A call that waits for the past from disk.
struct PendingPast: Sendable {
    enum Purpose: Sendable {
        /// `memory` is what the channel had at the time; `nil` for one that nobody follows.
        case history(HistoryCall, memory: History?, position: StreamPosition)
        /// `reply` is what the runtime said of the channel's state, if it was asked.
        case subscription(SubscribeRequest, reply: Reply?)
        /// `head` was the newest entry at the time.
        case audit(head: UInt64)
    }

    var answer: PendingAnswer
    var purpose: Purpose
}

// `hub.history`: from memory at once or, for channels of the runtime, from disk and later.
extension HubLoop {
    /// - Returns: Whether the answer comes later.
    mutating func history(
        _ slices: SliceCall,
        _ pending: PendingAnswer
    ) throws(RPCError) -> Bool {
        let call = try historyCall(slices, pending)
        let kind = ChannelKind(call.channel)
        let unknown = RPCError.notFound(
            "channel '\(call.channel.prefix(64))' does not exist, or nothing is kept of it"
        )
        guard mayRead(call.channel, pending.connection) else {
            noteDenial(of: "hub.history", .channel(call.channel), from: pending.connection)
            throw unknown
        }
        guard let channel = context.registry[call.channel] else {
            guard kind.isOfOneThing else { throw unknown }
            try askForTask(call)
            return true
        }
        let memory = channel.history(
            call.request,
            byteLimit: context.configuration.channels.answerBytes,
            filter: visible(nil, of: call.channel, pending.connection)
        )
        let position = StreamPosition(epoch: channel.epoch, offset: memory.head)
        guard let query = missing(from: memory, call, position) else {
            result = encode(call, memory, position)
            return false
        }
        if kind.isOfOneThing {
            try askForTask(call)
        } else {
            let purpose = PendingPast.Purpose.history(call, memory: memory, position: position)
            let filter = visible(nil, of: call.channel, pending.connection)
            try readPast(PendingPast(answer: pending, purpose: purpose), query, filter: filter)
        }
        return true
    }

    /// Only the runtime knows whether there is such a task or run, and where it begins.
    private mutating func askForTask(_ call: HistoryCall) throws(RPCError) {
        let command = Command.state(channel: call.channel, limit: nil, cursor: nil)
        try submit(command, key: nil, from: call.answer.connection) { mailbox, result in
            mailbox.post(.history(call, result))
        }
    }

    /// The runtime answered for the history of a task.
    mutating func finish(_ call: HistoryCall, with outcome: Result<Reply, RPCError>) {
        answered(call.answer.connection)
        guard session(of: call.answer.connection) != nil else { return }
        do throws(RPCError) {
            let reply = try outcome.get()
            guard let position = reply.position else { throw .internal }
            let memory = context.registry[call.channel]?.history(
                call.request,
                byteLimit: context.configuration.channels.answerBytes,
                filter: visible(nil, of: call.channel, call.answer.connection)
            )
            if let memory, missing(from: memory, call, position) == nil {
                complete(call.answer, with: .success(encode(call, memory, position)))
                return
            }
            let isKnown =
                call.since.map { $0.epoch == position.epoch && $0.offset <= position.offset }
                ?? true
            guard isKnown, call.limit > 0, position.offset > call.since?.offset ?? 0 else {
                let nothing = PastEvents(reached: position.offset, isWhole: isKnown)
                complete(call.answer, with: .success(encode(call, nothing, position)))
                return
            }
            var query = query(call, head: position.offset)
            query.firstSequence = reply.firstSequence
            let purpose = PendingPast.Purpose.history(call, memory: memory, position: position)
            try readPast(PendingPast(answer: call.answer, purpose: purpose), query)
        } catch {
            complete(call.answer, with: .failure(error))
        }
    }

    /// The past has been read from disk.
    mutating func finish(_ past: PendingPast, with outcome: Result<PastEvents, RPCError>) {
        let id = past.answer.connection
        answered(id)
        switch past.purpose {
        case .history(let call, let memory, let position):
            let bytes = outcome.map { found in
                let oldest = found.events.first?.offset ?? .max
                // Without a position to go on from, whichever reaches back further.
                if call.since == nil, let memory, !found.isWhole || oldest >= memory.keptFrom {
                    return encode(call, memory, position)
                }
                return encode(call, found, position)
            }
            complete(past.answer, with: bytes)
        case .audit(let head):
            complete(past.answer, with: outcome.map { Self.encode($0, head: head) })
        case .subscription(let request, let reply):
            guard session(of: id) != nil else { return }
            sessions[Int(id.slot)]?.pendingSubscriptions.removeAll { $0 == request.channel }
            complete(past.answer, with: outcome.flatMap { subscribe(request, id, reply, $0) })
        }
    }

    /// Hands a query to the threads that read the disk.
    ///
    /// - Throws: BUSY when too many wait.
    mutating func readPast(
        _ past: PendingPast,
        _ query: HistoryQuery,
        filter: EventFilter? = nil,
        accepts: (@Sendable (Event) -> Bool)? = nil
    ) throws(RPCError) {
        let slot = Int(past.answer.connection.slot)
        let limit = context.configuration.limits.maxPendingCommands
        guard sessions[slot]?.pendingCommands ?? 0 < limit else {
            exceeded.note(.pendingCommands)
            throw .busy("\(limit) commands of this session wait for an answer")
        }
        let mailbox = mailbox
        let isAccepted = context.past.read(query, filter: filter, accepts: accepts) {
            mailbox.post(.past(past, $0))
        }
        guard isAccepted else {
            exceeded.note(.pastReads)
            throw .busy("too many reads of the past wait", retryAfter: .milliseconds(500))
        }
        sessions[slot]?.pendingCommands += 1
    }

    /// What must be read from disk because memory reaches not so far back; `nil` when it does.
    private func missing(
        from memory: History,
        _ call: HistoryCall,
        _ position: StreamPosition
    ) -> HistoryQuery? {
        guard call.limit > 0, ChannelKind(call.channel).isOfRuntime else { return nil }
        if let since = call.since {
            guard !memory.isRecovered, since.epoch == position.epoch, since.offset < memory.head
            else { return nil }
        }
        let query = query(call, head: memory.head)
        return query.after + 1 < memory.keptFrom ? query : nil
    }

    private func query(_ call: HistoryCall, head: UInt64) -> HistoryQuery {
        var query = HistoryQuery(
            channel: call.channel,
            after: call.since?.offset ?? head - min(head, UInt64(call.limit)),
            through: head,
            count: call.limit,
            byteLimit: context.configuration.channels.answerBytes
        )
        query.mayBeginLater = call.since == nil
        return query
    }

    private func encode(
        _ call: HistoryCall,
        _ history: History,
        _ position: StreamPosition
    ) -> [UInt8] {
        encode(call, history.isRecovered, history.position.offset, position) {
            $0.array(of: history.bodies)
        }
    }

    private func encode(
        _ call: HistoryCall,
        _ past: PastEvents,
        _ position: StreamPosition
    ) -> [UInt8] {
        let isWhole = past.isWhole || call.since == nil
        let encoder = PublicationEncoder(channel: call.channel)
        return encode(call, isWhole, isWhole ? past.reached : position.offset, position) {
            $0.array(of: [], after: isWhole ? past.events.map(encoder.body(of:)) : [])
        }
    }

    private func encode(
        _ call: HistoryCall,
        _ isRecovered: Bool,
        _ offset: UInt64,
        _ position: StreamPosition,
        _ events: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("channel", call.channel)
        writer.member("epoch", position.epoch)
        writer.member("offset", offset)
        writer.member("head", max(position.offset, offset))
        if call.since != nil { writer.member("recovered", isRecovered) }
        writer.name("events")
        events(&writer)
        writer.endObject()
        return writer.takeBytes()
    }

    private func historyCall(
        _ call: SliceCall,
        _ pending: PendingAnswer
    ) throws(RPCError) -> HistoryCall {
        let message = call.bytes.span
        guard
            let name = message.jsonMember("channel", of: call.params)
                .flatMap({ message.jsonString($0) })
        else { throw .validation("/channel", "must be a string") }
        return HistoryCall(
            answer: pending,
            channel: name,
            since: try since(call),
            limit: try limit(call)
        )
    }

    private func limit(_ call: SliceCall) throws(RPCError) -> Int {
        let message = call.bytes.span
        guard let slice = message.jsonMember("limit", of: call.params) else { return 100 }
        guard let limit = message.jsonInt(slice), (0...10_000).contains(limit) else {
            throw .validation("/limit", "must be a whole number from 0 to 10000")
        }
        return limit
    }

    private func since(_ call: SliceCall) throws(RPCError) -> StreamPosition? {
        let message = call.bytes.span
        guard let slice = message.jsonMember("since", of: call.params) else { return nil }
        guard message.jsonKind(slice) == .object,
            let epoch = message.jsonMember("epoch", of: slice).flatMap({ message.jsonString($0) }),
            let offset = message.jsonMember("offset", of: slice).flatMap({ message.jsonUInt64($0) })
        else { throw .validation("/since", "must be {epoch, offset}") }
        return StreamPosition(epoch: epoch, offset: offset)
    }
}
