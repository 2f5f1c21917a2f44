import Identity
import JSONRPC
import Workflows

// What clients do with workflows and their runs.
extension RuntimeCore {
    mutating func execute(_ command: WorkflowCommand, order: Order) {
        do throws(RPCError) {
            switch command {
            case .define(let draft): try define(draft, order: order)
            case .list(let limit, let cursor): listWorkflows(limit, cursor, order: order)
            case .get(let name, let number):
                let version = try visibleWorkflow(name, version: number)
                reply(order.ticket, .success(Reply(result: version.encoded())))
            case .delete(let name): try deleteWorkflow(name, order: order)
            case .start(let draft): try start(draft, order: order)
            case .run(let id):
                let record = try visibleRun(id)
                reply(order.ticket, .success(Reply(result: record.encoded(isWhole: true))))
            case .runs(let query): try listRuns(query, order: order)
            case .cancel(let id): try cancelRun(id, order: order)
            }
        } catch {
            refuse(order.ticket, error)
        }
    }

    private mutating func define(_ draft: WorkflowDraft, order: Order) throws(RPCError) {
        let limits = configuration.workflows
        let newest = state.workflows[draft.name]
        guard newest != nil || state.workflows.names.count < limits.maximumWorkflows else {
            throw .busy("there are \(limits.maximumWorkflows) workflows already")
        }
        guard draft.bytes <= limits.maximumDefinitionBytes else {
            throw RPCError(
                .requestTooLarge,
                "the definition has \(draft.bytes) bytes, more than "
                    + "\(limits.maximumDefinitionBytes)"
            )
        }
        let problems = problems(of: draft)
        guard problems.isEmpty else { throw .validation(problems) }
        let version = WorkflowVersion(
            id: UUIDv7.make(at: now.wall, using: &random),
            name: draft.name,
            number: (newest?.number ?? 0) + 1,
            description: draft.description,
            definition: draft.definition,
            triggers: draft.triggers,
            owner: callingOwner,
            createdAt: now.wall
        )
        emitWorkflow(
            .defined(version, keptVersions: limits.keptVersions),
            correlationID: version.id,
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, of: AuditObject(kind: "workflow", id: draft.name), hasEffect: true)
        reply(order.ticket, .success(Reply(result: version.encoded())))
        indexTriggers()
    }

    /// What the definition refers to and is not there.
    private func problems(of draft: WorkflowDraft) -> [RPCError.Detail] {
        draft.definition.resources.compactMap { path, resource in
            let reason: String
            switch resource {
            case .agent(let agentID, let type):
                if catalogue.kind(type)?.agentID == agentID, asking.rules.sees(agent: agentID) {
                    return nil
                }
                reason = "names no task type of an agent, as in agent:sales/lead.score"
            case .workflow(let name):
                if name == draft.name || state.workflows[name] != nil { return nil }
                reason = "names no workflow"
            }
            return RPCError.Detail(path: "/definition" + path, reason: reason)
        }
    }

    private mutating func deleteWorkflow(_ name: String, order: Order) throws(RPCError) {
        let version = try visibleWorkflow(name, version: nil)
        emitWorkflow(
            .deleted(name: name, createdBy: version.owner.userID),
            correlationID: version.id,
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, of: AuditObject(kind: "workflow", id: name), hasEffect: true)
        reply(order.ticket, .success(Reply(result: Self.nothing)))
        indexTriggers()
    }

    private mutating func start(_ draft: RunDraft, order: Order) throws(RPCError) {
        let version = try visibleWorkflow(draft.name, version: draft.version)
        let id = try beginRun(
            of: version,
            RunOrder(
                input: draft.input,
                inputBytes: draft.bytes,
                owner: callingOwner,
                cause: .request,
                budget: draft.budget
            ),
            keys: order.remembrance.map { [$0] } ?? []
        )
        audit(order, of: AuditObject(kind: "run", id: id), hasEffect: true)
        reply(order.ticket, .success(Reply(result: state.runs[id]?.encoded() ?? Self.nothing)))
    }

