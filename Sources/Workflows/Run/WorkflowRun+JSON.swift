package import JSONRPC

// As a run is kept in a snapshot.
extension WorkflowRun {
    package var json: JSONValue {
        var object = jsonWithoutDefinition
        object["definition"] = definition.source
        return .object(object)
    }

    /// For who keeps the definition elsewhere.
    package var jsonWithoutDefinition: JSONObject {
        var object: JSONObject = [
            "id": .string(id),
            "name": .string(name),
            "input": input,
            "startedAt": .time(startedAt),
            "stepsUsed": .integer(stepsUsed),
            "tokensUsed": .integer(tokensUsed),
            "attempts": .integer(attempts),
            "top": top.json,
            "compensations": .array(compensations.map(\.json)),
        ]
        if let outcome { object["outcome"] = outcome.json }
        if let compensation {
            object["compensation"] = compensation.json
            object["compensationPath"] = .array(compensationPath.map(\.json))
        }
        return object
    }

    /// `nil` when the value is not one that ``json`` gives.
    package init?(_ json: JSONValue) {
        guard let source = json["definition"], let definition = try? WorkflowDefinition(source)
        else { return nil }
        self.init(json, of: definition)
    }

    /// `nil` when the value is not one that ``jsonWithoutDefinition`` gives.
    package init?(_ json: JSONValue, of definition: WorkflowDefinition) {
        guard let id = json["id"]?.stringValue, let name = json["name"]?.stringValue,
            let input = json["input"], let startedAt = json["startedAt"]?.timeValue,
            let stepsUsed = json["stepsUsed"]?.intValue,
            let tokensUsed = json["tokensUsed"]?.intValue,
            let attempts = json["attempts"]?.intValue, let top = json["top"].flatMap(Scope.init),
            let compensations = json["compensations"]?.arrayValue
        else { return nil }
        self.init(id: id, name: name, definition, input: input, startedAt: startedAt)
        self.stepsUsed = stepsUsed
        self.tokensUsed = tokensUsed
        self.attempts = attempts
        self.top = top
        self.compensations = compensations.compactMap(Compensation.init)
        outcome = json["outcome"].flatMap(WorkflowOutcome.init)
        compensation = json["compensation"].flatMap(Scope.init)
        compensationPath = (json["compensationPath"]?.arrayValue ?? [])
            .compactMap(MachineStep.init)
    }
}

extension Scope {
    var json: JSONValue {
        [
            "state": .string(state),
            "input": input,
            "step": step.json,
            "retries": .object(
                JSONObject(
                    retries.sorted { $0.key < $1.key }.map { (String($0.key), .integer($0.value)) }
                )
            ),
            "enteredAt": .time(enteredAt),
        ]
    }

    init?(_ json: JSONValue) {
        guard let state = json["state"]?.stringValue, let input = json["input"],
            let step = json["step"].flatMap(Step.init),
            let retries = json["retries"]?.objectValue,
            let enteredAt = json["enteredAt"]?.timeValue
        else { return nil }
        self.init(state, input: input)
        self.step = step
        self.enteredAt = enteredAt
        for member in retries.members {
            guard let index = Int(member.name), let count = member.value.intValue else {
                return nil
            }
            self.retries[index] = count
        }
    }
}

extension Step {
    fileprivate var json: JSONValue {
        switch self {
        case .arriving: ["is": "arriving"]
        case .entered: ["is": "entered"]
        case .working(let attempt, let input):
            ["is": "working", "attempt": .integer(attempt), "input": input]
        case .sleeping(let time): ["is": "sleeping", "until": .time(time)]
        case .retrying(let time): ["is": "retrying", "until": .time(time)]
        case .branches(let scopes): ["is": "branches", "scopes": .array(scopes.map(\.json))]
        case .iterations(let iterations):
            [
                "is": "iterations", "items": .array(iterations.items), "input": iterations.input,
                "terms": iterations.terms.json,
                "scopes": .array(iterations.scopes.map(\.json)),
            ]
        case .finished(let output): ["is": "finished", "output": output]
        case .failed(let error): ["is": "failed", "error": error.json]
        }
    }

    fileprivate init?(_ json: JSONValue) {
        switch json["is"]?.stringValue {
        case "arriving": self = .arriving
        case "entered": self = .entered
        case "working":
            guard let attempt = json["attempt"]?.intValue, let input = json["input"] else {
                return nil
            }
            self = .working(attempt: attempt, input: input)
        case "sleeping":
            guard let time = json["until"]?.timeValue else { return nil }
            self = .sleeping(until: time)
        case "retrying":
            guard let time = json["until"]?.timeValue else { return nil }
            self = .retrying(until: time)
        case "branches":
            guard let scopes = json["scopes"].flatMap(Step.scopes) else { return nil }
            self = .branches(scopes)
        case "iterations":
            guard let items = json["items"]?.arrayValue, let input = json["input"],
                let terms = json["terms"].flatMap(MapTerms.init),
                let scopes = json["scopes"].flatMap(Step.scopes), scopes.count <= items.count
            else { return nil }
            self = .iterations(
                Iterations(items: items, input: input, terms: terms, scopes: scopes)
            )
        case "finished":
            guard let output = json["output"] else { return nil }
            self = .finished(output)
        case "failed":
            guard let error = json["error"].flatMap(WorkflowError.init) else { return nil }
            self = .failed(error)
        default: return nil
        }
    }

    private static func scopes(_ json: JSONValue) -> [Scope]? {
        guard let elements = json.arrayValue else { return nil }
        let scopes = elements.compactMap(Scope.init)
        return scopes.count == elements.count ? scopes : nil
    }
}
