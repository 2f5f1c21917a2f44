import Identity
import JSONRPC

extension RuntimeCore {
    /// Answers a command that changed an agent, or found it as it should be, as a repetition of the
    /// command will be answered.
    mutating func replyAgent(_ id: String, to ticket: ReplyTicket) {
        guard let record = state.agents[id] else {
            return refuse(ticket, .notFound("no such agent"))
        }
        var writer = JSONWriter()
        write(remembered: record, to: &writer)
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    mutating func replyAgentInDetail(_ id: String, to ticket: ReplyTicket) {
        guard let record = visibleAgent(id), let description = catalogue.description(of: id) else {
            return refuseUnknownAgent(ticket)
        }
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writeMembers(of: record, to: &writer)
        writer.member("configurationSchema", description.configurationSchema)
        writer.name("taskTypes")
        writer.beginArray()
        for type in description.taskTypes { type.write(to: &writer) }
        writer.endArray()
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    mutating func replyAgents(to ticket: ReplyTicket) {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.name("agents")
        writeAgents(to: &writer)
        writer.endObject()
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    mutating func replyMetrics(of id: String?, to ticket: ReplyTicket) {
        var writer = JSONWriter()
        if let id {
            guard let record = visibleAgent(id) else { return refuseUnknownAgent(ticket) }
            record.writeMetrics(to: &writer, byType: true)
        } else {
            writer.beginObject()
            writer.name("agents")
            writer.beginArray()
            for description in catalogue.agents {
                guard let record = state.agents[description.id],
                    asking.rules.sees(agent: record.id)
                else { continue }
                writer.beginObject()
                writer.member("id", record.id)
                writer.name("metrics")
                record.writeMetrics(to: &writer, byType: true)
                writer.endObject()
            }
            writer.endArray()
            writer.endObject()
        }
        reply(ticket, .success(Reply(result: writer.takeBytes())))
    }

    func writeAgents(to writer: inout JSONWriter) {
        writer.beginArray()
        for description in catalogue.agents {
            guard let record = state.agents[description.id], asking.rules.sees(agent: record.id)
            else { continue }
            write(record, to: &writer)
        }
        writer.endArray()
    }

    /// The Agent object of protocol.md.
    func write(_ record: AgentRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(of: record, to: &writer)
        writer.endObject()
    }

    /// The Agent object as it was right after a command, whatever the agent does now.
    func write(remembered record: AgentRecord, to writer: inout JSONWriter) {
        writer.beginObject()
        writeMembers(of: record, status: record.status, to: &writer)
        writer.endObject()
    }

    private func writeMembers(
        of record: AgentRecord,
        status: AgentStatus? = nil,
        to writer: inout JSONWriter
    ) {
        let status = status ?? lifecycles[record.id]?.status ?? record.status
        let description = catalogue.description(of: record.id)
        writer.member("id", record.id)
        writer.member("name", description?.name ?? record.id)
        writer.member("type", description?.type ?? record.id)
        writer.member("status", status.rawValue)
        writer.member("capabilities", description?.capabilities ?? [])
        writer.member("config", record.configuration)
        writer.name("metrics")
        record.writeMetrics(to: &writer)
    }
}

extension AgentRecord {
    /// What was measured since the state folder began; `null` where nothing was yet.
    func writeMetrics(to writer: inout JSONWriter, byType: Bool = false) {
        let ended = Double(tasksCompleted) + Double(tasksFailed)
        writer.beginObject()
        writer.member("tasksCompleted", tasksCompleted)
        writer.member("tasksFailed", tasksFailed)
        writer.name("successRate")
        writer.double(ended == 0 ? .nan : Double(tasksCompleted) / ended)
        writer.name("averageMs")
        writer.double(
            tasksCompleted == 0 ? .nan : Double(totalDurationMs) / Double(tasksCompleted)
        )
        writer.member("queueDepth", waiting)
        writer.member("running", running)
        if byType {
            writer.name("types")
            writeTypeMetrics(to: &writer)
        }
        writer.endObject()
    }
}

extension TaskType {
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.member("name", name)
        writer.member("summary", summary)
        if !definition.isEmpty { writer.member("definition", definition) }
        writer.member("payloadSchema", payloadSchema)
        writer.member("resultSchema", resultSchema)
        writer.member("example", example)
        writer.member("timeoutMs", Int(timeout.wholeMilliseconds))
        writer.member("retryable", isRetryable)
        writer.endObject()
    }
}
