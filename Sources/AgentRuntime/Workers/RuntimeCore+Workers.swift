import Identity
import JSONRPC

// Who works: sessions and processes come, get their share of the tasks and go.
extension RuntimeCore {
    mutating func execute(_ command: WorkerCommand, order: Order) {
        switch command {
        case .register(let offer, let link): register(offer, link, order: order)
        case .drain(let id): drain(id, order: order)
        case .list: listWorkers(order)
        case .heartbeat(let lease): renew(lease, order: order)
        case .progress(let lease, let percent, let message):
            guard let token = renew(lease, order: order) else { return }
            handle(.progress(token, percent: percent, message: message), at: now)
        case .output(let lease, let text):
            guard let token = renew(lease, order: order) else { return }
            handle(.output(token, text), at: now)
        case .complete(let lease, let result): end(lease, .completed(result), order: order)
        case .fail(let lease, let failure): end(lease, .failed(failure), order: order)
        }
    }

    mutating func handle(_ report: WorkerReport, at now: Moment) {
        self.now = now
        switch report {
        case .accepted(let lease, let session): accept(lease, sessionID: session)
        case .refused(let lease, let session): refuse(lease, sessionID: session)
        case .gone(let session):
            for id in workers.ids(ofSession: session) { lose(id, .disconnected) }
        case .crashed(let agentID, let reason):
            noteCrash(.crashed(reason: reason), of: agentID)
        }
    }

    // MARK: Coming

    private mutating func register(_ offer: WorkerOffer, _ link: WorkerLink, order: Order) {
        let known = knownAgent(offer.target)
        let replaced = workers.ids(ofSession: order.caller.sessionID).filter {
            workers[$0]?.agentID == known
        }
        // Before anything is created.
        guard hasRoom(order, besides: replaced.count),
            let agentID = agent(for: offer, known: known, order: order)
        else { return }
        for id in replaced { lose(id, .replaced) }
        let worker = Worker(
            id: UUIDv7.make(at: now.wall, using: &random),
            agentID: agentID,
            caller: order.caller,
            link: link,
            concurrency: min(max(offer.concurrency, 1), WorkerOffer.maximumConcurrency),
            registeredAt: now.wall
        )
        workers.add(worker)
        emitAgent(
            .workerRegistered(
                workerID: worker.id,
                userID: worker.caller.userID,
                concurrency: worker.concurrency
            ),
            of: agentID
        )
        audit(order, ofAgent: agentID, hasEffect: true)
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("workerId", worker.id)
        writer.member("agentId", agentID)
        writer.member("concurrency", worker.concurrency)
        writer.member("leaseMs", Int(configuration.lease.wholeMilliseconds))
        writer.member("heartbeatMs", Int(configuration.heartbeat.wholeMilliseconds))
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
        dispatch(agentID)
    }

    /// The agent that a worker is for, which may be new; `nil` when the command was refused.
    private mutating func agent(
        for offer: WorkerOffer,
        known: String?,
        order: Order
    ) -> String? {
        guard let definition = offer.definition else {
            guard let known, visibleAgent(known) != nil else {
                refuseUnknownAgent(order.ticket)
                return nil
            }
            return known
        }
        // Who may not see an agent must not learn of it by being told that it is there.
        if let known, visibleAgent(known) == nil {
            refuseUnknownAgent(order.ticket)
            return nil
        }
        if let known, catalogue.definition(ofProvided: known) == definition { return known }
        guard asking.rules.allows(.manage, method: order.command.method ?? "") else {
            refuse(order.ticket, .forbidden("new task types are for the role manager and admin"))
            return nil
        }
        if let known, !catalogue.isProvided(known) {
            let reason = "must be left out: '\(known)' has task types of its own"
            refuse(order.ticket, .validation("/capabilities", reason))
            return nil
        }
        let conflicts = catalogue.conflicts(of: definition)
        guard conflicts.isEmpty else {
            refuse(order.ticket, .validation(conflicts))
            return nil
        }
        guard known != nil || catalogue.providedCount < configuration.maximumProvidedAgents else {
            let limit = configuration.maximumProvidedAgents
            refuse(order.ticket, .conflict("workers have declared \(limit) agents already"))
            return nil
        }
        provide(definition)
        return definition.description.id
    }

    private func knownAgent(_ target: WorkerOffer.Target) -> String? {
        switch target {
        case .id(let id): catalogue.description(of: id).map { _ in id }
        case .type(let type): catalogue.agentID(ofType: type)
        }
    }

