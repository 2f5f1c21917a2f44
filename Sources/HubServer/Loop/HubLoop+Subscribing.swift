import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Journal
import Transport

// `hub.subscribe` and what else reads channels. The answer is queued before the cursor is added,
// and cursors are served when the tick ends, so it is on the wire before the first notification.
extension HubLoop {
    /// Subscribes at once, or after the runtime has answered.
    ///
    /// - Returns: Whether the answer will come from the runtime.
    mutating func subscribe(
        _ request: SubscribeRequest,
        _ pending: PendingAnswer
    ) throws(RPCError) -> Bool {
        let id = pending.connection
        let name = request.channel
        var request = request
        request.filter = visible(request.filter, of: name, id)
        guard !isSubscribed(id, to: name) else {
            throw RPCError(.alreadySubscribed, "already subscribed to '\(name)'")
        }
        let session = session(of: id)
        let held = (session?.subscriptions.count ?? 0) + (session?.pendingSubscriptions.count ?? 0)
        let limit = context.configuration.limits.maxSubscriptions
        guard held < limit else {
            exceeded.note(.subscriptions)
            throw RPCError(.tooManySubscriptions, "a session may have \(limit) subscriptions")
        }
        try checkReading(name, id, calling: "hub.subscribe")
        try checkActions(request, id)
        switch ChannelKind(name) {
        case .unknown:
            throw .notFound("channel '\(name)' does not exist")
        case .client, .pattern:
            guard !request.wantsState else {
                throw .validation("/state", "is for 'agents', 'tasks' and 'workflows' channels")
            }
            if ChannelKind(name) == .pattern {
                try subscribe(request, pending, to: feed(name))
            } else {
                try subscribe(toClientChannel: request, pending)
            }
            return false
        case .collection, .agent, .audit:
            guard let channel = context.registry[name] else {
                throw .notFound("channel '\(name)' does not exist")
            }
            guard request.wantsState else {
                if try recoverFromDisk(request, pending, channel, reply: nil) { return true }
                try subscribe(request, pending, to: channel)
                return false
            }
            guard name != "system", name != "audit", name != "schedules" else {
                throw .validation("/state", "is for 'agents', 'tasks' and 'workflows' channels")
            }
            try askRuntime(request, pending)
            return true
        case .task, .run:
            // Only the runtime knows whether there is such a one.
            try askRuntime(request, pending)
            return true
        }
    }

    private mutating func subscribe(
        toClientChannel request: SubscribeRequest,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let name = request.channel
        let rules = context.namespaces.rules(of: name)
        if request.presence != nil { try checkPresence(rules, of: name) }
        var request = request
        if rules.isRetained, request.history == .none { request.last = 1 }
        try subscribe(request, pending, to: clientChannel(name, rules))
    }

    private mutating func askRuntime(
        _ request: SubscribeRequest,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let id = pending.connection
        let waiting = PendingSubscription(answer: pending, request: request)
        let observer = context.observer
        let isOfOneThing = ChannelKind(request.channel).isOfOneThing
        let command = Command.state(
            channel: request.channel,
            limit: request.stateLimit,
            cursor: nil
        )
        try submit(command, key: nil, from: id) { mailbox, result in
            // On the thread that publishes, so that no event comes in between.
            if isOfOneThing, case .success(let reply) = result, let position = reply.position {
                _ = observer.open(task: request.channel, at: position.offset)
            }
            mailbox.post(.subscription(waiting, result))
        }
        sessions[Int(id.slot)]?.pendingSubscriptions.append(request.channel)
    }

    /// Subscribes to a channel that is there; the answer goes to `result`.
    private mutating func subscribe(
        _ request: SubscribeRequest,
        _ pending: PendingAnswer,
        to channel: Channel
    ) throws(RPCError) {
        let byteLimit = context.configuration.channels.answerBytes
        var answer = SubscriptionAnswer(channel: channel.name)
        try addSubscriber(pending.connection, to: channel, request) {
            let history = channel.history(
                request.history,
                byteLimit: byteLimit,
                filter: request.filter
            )
            answer.position = history.position
            answer.recovered = request.since == nil ? nil : history.isRecovered
            answer.events = history.bodies
            return history.position.offset
        }
        result = answer.encoded()
    }

    /// The runtime answered for a subscription.
    mutating func finish(
        _ pending: PendingSubscription,
        with outcome: Result<Reply, RPCError>
    ) {
        let id = pending.answer.connection
        answered(id)
        guard session(of: id) != nil else { return }
        sessions[Int(id.slot)]?.pendingSubscriptions.removeAll { $0 == pending.request.channel }
        do throws(RPCError) {
            let reply = try outcome.get()
            if let channel = context.registry[pending.request.channel],
                try recoverFromDisk(pending.request, pending.answer, channel, reply: reply)
            {
                return
            }
            complete(pending.answer, with: subscribe(pending.request, id, reply))
        } catch {
            complete(pending.answer, with: .failure(error))
        }
    }

