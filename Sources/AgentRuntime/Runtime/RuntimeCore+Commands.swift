import Identity
import JSONRPC

extension RuntimeCore {
    /// Carries out a command.
    ///
    /// Each is answered exactly once, by a ``RuntimeAction/reply(_:_:)`` now or later.
    mutating func execute(_ order: Order, at now: Moment) {
        self.now = now
        if isDraining, order.command.isRefusedWhileDraining {
            return refuse(order.ticket, .busy("the hub is stopping", retryAfter: .seconds(1)))
        }
        guard begin(order) else { return }
        if let key = order.remembrance, let answer = state.answers[key] {
            return repeatAnswer(answer, to: order.ticket)
        }
        switch order.command {
        case .createTask: createTask(order)
        case .getTask(let id): replyTask(id, to: order.ticket)
        case .listTasks(let query): listTasks(query, order: order)
        case .cancelTask(let id): cancelTask(id, order: order)
        case .retryTask(let id): retryTask(id, order: order)
        case .taskResult(let id): replyResult(id, to: order.ticket)
        case .waitTask(let id, let timeout): waitTask(id, timeout: timeout, order: order)
        case .listAgents: replyAgents(to: order.ticket)
        case .getAgent(let id): replyAgentInDetail(id, to: order.ticket)
        case .controlAgent(let id, let control): self.control(id, control, order: order)
        case .configureAgent(let id, let changes): configure(id, changes, order: order)
        case .agentMetrics(let id): replyMetrics(of: id, to: order.ticket)
        case .state(let channel, let limit, let cursor):
            replyState(of: channel, limit: limit, cursor: cursor, to: order.ticket)
        case .snapshot:
            audit(order, of: nil, hasEffect: false)
            requestSnapshot(for: order.ticket)
        case .statistics: replyStatistics(to: order.ticket)
        case .identity(let command): execute(command, order: order)
        case .schedule(let command): execute(command, order: order)
        case .workflow(let command): execute(command, order: order)
        case .publish(let draft): publish(draft, order: order)
        case .forgetChannels(let names): forgetChannels(names, order: order)
        case .integration(let command): execute(command, order: order)
        case .analytics(let command): execute(command, order: order)
        case .worker(let command): execute(command, order: order)
        }
    }

    private mutating func repeatAnswer(_ remembered: RememberedAnswer, to ticket: ReplyTicket) {
        switch remembered {
        case .task(let record):
            guard asking.rules.sees(taskOf: record.definition.agentID) else {
                return refuseUnknownTask(ticket)
            }
            reply(ticket, .success(Reply(result: record.encoded())))
        case .agent(let record):
            guard asking.rules.sees(agent: record.id) else { return refuseUnknownAgent(ticket) }
            var writer = JSONWriter()
            write(remembered: record, to: &writer)
            reply(ticket, .success(Reply(result: writer.takeBytes())))
        case .user(let record):
            reply(ticket, .success(Reply(result: record.encoded())))
        case .schedule(let record):
            reply(ticket, .success(Reply(result: answer(with: record))))
        case .object(let text):
            reply(ticket, .success(Reply(result: text.bytes)))
        case .position(let position):
            reply(ticket, .success(Reply(result: position.encoded())))
        case .report(let report):
            guard isVisible(report) else { return refuse(ticket, .notFound("no such report")) }
            reply(ticket, .success(Reply(result: report.encoded())))
        case .nothing:
            reply(ticket, .success(Reply(result: Self.nothing)))
        }
    }

    mutating func refuseUnknownTask(_ ticket: ReplyTicket) {
        refuse(ticket, .notFound("no such task"))
    }

    mutating func refuseUnknownAgent(_ ticket: ReplyTicket) {
        refuse(ticket, .notFound("no such agent"))
    }
}

extension Command {
    fileprivate var isRefusedWhileDraining: Bool {
        switch self {
        case .createTask, .cancelTask, .retryTask, .waitTask, .controlAgent, .configureAgent,
            .snapshot, .identity, .publish, .forgetChannels:
            true
        case .schedule(let command):
            command.changesState
        case .workflow(let command):
            command.changesState
        // What was delivered is noted to the last.
        case .integration(let command): command.method != nil
        case .worker(let command):
            command.isRefusedWhileDraining
        case .getTask, .listTasks, .taskResult, .listAgents, .getAgent, .agentMetrics, .state,
            .statistics:
            false
        case .analytics(let command): command.changesState
        }
    }
}