    private mutating func cancelRun(_ id: String, order: Order) throws(RPCError) {
        let record = try visibleRun(id)
        guard let event = record.run.cancelled() else {
            throw .conflict("the run is \(record.status.rawValue) already")
        }
        let effects = emit(event, of: record, keys: order.remembrance.map { [$0] } ?? [])
        audit(order, of: AuditObject(kind: "run", id: id), hasEffect: true)
        reply(order.ticket, .success(Reply(result: state.runs[id]?.encoded() ?? Self.nothing)))
        perform(effects, of: record)
        followEnd(ofRun: id)
    }

    private mutating func listWorkflows(_ limit: Int, _ cursor: String?, order: Order) {
        var writer = JSONWriter(capacity: 4096)
        writer.beginObject()
        writer.name("workflows")
        writer.beginArray()
        var count = 0
        var last: String?
        var next: String?
        for version in state.workflows.newest
        where version.name > cursor ?? "" && sees(version, by: asking.rules) {
            guard count < limit, writer.bytes.count < configuration.maximumStatePageBytes else {
                next = last
                break
            }
            version.write(isWhole: false, to: &writer)
            last = version.name
            count += 1
        }
        writer.endArray()
        writer.member("next", ifPresent: next)
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    private mutating func listRuns(_ query: RunQuery, order: Order) throws(RPCError) {
        var writer = JSONWriter(capacity: 16 << 10)
        writer.beginObject()
        writer.name("runs")
        let next = try writeRuns(query, to: &writer)
        writer.member("next", ifPresent: next)
        writer.endObject()
        reply(order.ticket, .success(Reply(result: writer.takeBytes())))
    }

    /// Writes a page of runs as an array, the newest first.
    ///
    /// - Returns: The cursor of the next page; `nil` behind the oldest.
    func writeRuns(_ query: RunQuery, to writer: inout JSONWriter) throws(RPCError) -> String? {
        let entries = state.runs.order.entries
        var index = entries.count
        if let cursor = query.cursor {
            guard let sequence = UInt64(cursor) else {
                throw .validation("/cursor", "is not one of ours")
            }
            index = state.runs.order.index(from: sequence)
        }
        let limit = min(max(query.limit, 1), configuration.maximumStatePage)
        let start = writer.bytes.count
        var count = 0
        writer.beginArray()
        while index > 0, count < limit,
            writer.bytes.count - start < configuration.maximumStatePageBytes
        {
            index -= 1
            guard let record = state.runs.records[entries[index].task], query.matches(record),
                asking.rules.sees(ownedBy: record.start.owner.userID)
            else { continue }
            record.write(isWhole: false, to: &writer)
            count += 1
        }
        writer.endArray()
        return index > 0 ? String(entries[index].sequence) : nil
    }

    /// A workflow is seen by whom sees all agents that it gives work to.
    func sees(_ version: WorkflowVersion, by rules: AccessRules) -> Bool {
        rules.seesAllAgents
            || version.definition.resources.allSatisfy { _, resource in
                if case .agent(let id, _) = resource { rules.sees(agent: id) } else { true }
            }
    }

    private mutating func visibleWorkflow(
        _ name: String,
        version number: Int?
    ) throws(RPCError) -> WorkflowVersion {
        let version =
            number.map { state.workflows.version($0, of: name) } ?? state.workflows[name]
        guard let version else { throw .notFound("no such workflow") }
        guard sees(version, by: asking.rules) else {
            noteDenial(AuditObject(kind: "workflow", id: name))
            throw .notFound("no such workflow")
        }
        return version
    }

    mutating func visibleRun(_ id: String) throws(RPCError) -> RunRecord {
        guard let record = state.runs[id] else { throw .notFound("no such run") }
        guard asking.rules.sees(ownedBy: record.start.owner.userID) else {
            noteDenial(AuditObject(kind: "run", id: id))
            throw .notFound("no such run")
        }
        return record
    }
}
