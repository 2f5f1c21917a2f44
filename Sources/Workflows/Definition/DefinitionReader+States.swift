import JSONRPC

extension DefinitionReader {
    mutating func state(_ value: JSONValue, _ place: String, depth: Int) -> State {
        guard let object = value.objectValue else {
            report(place, "must be an object")
            return State(kind: .succeed)
        }
        let type = string(object["Type"], "\(place)/Type", isRequired: true)
        guard let fields = Self.fields[type ?? ""] else {
            if let type {
                let known = Self.fields.keys.sorted().joined(separator: ", ")
                report("\(place)/Type", "is '\(type.prefix(80))', which is none of \(known)")
            }
            return State(kind: .succeed)
        }
        allowOnly(fields.union(["Type", "Comment"]), in: object, place)
        var state = State(kind: kind(type ?? "", object, place, depth: depth))
        state.inputPath = path(object["InputPath"], "\(place)/InputPath")
        state.outputPath = path(object["OutputPath"], "\(place)/OutputPath")
        if type != "Map" {
            state.parameters = template(object["Parameters"], "\(place)/Parameters")
        } else if object["ItemSelector"] != nil, object["Parameters"] != nil {
            report("\(place)/Parameters", "is given beside ItemSelector")
        }
        state.resultSelector = template(object["ResultSelector"], "\(place)/ResultSelector")
        state.resultPath = resultPlace(object["ResultPath"], "\(place)/ResultPath")
        state.retriers = retriers(object["Retry"], "\(place)/Retry")
        state.catchers = catchers(object["Catch"], "\(place)/Catch")
        if fields.contains("Next") { state.next = next(object, place) }
        return state
    }

    private static let paths: Set = ["InputPath", "OutputPath"]
    private static let flow: Set = ["Next", "End"]
    private static let errors: Set = ["Retry", "Catch"]
    private static let results: Set = ["Parameters", "ResultSelector", "ResultPath"]

    private static let fields: [String: Set<String>] = [
        "Pass": paths.union(flow).union(["Result", "Parameters", "ResultPath"]),
        "Task": paths.union(flow).union(errors).union(results).union([
            "Resource", "TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds",
            "HeartbeatSecondsPath", "Compensate",
        ]),
        "Choice": paths.union(["Choices", "Default"]),
        "Wait": paths.union(flow).union([
            "Seconds", "SecondsPath", "Timestamp", "TimestampPath",
        ]),
        "Succeed": paths,
        "Fail": ["Error", "ErrorPath", "Cause", "CausePath"],
        "Parallel": paths.union(flow).union(errors).union(results).union(["Branches"]),
        "Map": paths.union(flow).union(errors).union(results).union([
            "ItemProcessor", "Iterator", "ItemsPath", "ItemSelector", "MaxConcurrency",
            "MaxConcurrencyPath", "ToleratedFailureCount", "ToleratedFailureCountPath",
            "ToleratedFailurePercentage", "ToleratedFailurePercentagePath", "Label",
        ]),
    ]

    private mutating func next(_ object: JSONObject, _ place: String) -> String? {
        let isEnd = object["End"] == true
        if let end = object["End"], end.boolValue == nil {
            report("\(place)/End", "must be true or false")
        }
        let next = string(object["Next"], "\(place)/Next")
        if isEnd == (next != nil) { report(place, "must have either Next or \"End\": true") }
        return next
    }

    private mutating func kind(
        _ type: String,
        _ object: JSONObject,
        _ place: String,
        depth: Int
    ) -> State.Kind {
        switch type {
        case "Pass":
            return .pass(result: object["Result"].map(PassResult.init))
        case "Task":
            return .task(task(object, place))
        case "Choice":
            return choice(object, place)
        case "Wait":
            return wait(object, place)
        case "Fail":
            return .fail(error: text(object, "Error", place), cause: text(object, "Cause", place))
        case "Parallel":
            return parallel(object, place, depth)
        case "Map":
            return .map(map(object, place, depth))
        default:
            return .succeed
        }
    }

    private mutating func task(_ object: JSONObject, _ place: String) -> TaskWork {
        var work = TaskWork(resource: .workflow(name: ""))
        let text = string(object["Resource"], "\(place)/Resource", isRequired: true)
        if let text {
            if let resource = WorkflowResource(text) {
                work.resource = resource
            } else {
                report("\(place)/Resource", "must be agent:AGENT/TASKTYPE or workflow:NAME")
            }
        }
        work.timeout = number(object, "TimeoutSeconds", place, in: 1...99_999_999)
        work.heartbeat = number(object, "HeartbeatSeconds", place, in: 1...99_999_999)
        if case .constant(let timeout)? = work.timeout,
            case .constant(let heartbeat)? = work.heartbeat, heartbeat >= timeout
        {
            report("\(place)/HeartbeatSeconds", "must be less than TimeoutSeconds")
        }
        work.compensation = string(object["Compensate"], "\(place)/Compensate")
        return work
    }

