package import JSONRPC
package import Workflows

/// What a run of a workflow begins with.
package struct RunStart: Equatable, Sendable {
    /// UUIDv7.
    package var runID: String
    package var workflow: String
    package var version: Int
    /// The ``WorkflowVersion/id`` of the version.
    package var versionID: String
    package var input: JSONValue
    /// In milliseconds since 1970 began.
    package var startedAt: Int64
    package var owner: Owner
    package var correlationID: String
    package var cause: RunCause
    /// What this run may use at most, beside what its definition says.
    package var budget: WorkflowBudget
    /// How many runs it is within.
    package var depth: Int
    /// How many runs of workflows have led to it by events, one to the next.
    package var chain: Int
}

/// Why a run began.
package enum RunCause: Equatable, Sendable {
    /// `workflows.start`.
    case request
    case schedule(id: String)
    case event(id: String, type: String)
    /// A `Task` of another run.
    case run(id: String, attempt: Int)

    var json: JSONValue {
        switch self {
        case .request: ["by": "request"]
        case .schedule(let id): ["by": "schedule", "scheduleId": .string(id)]
        case .event(let id, let type):
            ["by": "event", "eventId": .string(id), "type": .string(type)]
        case .run(let id, let attempt):
            ["by": "workflow", "runId": .string(id), "attempt": .integer(attempt)]
        }
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        switch try value.string("by") {
        case "request": self = .request
        case "schedule": self = .schedule(id: try value.string("scheduleId"))
        case "event":
            self = .event(id: try value.string("eventId"), type: try value.string("type"))
        case "workflow":
            self = .run(id: try value.string("runId"), attempt: try value.integer("attempt"))
        default:
            throw StateDecodingError(path: value.path + "/by", problem: "is not a known cause")
        }
    }
}

extension RunStart {
    /// The members of `workflow.started` and of a stored run.
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("runId", runID)
        writer.member("workflow", workflow)
        writer.member("version", version)
        writer.member("versionId", versionID)
        writer.member("input", input)
        writer.member("startedAt", Timestamp(millisecondsSince1970: startedAt).description)
        owner.writeMembers(to: &writer)
        writer.member("correlationId", correlationID)
        writer.member("cause", cause.json)
        writer.member("budget", budget.json)
        writer.member("depth", depth)
        writer.member("chain", chain)
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(
            runID: try value.string("runId"),
            workflow: try value.string("workflow"),
            version: try value.integer("version"),
            versionID: try value.string("versionId"),
            input: try value.member("input").tree,
            startedAt: try value.timestamp("startedAt").millisecondsSince1970,
            owner: try Owner(reading: value),
            correlationID: try value.string("correlationId"),
            cause: try RunCause(reading: value.member("cause")),
            budget: try WorkflowBudget(value.member("budget").tree),
            depth: try value.integer("depth"),
            chain: try value.integer("chain")
        )
    }
}

extension WorkflowBudget {
    var json: JSONValue {
        var object = JSONObject()
        object["steps"] = steps.map(JSONValue.integer)
        object["seconds"] = seconds.map(JSONValue.integer)
        object["tokens"] = tokens.map(JSONValue.integer)
        return .object(object)
    }

    /// Reads a budget that is valid by the schema of `workflows.start`, or as it was written.
    package init(_ json: JSONValue) {
        self.init(
            steps: json["steps"]?.intValue,
            seconds: json["seconds"]?.intValue,
            tokens: json["tokens"]?.intValue
        )
    }
}

extension JSONReader {
    /// The value as a tree.
    var tree: JSONValue {
        // What the reader has read is JSON.
        (try? JSONValue(parsing: json)) ?? .null
    }
}