    /// Reads from disk what a subscriber has missed, if memory holds it no more.
    ///
    /// - Returns: Whether it does, and the answer comes later.
    private mutating func recoverFromDisk(
        _ request: SubscribeRequest,
        _ answer: PendingAnswer,
        _ channel: Channel,
        reply: Reply?
    ) throws(RPCError) -> Bool {
        let head = request.wantsState ? reply?.position?.offset : nil
        let through = head ?? channel.position.offset
        guard let since = request.since, since.epoch == channel.epoch, since.offset < through,
            channel.bytes(after: since.offset) == nil, ChannelKind(channel.name).isOfRuntime
        else { return false }
        var query = HistoryQuery(
            channel: channel.name,
            after: since.offset,
            through: through,
            count: .max,
            byteLimit: context.configuration.channels.answerBytes
        )
        query.firstSequence = reply?.firstSequence
        let purpose = PendingPast.Purpose.subscription(request, reply: reply)
        try readPast(
            PendingPast(answer: answer, purpose: purpose),
            query,
            filter: request.filter
        )
        sessions[Int(answer.connection.slot)]?.pendingSubscriptions.append(channel.name)
        return true
    }

    /// Subscribes somebody for whom the past was read from disk.
    mutating func subscribe(
        _ request: SubscribeRequest,
        _ id: ConnectionID,
        _ reply: Reply?,
        _ past: PastEvents
    ) -> Result<[UInt8], RPCError> {
        guard let channel = context.registry[request.channel] else {
            return .failure(.busy("there is no room for channel '\(request.channel)'"))
        }
        let encoder = PublicationEncoder(channel: channel.name)
        var answer = SubscriptionAnswer(channel: channel.name, position: channel.position)
        answer.recovered = false
        let bodies = past.events.map(encoder.body(of:))
        let room = context.configuration.channels.answerBytes - bodies.reduce(0) { $0 + $1.count }
        do throws(RPCError) {
            try addSubscriber(id, to: channel, request) {
                if request.wantsState, let position = reply?.position {
                    answer.position = position
                    answer.recovered = past.isWhole && past.reached >= position.offset
                } else if past.isWhole {
                    // Memory must go on where the disk has ended: else it was too much for one
                    // answer, and the client reads page by page.
                    let reached = StreamPosition(epoch: channel.epoch, offset: past.reached)
                    let rest = channel.history(
                        .since(reached, limit: .max),
                        byteLimit: max(0, room),
                        filter: request.filter
                    )
                    if rest.isRecovered {
                        answer.recovered = true
                        answer.events = rest.bodies
                        answer.position = rest.position
                    }
                }
                if answer.recovered == true {
                    answer.past = bodies
                } else if !request.wantsState {
                    answer.position = channel.position
                }
                return answer.position.offset
            }
        } catch {
            return .failure(error)
        }
        if request.wantsState {
            answer.state = reply?.result
            answer.next = reply?.next
        }
        return .success(answer.encoded())
    }

    private mutating func subscribe(
        _ request: SubscribeRequest,
        _ id: ConnectionID,
        _ reply: Reply
    ) -> Result<[UInt8], RPCError> {
        guard let channel = context.registry[request.channel], let position = reply.position else {
            return .failure(.busy("there is no room for channel '\(request.channel)'"))
        }
        var answer = SubscriptionAnswer(channel: channel.name, position: position)
        if request.history != .none {
            read(channel, request, upTo: position.offset, into: &answer)
        }
        if request.wantsState {
            answer.state = reply.result
            answer.next = reply.next
        }
        do throws(RPCError) {
            try addSubscriber(id, to: channel, request) { answer.position.offset }
        } catch {
            return .failure(error)
        }
        return .success(answer.encoded())
    }

    /// Adds the past of the channel up to the position of its state.
    private func read(
        _ channel: Channel,
        _ request: SubscribeRequest,
        upTo offset: UInt64,
        into answer: inout SubscriptionAnswer
    ) {
        // What came after the state follows as notifications; it must not be in both.
        let history = channel.history(
            request.history,
            byteLimit: context.configuration.channels.answerBytes,
            filter: request.filter,
            upTo: offset
        )
        // A part of the past that does not reach the state would leave a gap between the two.
        let reached = history.position.offset
        let isWhole = history.isRecovered && (!request.wantsState || reached >= offset)
        if request.since != nil { answer.recovered = isWhole }
        guard isWhole else { return }
        answer.events = history.bodies
        answer.position.offset = reached
    }

    /// The feed of a pattern, which begins with the first who asks for it.
    private mutating func feed(_ pattern: String) throws(RPCError) -> Channel {
        var limits = context.configuration.channels.clientHistory
        if pattern.hasPrefix("app.") { limits = context.namespaces.rules(of: pattern).history }
        // What is newest on one of its channels is not what is newest on all.
        limits.keepsNewest = false
        let feed = context.registry.feed(pattern) {
            Channel(
                name: pattern,
                position: StreamPosition(epoch: StreamPosition.newEpoch(), offset: 0),
                limits: limits,
                carriesEvents: !pattern.hasPrefix("app."),
                transcriber: PatternEncoder(pattern: pattern)
            )
        }
        guard let feed else {
            exceeded.note(.patterns)
            let limit = context.configuration.channels.maxPatterns
            throw .busy("all \(limit) patterns are in use; raise channels.maxPatterns")
        }
        return feed
    }

    mutating func unsubscribe(_ id: ConnectionID, from channel: String) throws(RPCError) {
        guard let session = session(of: id),
            let position = subscription(of: session, to: channel)
        else {
            throw RPCError(.notSubscribed, "not subscribed to '\(channel)'")
        }
        removeSubscription(position, of: id, isLost: false)
    }
}