    private mutating func choice(_ object: JSONObject, _ place: String) -> State.Kind {
        var branches: [ChoiceBranch] = []
        let rules = object["Choices"]?.arrayValue ?? []
        if rules.isEmpty { report("\(place)/Choices", "must be an array with at least one rule") }
        for (index, rule) in rules.enumerated() {
            let place = "\(place)/Choices/\(index)"
            let next = string(rule["Next"], "\(place)/Next", isRequired: true)
            guard let condition = choiceRule(rule, place, isTop: true), let next else { continue }
            branches.append(ChoiceBranch(rule: condition, next: next))
        }
        return .choice(branches, fallback: string(object["Default"], "\(place)/Default"))
    }

    private mutating func wait(_ object: JSONObject, _ place: String) -> State.Kind {
        let seconds = number(object, "Seconds", place)
        let timestamp = text(object, "Timestamp", place)
        if case .constant(let text)? = timestamp, WorkflowTime.seconds(text) == nil {
            report("\(place)/Timestamp", "must be a time such as 2026-01-31T12:00:00Z")
        }
        switch (seconds, timestamp) {
        case (let seconds?, nil): return .wait(.seconds(seconds))
        case (nil, let timestamp?): return .wait(.timestamp(timestamp))
        default:
            report(place, "must have one of Seconds, SecondsPath, Timestamp and TimestampPath")
            return .succeed
        }
    }

    private mutating func parallel(
        _ object: JSONObject,
        _ place: String,
        _ depth: Int
    ) -> State.Kind {
        let branches = object["Branches"]?.arrayValue ?? []
        if branches.isEmpty {
            report("\(place)/Branches", "must be an array with at least one branch")
        }
        var machines: [StateMachine] = []
        for (index, branch) in branches.enumerated() {
            let place = "\(place)/Branches/\(index)"
            guard let object = branch.objectValue else {
                report(place, "must be an object")
                continue
            }
            allowOnly(["Comment", "StartAt", "States"], in: object, place)
            machines.append(machine(object, place, depth: depth + 1))
        }
        return .parallel(machines)
    }

    private mutating func map(_ object: JSONObject, _ place: String, _ depth: Int) -> MapWork {
        let name =
            object["ItemProcessor"] == nil && object["Iterator"] != nil
            ? "Iterator" : "ItemProcessor"
        let body = "\(place)/\(name)"
        var inner = StateMachine()
        if let processor = object[name]?.objectValue {
            allowOnly(["Comment", "StartAt", "States", "ProcessorConfig"], in: processor, body)
            if let mode = processor["ProcessorConfig"]?["Mode"], mode != "INLINE" {
                report("\(body)/ProcessorConfig/Mode", "must be INLINE")
            }
            inner = machine(processor, body, depth: depth + 1)
        } else {
            report(body, "must be an object with StartAt and States")
        }
        // `Parameters` is the older name of `ItemSelector`.
        let selector = object["ItemSelector"] == nil ? "Parameters" : "ItemSelector"
        return MapWork(
            machine: inner,
            itemsPath: path(object["ItemsPath"], "\(place)/ItemsPath") ?? .root,
            itemSelector: template(object[selector], "\(place)/\(selector)"),
            maxConcurrency: number(object, "MaxConcurrency", place) ?? .constant(0),
            toleratedCount: number(object, "ToleratedFailureCount", place),
            toleratedPercentage: number(object, "ToleratedFailurePercentage", place, in: 0...100)
        )
    }
}

extension WorkflowResource {
    init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":") else { return nil }
        let rest = text[text.index(after: colon)...]
        switch text[..<colon] {
        case "agent":
            let parts = rest.split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
            self = .agent(id: String(parts[0]), taskType: String(parts[1]))
        case "workflow":
            guard !rest.isEmpty else { return nil }
            self = .workflow(name: String(rest))
        default:
            return nil
        }
    }

    package var text: String {
        switch self {
        case .agent(let id, let taskType): "agent:\(id)/\(taskType)"
        case .workflow(let name): "workflow:\(name)"
        }
    }
}
