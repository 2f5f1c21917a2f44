import JSONRPC
import Workflows

/// What is to be done about an event of a run.
enum RunEffect: Equatable, Sendable {
    case begin(RunWork, attempt: Int, WorkflowResource, JSONValue)
    case cancel(RunWork.Kind)
}

// The tasks and the runs that carry attempts out.
extension RuntimeCore {
    mutating func perform(_ effects: [RunEffect], of record: RunRecord) {
        for effect in effects {
            switch effect {
            case .begin(let work, let attempt, let resource, let input):
                guard let record = state.runs[record.id] else { continue }
                begin(work, attempt, resource, input, of: record)
            case .cancel(let kind):
                cancel(kind, requestedBy: record.start.owner.userID)
            }
        }
    }

    /// Begins what an attempt is carried out by; when that cannot be, the attempt has failed.
    mutating func begin(
        _ work: RunWork,
        _ attempt: Int,
        _ resource: WorkflowResource,
        _ input: JSONValue,
        of record: RunRecord
    ) {
        runOfWork[work.kind.id] = record.id
        do throws(RPCError) {
            switch resource {
            case .agent(let agentID, let type):
                try beginTask(work, agentID, type, input, of: record)
            case .workflow(let name):
                try beginRun(work, attempt, name, input, of: record)
            }
        } catch {
            runOfWork[work.kind.id] = nil
            refusedWork[record.id, default: [:]][attempt] = WorkflowError(refusal: error)
            readyRuns.append(record.id)
        }
    }

    private mutating func beginTask(
        _ work: RunWork,
        _ agentID: String,
        _ type: String,
        _ input: JSONValue,
        of record: RunRecord
    ) throws(RPCError) {
        guard let rules = rules(of: record.start.owner) else {
            throw .forbidden("who started the run has no rights any more")
        }
        var draft = try taskDraft(
            [
                "type": .string(type), "agentId": .string(agentID), "payload": input,
                "correlationId": .string(record.start.correlationID),
            ],
            with: rules
        )
        if let seconds = work.times.timeout {
            let longest = configuration.maximumTimeout.wholeMilliseconds
            draft.timeoutMs = min(Int64(seconds) * 1_000, longest)
            draft.deadline = now.wall.advanced(byMilliseconds: Int64(seconds) * 1_000)
        }
        _ = try createTask(
            draft,
            by: record.start.owner.userID,
            cause: record.lastEventID,
            id: work.kind.id
        )
    }

    private mutating func beginRun(
        _ work: RunWork,
        _ attempt: Int,
        _ name: String,
        _ input: JSONValue,
        of record: RunRecord
    ) throws(RPCError) {
        guard let rules = rules(of: record.start.owner) else {
            throw .forbidden("who started the run has no rights any more")
        }
        let limit = configuration.workflows.maximumDepth
        guard record.start.depth < limit else {
            throw .conflict("runs lie more than \(limit) deep in one another")
        }
        guard let version = state.workflows[name], sees(version, by: rules) else {
            throw .notFound("there is no workflow '\(name)'")
        }
        _ = try beginRun(
            of: version,
            RunOrder(
                input: input,
                inputBytes: input.encoded().count,
                owner: record.start.owner,
                cause: .run(id: record.id, attempt: attempt),
                id: work.kind.id,
                correlationID: record.start.correlationID,
                causationID: record.lastEventID,
                depth: record.start.depth + 1,
                chain: record.start.chain
            )
        )
    }

    mutating func cancel(_ kind: RunWork.Kind, requestedBy user: String) {
        switch kind {
        case .task(let id):
            cancelTask(id, requestedBy: user)
        case .run(let id):
            guard let record = state.runs[id], let event = record.run.cancelled() else { return }
            perform(emit(event, of: record), of: record)
            followEnd(ofRun: id)
        }
    }
}

extension WorkflowError {
    /// Why a task or a run was not begun.
    fileprivate init(refusal error: RPCError) {
        let cause = error.details.first.map { "\($0.path) \($0.reason)" } ?? error.message
        let isRight = error.code == .forbidden
        self.init(isRight ? "States.Permissions" : error.code.name, cause)
    }
}
