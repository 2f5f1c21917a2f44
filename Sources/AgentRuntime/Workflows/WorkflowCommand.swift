package import JSONRPC
import Workflows

/// What the runtime can be asked to do about workflows.
package enum WorkflowCommand: Equatable, Sendable {
    /// Makes a new version. Answers the Workflow object.
    case define(WorkflowDraft)
    /// Answers `{workflows: [Workflow], next?}` without definitions, by name.
    case list(limit: Int, cursor: String?)
    /// Answers the Workflow object; of the newest version unless one is named.
    case get(name: String, version: Int?)
    /// Runs go on. Answers `{}`.
    case delete(name: String)
    /// Answers the Run object.
    case start(RunDraft)
    /// Answers the Run object with its history.
    case run(id: String)
    /// Answers `{runs: [Run], next?}`, the newest first.
    case runs(RunQuery)
    /// Ends a run that has not ended. Answers the Run object.
    case cancel(id: String)

    var method: String {
        switch self {
        case .define: "workflows.define"
        case .list: "workflows.list"
        case .get: "workflows.get"
        case .delete: "workflows.delete"
        case .start: "workflows.start"
        case .run: "workflows.run"
        case .runs: "workflows.runs"
        case .cancel: "workflows.cancel"
        }
    }

    var changesState: Bool {
        switch self {
        case .define, .delete, .start, .cancel: true
        case .list, .get, .run, .runs: false
        }
    }

    /// Bytes that it may add to the journal.
    var cost: Int {
        switch self {
        case .define(let draft): 2 * draft.bytes + 8192
        case .start(let draft): 2 * draft.bytes + 8192
        case .list, .get, .delete, .run, .runs, .cancel: 8192
        }
    }
}

/// The params of `workflows.define`, as far as they are good by themselves.
package struct WorkflowDraft: Equatable, Sendable {
    package static let maximumNameBytes = 64
    package static let maximumTriggers = 16

    var name: String
    var description: String?
    var definition: WorkflowDefinition
    var triggers: [WorkflowTrigger]
    /// Of the definition.
    var bytes: Int

    /// Reads params that are valid by the method's schema, and tells everything that is wrong.
    package init(params: JSONObject) throws(RPCError) {
        var problems: [RPCError.Detail] = []
        name = params["name"]?.stringValue ?? ""
        if !Self.isName(name) {
            problems.append(
                .init(path: "/name", reason: "must be letters, digits, '.', '_' and '-'")
            )
        }
        description = params["description"]?.stringValue
        let triggers = (params["triggers"]?.arrayValue ?? []).map { trigger in
            trigger["filter"]?.objectValue ?? [:]
        }
        for (index, filter) in triggers.enumerated() where filter.isEmpty {
            let reason = "must say which events start a run"
            problems.append(.init(path: "/triggers/\(index)/filter", reason: reason))
        }
        self.triggers = triggers.map(WorkflowTrigger.init(filter:))
        let source = params["definition"] ?? .null
        bytes = source.encoded().count
        do throws(DefinitionProblems) {
            definition = try WorkflowDefinition(source)
        } catch {
            problems += error.problems.map {
                .init(path: "/definition" + $0.path, reason: $0.reason)
            }
            throw .validation(problems)
        }
        if !problems.isEmpty { throw .validation(problems) }
    }

    private static func isName(_ text: String) -> Bool {
        (1...maximumNameBytes).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                    || byte == UInt8(ascii: "-")
            }
    }
}

/// The params of `workflows.start`.
package struct RunDraft: Equatable, Sendable {
    var name: String
    var version: Int?
    var input: JSONValue
    var budget: WorkflowBudget
    var bytes: Int

    /// Reads params that are valid by the method's schema.
    package init(params: JSONObject) {
        self.init(
            name: params["name"]?.stringValue ?? "",
            version: params["version"]?.intValue,
            input: params["input"] ?? [:],
            budget: WorkflowBudget(params["budget"] ?? [:])
        )
    }

    init(name: String, version: Int? = nil, input: JSONValue, budget: WorkflowBudget = .init()) {
        self.name = name
        self.version = version
        self.input = input
        self.budget = budget
        bytes = input.encoded().count
    }
}

/// Which runs `workflows.runs` answers.
package struct RunQuery: Equatable, Sendable {
    package static let maximumLimit = 1_000

    package var workflow: String?
    package var status: RunStatus?
    package var limit: Int
    package var cursor: String?

    package init(
        workflow: String? = nil,
        status: RunStatus? = nil,
        limit: Int = 100,
        cursor: String? = nil
    ) {
        self.workflow = workflow
        self.status = status
        self.limit = limit
        self.cursor = cursor
    }

    func matches(_ record: RunRecord) -> Bool {
        if let workflow, workflow != record.start.workflow { return false }
        if let status, status != record.status { return false }
        return true
    }
}
