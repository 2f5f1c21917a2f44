package import JSONRPC

// As events are kept in a journal: `{"is": KIND, …}`.
extension WorkflowEvent {
    package var json: JSONValue {
        switch self {
        case .entered(let position, let state, let time):
            record("entered", position, ["state": .string(state), "at": .time(time)])
        case .taskStarted(let position, let attempt, let input, let times):
            record(
                "taskStarted",
                position,
                ["attempt": .integer(attempt), "input": input, "times": times.json]
            )
        case .slept(let position, let time):
            record("slept", position, ["until": .time(time)])
        case .branched(let position, let input):
            record("branched", position, ["input": input])
        case .mapped(let position, let items, let input, let terms):
            record(
                "mapped",
                position,
                ["items": .array(items), "input": input, "terms": terms.json]
            )
        case .iterationStarted(let position, let input):
            record("iterationStarted", position, ["input": input])
        case .exited(let position, let output, let next, let compensation):
            record(
                "exited",
                position,
                [
                    "output": output, "next": next.map(JSONValue.string) ?? .null,
                    "compensation": compensation?.json ?? .null,
                ]
            )
        case .retried(let position, let error, let retrier, let time):
            record(
                "retried",
                position,
                ["error": error.json, "retrier": .integer(retrier), "until": .time(time)]
            )
        case .caught(let position, let error, let output, let next):
            record(
                "caught",
                position,
                ["error": error.json, "output": output, "next": .string(next)]
            )
        case .failed(let position, let error):
            record("failed", position, ["error": error.json])
        case .tokensUsed(let count):
            ["is": "tokensUsed", "count": .integer(count)]
        case .compensating:
            ["is": "compensating"]
        case .compensated(let error):
            ["is": "compensated", "error": error?.json ?? .null]
        case .ended(let outcome):
            ["is": "ended", "outcome": outcome.json]
        }
    }

    private func record(
        _ kind: String,
        _ position: RunPosition,
        _ members: JSONObject
    ) -> JSONValue {
        var object: JSONObject = ["is": .string(kind), "position": .string(position.text)]
        for member in members.members { object[member.name] = member.value }
        return .object(object)
    }

    /// `nil` when the value is not one that ``json`` gives.
    package init?(_ json: JSONValue) {
        switch json["is"]?.stringValue {
        case "tokensUsed":
            guard let count = json["count"]?.intValue else { return nil }
            self = .tokensUsed(count)
        case "compensating":
            self = .compensating
        case "compensated":
            self = .compensated(json["error"].flatMap(WorkflowError.init))
        case "ended":
            guard let outcome = json["outcome"].flatMap(WorkflowOutcome.init) else { return nil }
            self = .ended(outcome)
        default:
            guard let position = json["position"]?.stringValue.flatMap(RunPosition.init) else {
                return nil
            }
            self.init(json, at: position)
        }
    }

    private init?(_ json: JSONValue, at position: RunPosition) {
        switch json["is"]?.stringValue {
        case "entered":
            guard let state = json["state"]?.stringValue, let time = json["at"]?.timeValue else {
                return nil
            }
            self = .entered(position, state: state, at: time)
        case "taskStarted":
            guard let attempt = json["attempt"]?.intValue, let input = json["input"],
                let times = json["times"].flatMap(TaskTimes.init)
            else { return nil }
            self = .taskStarted(position, attempt: attempt, input: input, times)
        case "slept":
            guard let time = json["until"]?.timeValue else { return nil }
            self = .slept(position, until: time)
        case "branched":
            guard let input = json["input"] else { return nil }
            self = .branched(position, input: input)
        case "mapped":
            guard let items = json["items"]?.arrayValue, let input = json["input"],
                let terms = json["terms"].flatMap(MapTerms.init)
            else { return nil }
            self = .mapped(position, items: items, input: input, terms)
        case "iterationStarted":
            guard let input = json["input"] else { return nil }
            self = .iterationStarted(position, input: input)
        case "exited":
            guard let output = json["output"] else { return nil }
            self = .exited(
                position,
                output: output,
                next: json["next"]?.stringValue,
                json["compensation"].flatMap(Compensation.init)
            )
        default:
            self.init(failure: json, at: position)
        }
    }

    private init?(failure json: JSONValue, at position: RunPosition) {
        guard let error = json["error"].flatMap(WorkflowError.init) else { return nil }
        switch json["is"]?.stringValue {
        case "retried":
            guard let retrier = json["retrier"]?.intValue, let time = json["until"]?.timeValue
            else { return nil }
            self = .retried(position, error, retrier: retrier, until: time)
        case "caught":
            guard let output = json["output"], let next = json["next"]?.stringValue else {
                return nil
            }
            self = .caught(position, error, output: output, next: next)
        case "failed":
            self = .failed(position, error)
        default:
            return nil
        }
    }
}
