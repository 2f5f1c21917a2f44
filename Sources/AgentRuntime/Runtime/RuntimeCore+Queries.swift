import Identity
import HubCore
import JSONRPC

extension RuntimeCore {
    /// Records that one call of `tasks.list` looks at: what bounds its time, not its page.
    private static let maximumScan = 50_000

    mutating func replyTask(_ id: String, to ticket: ReplyTicket) {
        guard let record = visibleTask(id) else { return refuseUnknownTask(ticket) }
        reply(ticket, .success(Reply(result: record.encoded())))
    }

    mutating func replyResult(_ id: String, to ticket: ReplyTicket) {
        guard let record = visibleTask(id) else { return refuseUnknownTask(ticket) }
        guard record.status.isFinal else {
            let message = "the task is \(record.status.rawValue)"
            return refuse(ticket, RPCError(.conflict, message, isTemporary: true))
        }
        reply(ticket, .success(Reply(result: record.encodedResult())))
    }

    /// Answers a page of tasks, newest first.
    mutating func listTasks(_ query: TaskQuery, order: Order) {
        var writer = JSONWriter(capacity: 64 << 10)
        writer.beginObject()
        writer.name("tasks")
        do throws(RPCError) {
            let next = try writeTasks(query, to: &writer)
            writer.member("next", ifPresent: next)
        } catch {
            return refuse(order.ticket, error)
        }
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    /// Writes a page of tasks as an array, newest first.
    ///
    /// The cursor is the sequence of the page's last task, so that pages stay apart whatever is
    /// created meanwhile. A page may be short of `limit` although there are more, when a filter
    /// lets few tasks through.
    ///
    /// - Returns: The cursor of the next page; `nil` behind the oldest task.
    private func writeTasks(
        _ query: TaskQuery,
        to writer: inout JSONWriter
    ) throws(RPCError) -> String? {
        let entries = state.order.entries
        var index = entries.count
        if let cursor = query.cursor {
            guard let sequence = UInt64(cursor) else {
                throw .validation("/cursor", "is not one of ours")
            }
            index = state.order.index(from: sequence)
        }
        let limit = min(max(query.limit, 1), configuration.maximumStatePage)
        let end = max(0, index - Self.maximumScan)
        let start = writer.bytes.count
        var count = 0
        writer.beginArray()
        while index > end, count < limit,
            writer.bytes.count - start < configuration.maximumStatePageBytes
        {
            index -= 1
            guard let record = state.tasks[entries[index].task], query.matches(record),
                asking.rules.sees(taskOf: record.definition.agentID)
            else { continue }
            record.write(to: &writer)
            count += 1
        }
        writer.endArray()
        return index > 0 ? String(entries[index].sequence) : nil
    }

    mutating func replyState(
        of channel: String,
        limit: Int?,
        cursor: String?,
        to ticket: ReplyTicket
    ) {
        let parts = channel.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("tasks", 1):
            replyTaskStates(limit: limit, cursor: cursor, to: ticket)
        case ("agents", 1):
            var writer = JSONWriter()
            writeAgents(to: &writer)
            reply(ticket, .success(page(writer.takeBytes(), offset: state.offsets.agents)))
        case ("workflows", 1):
            replyRunStates(limit: limit, cursor: cursor, to: ticket)
        case ("workflows", 2):
            replyRunState(parts[1], to: ticket)
        case ("tasks", 2):
            guard let record = visibleTask(parts[1]) else { return refuseUnknownTask(ticket) }
            var result = page(brackets(record.encoded()), offset: record.offset)
            result.firstSequence = record.definition.sequence
            reply(ticket, .success(result))
        case ("agents", 2):
            guard let record = visibleAgent(parts[1]) else { return refuseUnknownAgent(ticket) }
            var writer = JSONWriter()
            write(record, to: &writer)
            reply(ticket, .success(page(brackets(writer.takeBytes()), offset: record.offset)))
        default:
            refuse(ticket, .notFound("the channel has no state"))
        }
    }

    /// The same pages as those of `tasks.list`, so that this goes on where that page ends.
    private mutating func replyTaskStates(limit: Int?, cursor: String?, to ticket: ReplyTicket) {
        let query = TaskQuery(limit: limit ?? .max, cursor: cursor)
        var writer = JSONWriter(capacity: 64 << 10)
        do throws(RPCError) {
            let next = try writeTasks(query, to: &writer)
            var result = page(writer.takeBytes(), offset: state.offsets.tasks)
            result.next = next
            reply(ticket, .success(result))
        } catch {
            refuse(ticket, error)
        }
    }

    /// The same pages as those of `workflows.runs`.
    private mutating func replyRunStates(limit: Int?, cursor: String?, to ticket: ReplyTicket) {
        var writer = JSONWriter(capacity: 16 << 10)
        do throws(RPCError) {
            let query = RunQuery(limit: limit ?? .max, cursor: cursor)
            let next = try writeRuns(query, to: &writer)
            var result = page(writer.takeBytes(), offset: state.offsets.workflows)
            result.next = next
            reply(ticket, .success(result))
        } catch {
            refuse(ticket, error)
        }
    }

    private mutating func replyRunState(_ id: String, to ticket: ReplyTicket) {
        do throws(RPCError) {
            let record = try visibleRun(id)
            var result = page(brackets(record.encoded()), offset: record.offset)
            result.firstSequence = record.sequence
            reply(ticket, .success(result))
        } catch {
            refuse(ticket, error)
        }
    }

    private func page(_ bytes: [UInt8], offset: UInt64) -> Reply {
        Reply(result: bytes, position: StreamPosition(epoch: state.epoch, offset: offset))
    }

    private func brackets(_ object: [UInt8]) -> [UInt8] {
        [UInt8(ascii: "[")] + object + [UInt8(ascii: "]")]
    }
}

extension TaskQuery {
    func matches(_ record: TaskRecord) -> Bool {
        if let status, status != record.status { return false }
        if let agentID, agentID != record.definition.agentID { return false }
        if let type, type != record.definition.type { return false }
        return true
    }
}
