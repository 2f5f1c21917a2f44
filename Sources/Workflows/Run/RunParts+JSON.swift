package import JSONRPC

extension WorkflowError {
    package var json: JSONValue { ["error": .string(name), "cause": .string(cause)] }

    package init?(_ json: JSONValue) {
        guard let name = json["error"]?.stringValue, let cause = json["cause"]?.stringValue else {
            return nil
        }
        self.init(name, cause)
    }
}

extension WorkflowOutcome {
    package var json: JSONValue {
        switch self {
        case .succeeded(let output): ["succeeded": output]
        case .failed(let error): ["failed": error.json]
        case .cancelled: ["cancelled": true]
        }
    }

    package init?(_ json: JSONValue) {
        if let output = json["succeeded"] {
            self = .succeeded(output)
        } else if let error = json["failed"].flatMap(WorkflowError.init) {
            self = .failed(error)
        } else if json["cancelled"] == true {
            self = .cancelled
        } else {
            return nil
        }
    }
}

extension TaskTimes {
    var json: JSONValue {
        [
            "timeout": timeout.map(JSONValue.integer) ?? .null,
            "heartbeat": heartbeat.map(JSONValue.integer) ?? .null,
        ]
    }

    init?(_ json: JSONValue) {
        guard json.objectValue != nil else { return nil }
        self.init(timeout: json["timeout"]?.intValue, heartbeat: json["heartbeat"]?.intValue)
    }
}

extension MapTerms {
    var json: JSONValue {
        [
            "concurrency": .integer(concurrency),
            "tolerated": tolerated.map(JSONValue.integer) ?? .null,
        ]
    }

    init?(_ json: JSONValue) {
        guard let concurrency = json["concurrency"]?.intValue else { return nil }
        self.init(concurrency: concurrency, tolerated: json["tolerated"]?.intValue)
    }
}

extension MachineStep {
    var json: JSONValue { [.string(state), .integer(branch)] }

    init?(_ json: JSONValue) {
        guard let parts = json.arrayValue, parts.count == 2, let state = parts[0].stringValue,
            let branch = parts[1].intValue
        else { return nil }
        self.init(state: state, branch: branch)
    }
}

extension Compensation {
    var json: JSONValue {
        [
            "machine": .array(machine.map(\.json)), "state": .string(state), "input": input,
        ]
    }

    init?(_ json: JSONValue) {
        guard let steps = json["machine"]?.arrayValue, let state = json["state"]?.stringValue,
            let input = json["input"]
        else { return nil }
        let machine = steps.compactMap(MachineStep.init)
        guard machine.count == steps.count else { return nil }
        self.init(machine: machine, state: state, input: input)
    }
}

extension JSONValue {
    static func time(_ milliseconds: Int64) -> JSONValue { .number(.integer(milliseconds)) }

    var timeValue: Int64? { intValue.map(Int64.init) }
}
