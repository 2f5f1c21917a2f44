import JSONRPC

// Input and output of states, and what is looked up in them.
extension Turn {
    /// The context object (`$$`).
    func context(_ scope: Scope) -> JSONValue {
        var object: JSONObject = [
            "Execution": [
                "Id": .string(run.id), "Name": .string(run.id), "Input": run.input,
                "StartTime": .string(WorkflowTime.text(run.startedAt)),
            ],
            "State": [
                "Name": .string(scope.state),
                "EnteredTime": .string(WorkflowTime.text(scope.enteredAt)),
                "RetryCount": .integer(scope.retries.values.reduce(0, +)),
            ],
            "StateMachine": ["Id": .string(run.name), "Name": .string(run.name)],
        ]
        if let item {
            object["Map"] = ["Item": ["Index": .integer(item.index), "Value": item.value]]
        }
        return .object(object)
    }

    /// The input after `InputPath`.
    func selectedInput(_ scope: Scope, _ state: State) throws(WorkflowError) -> JSONValue {
        try follow(state.inputPath, in: scope.input, scope, "input")
    }

    /// The output of a state that has no result.
    func plainOutput(_ scope: Scope, _ state: State) throws(WorkflowError) -> JSONValue {
        try follow(state.outputPath, in: selectedInput(scope, state), scope, "output")
    }

    /// The result after `ResultSelector`.
    mutating func selected(
        _ result: JSONValue,
        _ scope: Scope,
        _ state: State
    ) throws(WorkflowError) -> JSONValue {
        let data = TemplateData(input: result, context: context(scope))
        return try state.resultSelector?.value(data, &random) ?? result
    }

    /// The output of a state with its result.
    func output(
        _ scope: Scope,
        _ state: State,
        _ result: JSONValue
    ) throws(WorkflowError) -> JSONValue {
        guard let combined = state.resultPath.place(result, in: scope.input) else {
            let cause = "the result path does not fit the input"
            throw WorkflowError(WorkflowError.Name.resultPath, cause)
        }
        return try follow(state.outputPath, in: combined, scope, "output")
    }

    private func follow(
        _ path: DataPath?,
        in value: JSONValue,
        _ scope: Scope,
        _ kind: String
    ) throws(WorkflowError) -> JSONValue {
        guard let path else { return [:] }
        guard let found = path.value(in: path.isOfContext ? context(scope) : value) else {
            throw .runtime("the \(kind) path \(path.text) finds nothing")
        }
        return found
    }

    func choose(
        _ branches: [ChoiceBranch],
        _ data: TemplateData
    ) throws(WorkflowError) -> String? {
        for branch in branches where try branch.rule.holds(data) { return branch.next }
        return nil
    }

    /// When a `Wait` is over, in milliseconds since 1970 began.
    mutating func wake(_ time: WaitTime, _ data: TemplateData) throws(WorkflowError) -> Int64 {
        switch time {
        case .seconds(let source):
            return now + Int64(try number(source, data) ?? 0) * 1_000
        case .timestamp(let source):
            guard let text = try text(source, data), let seconds = WorkflowTime.seconds(text) else {
                throw .runtime("the timestamp of a wait is no time")
            }
            // A time that the calendar has: far within what fits.
            return Int64(seconds * 1_000) - wallAhead
        }
    }

    func number(
        _ source: NumberSource?,
        _ data: TemplateData
    ) throws(WorkflowError) -> Int? {
        switch source {
        case nil: return nil
        case .constant(let number)?: return number
        case .path(let path)?:
            let value = path.value(in: path.isOfContext ? data.context : data.input)
            guard let number = value?.intValue, (0...99_999_999).contains(number) else {
                throw .runtime("the path \(path.text) finds no number from 0 to 99999999")
            }
            return number
        }
    }

    mutating func text(
        _ source: TextSource?,
        _ data: TemplateData
    ) throws(WorkflowError) -> String? {
        let value: JSONValue
        switch source {
        case nil: return nil
        case .constant(let text)?: return text
        case .path(let path)?: value = try data.value(at: path)
        case .call(let call)?: value = try call.value(data, &random)
        }
        guard let text = value.stringValue else { throw .runtime("a text is no string") }
        return text
    }
}