    private mutating func provide(_ definition: ProvidedAgent) {
        let description = definition.description
        guard catalogue.provide(definition) else { return }
        output.actions.append(.publishCatalogue(catalogue))
        if state.agents[description.id] == nil {
            emitAgent(
                .agentInitialized(name: description.name, type: description.type),
                of: description.id
            )
        }
        emitAgent(.agentProvided(definition.json), of: description.id)
        if let agent = state.agents[description.id], agent.status == .inactive,
            agent.desiredStatus != .inactive, lifecycles[description.id] == nil
        {
            beginStart(of: description.id, ticket: nil, key: nil)
        }
    }

    private mutating func hasRoom(_ order: Order, besides replaced: Int) -> Bool {
        if workers.count - replaced >= configuration.maximumWorkers {
            refuse(order.ticket, .busy("there are \(workers.count) workers already"))
            return false
        }
        let count = workers.count(ofUser: order.caller.userID) - replaced
        if order.caller.principal != nil, count >= configuration.maximumWorkersPerUser {
            refuse(order.ticket, .busy("the user has \(count) workers already"))
            return false
        }
        return true
    }

    // MARK: Being told of

    private mutating func drain(_ id: String, order: Order) {
        guard let worker = workers[id], asking.rules.sees(agent: worker.agentID),
            worker.caller.sessionID == order.caller.sessionID
                || asking.rules.allows(.manage, method: WorkerCommand.drain(id: id).method)
        else { return refuse(order.ticket, .notFound("no such worker")) }
        if worker.phase == .active { workers.setPhase(.draining, of: id) }
        audit(order, ofAgent: worker.agentID, hasEffect: false)
        var writer = JSONWriter()
        workers[id]?.write(to: &writer)
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
        idleWorkers.append(id)
    }

    private mutating func listWorkers(_ order: Order) {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.name("workers")
        writer.beginArray()
        let visible = workers.all.filter { asking.rules.sees(agent: $0.agentID) }
        for worker in visible.sorted(by: { $0.id < $1.id }) { worker.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    // MARK: Going

    /// The last of a step: those leave who have nothing left to do or may do nothing any more, once
    /// everything else was said.
    mutating func settleWorkers() {
        if mustRecheckWorkers {
            mustRecheckWorkers = false
            recheckWorkers()
        }
        while let id = idleWorkers.popLast() { dismissIfDone(id) }
    }

    /// Dismisses a worker that is to get no more tasks, once it has none.
    private mutating func dismissIfDone(_ id: String) {
        guard let worker = workers[id], worker.attempts.isEmpty else { return }
        switch worker.phase {
        case .active: break
        case .draining: dismiss(id, .drained)
        case .deaf: dismiss(id, .deaf)
        }
    }

    /// Ends everything that a worker had, and the worker.
    mutating func lose(_ id: String, _ departure: WorkerDeparture) {
        guard let worker = workers[id] else { return }
        // It must not be given back what it loses here.
        workers.setPhase(.draining, of: id)
        for token in worker.attempts.sorted() { loseAttempt(token, departure) }
        dismiss(id, departure)
    }

    private mutating func dismiss(_ id: String, _ departure: WorkerDeparture) {
        guard let worker = workers[id] else { return }
        workers.remove(id)
        emitAgent(.workerLeft(workerID: id, reason: departure.rawValue), of: worker.agentID)
        output.actions.append(
            .tellWorker(worker.link, .dismissed(workerID: id, departure))
        )
    }

    /// A worker that does not answer gets no more tasks, and others what it has not taken.
    mutating func noteDeaf(_ id: String) {
        guard let worker = workers[id], worker.phase != .deaf else { return }
        workers.setPhase(.deaf, of: id)
        statistics.deafWorkers += 1
        emitAgent(.workerDeaf(workerID: id), of: worker.agentID)
        for token in worker.attempts.sorted() where attempts[token]?.lease?.isAccepted == false {
            takeBack(token, .unanswered)
        }
        idleWorkers.append(id)
    }

    /// Lets those workers go that may not act for their agent any more.
    private mutating func recheckWorkers() {
        guard workers.count > 0 else { return }
        let revoked = workers.all.filter { rules(of: $0.caller)?.sees(agent: $0.agentID) != true }
        for worker in revoked.sorted(by: { $0.id < $1.id }) { lose(worker.id, .revoked) }
    }
}
