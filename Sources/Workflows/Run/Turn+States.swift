import JSONRPC

// What a state does once it is entered, and how it is left.
extension Turn {
    mutating func begin(
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition
    ) -> WorkflowEvent {
        do throws(WorkflowError) {
            return try work(scope, state, position)
        } catch {
            return handle(error, scope, state, position)
        }
    }

    private mutating func work(
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition
    ) throws(WorkflowError) -> WorkflowEvent {
        let selected = try selectedInput(scope, state)
        let data = TemplateData(input: selected, context: context(scope))
        let input = try within(limits, state.parameters?.value(data, &random) ?? selected)
        switch state.kind {
        case .pass(let result):
            return leave(scope, state, position, result: result?.value ?? input)
        case .succeed:
            return try exit(plainOutput(scope, state), nil, position)
        case .fail(let error, let cause):
            let name = try text(error, data) ?? "States.Failed"
            return .failed(position, WorkflowError(name, try text(cause, data) ?? ""))
        case .choice(let branches, let fallback):
            let next = try choose(branches, data) ?? fallback
            guard let next else {
                throw WorkflowError(WorkflowError.Name.noChoiceMatched, "no rule holds")
            }
            return try exit(plainOutput(scope, state), next, position)
        case .wait(let time):
            return .slept(position, until: try wake(time, data))
        case .task(let work):
            let times = TaskTimes(
                timeout: try number(work.timeout, data),
                heartbeat: try number(work.heartbeat, data)
            )
            return .taskStarted(position, attempt: run.attempts + 1, input: input, times)
        case .parallel:
            return .branched(position, input: input)
        case .map(let work):
            return try map(work, data, position)
        }
    }

    private mutating func map(
        _ work: MapWork,
        _ data: TemplateData,
        _ position: RunPosition
    ) throws(WorkflowError) -> WorkflowEvent {
        let found = work.itemsPath.value(in: work.itemsPath.isOfContext ? data.context : data.input)
        guard let items = found?.arrayValue else {
            throw .runtime("the items path \(work.itemsPath.text) finds no array")
        }
        guard items.count <= limits.mapItems else {
            throw .runtime("\(items.count) items are more than the limit of \(limits.mapItems)")
        }
        let concurrency = try number(work.maxConcurrency, data) ?? 0
        var tolerated = try number(work.toleratedCount, data)
        if let percentage = try number(work.toleratedPercentage, data) {
            tolerated = max(tolerated ?? 0, items.count * min(percentage, 100) / 100)
        }
        let terms = MapTerms(
            concurrency: concurrency > 0 ? concurrency : limits.mapConcurrency,
            tolerated: tolerated
        )
        return .mapped(position, items: items, input: data.input, terms)
    }

    /// Leaves a state that has a result.
    mutating func leave(
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition,
        result: JSONValue
    ) -> WorkflowEvent {
        leave(scope, state, position) { turn throws(WorkflowError) in
            try turn.output(scope, state, turn.selected(result, scope, state))
        }
    }

    mutating func leave(
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition,
        _ output: (inout Self) throws(WorkflowError) -> JSONValue
    ) -> WorkflowEvent {
        do throws(WorkflowError) {
            return try exit(output(&self), state.next, position)
        } catch {
            return handle(error, scope, state, position)
        }
    }

    /// What follows from the answer of a task.
    mutating func conclude(
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition,
        input: JSONValue,
        _ answer: Result<JSONValue, WorkflowError>
    ) -> WorkflowEvent {
        do throws(WorkflowError) {
            let result = try selected(answer.get(), scope, state)
            let output = try output(scope, state, result)
            var compensation: Compensation?
            if case .task(let work) = state.kind, let target = work.compensation {
                compensation = Compensation(
                    machine: run.top.machinePath(to: position.indices[...]),
                    state: target,
                    input: ["input": input, "result": result]
                )
            }
            return try exit(output, state.next, position, compensation)
        } catch {
            return handle(error, scope, state, position)
        }
    }

    private func exit(
        _ output: JSONValue,
        _ next: String?,
        _ position: RunPosition,
        _ compensation: Compensation? = nil
    ) throws(WorkflowError) -> WorkflowEvent {
        .exited(position, output: try within(limits, output), next: next, compensation)
    }

    /// The value, when it is not larger or deeper than data may be.
    func within(
        _ limits: WorkflowLimits,
        _ value: JSONValue
    ) throws(WorkflowError) -> JSONValue {
        let name = WorkflowError.Name.dataLimit
        guard value.depth <= limits.dataDepth else {
            throw WorkflowError(name, "the data is more than \(limits.dataDepth) levels deep")
        }
        guard value.text.utf8.count <= limits.dataBytes else {
            throw WorkflowError(name, "the data has more than \(limits.dataBytes) bytes")
        }
        return value
    }

    /// Retries, catches, or fails the machine.
    mutating func handle(
        _ error: WorkflowError,
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition,
        isOfBranch: Bool = false
    ) -> WorkflowEvent {
        let index = state.retriers.firstIndex { $0.errors.choose(error, isOfBranch: isOfBranch) }
        if let index {
            let retrier = state.retriers[index]
            let used = scope.retries[index, default: 0]
            if used < retrier.maxAttempts {
                let delay = retrier.delay(retry: used, &random)
                return .retried(position, error, retrier: index, until: now + delay)
            }
        }
        let catcher = state.catchers.first { $0.errors.choose(error, isOfBranch: isOfBranch) }
        guard let catcher else { return .failed(position, error) }
        guard let output = catcher.resultPath.place(error.output, in: scope.input) else {
            let cause = "the result path of a catcher does not fit the input"
            return .failed(position, WorkflowError(WorkflowError.Name.resultPath, cause))
        }
        return .caught(position, error, output: output, next: catcher.next)
    }
}

extension Retrier {
    /// Milliseconds before retry number `retry`, which counts from 0.
    fileprivate func delay(retry: Int, _ random: inout some RandomNumberGenerator) -> Int64 {
        var seconds = Double(intervalSeconds)
        // The most that a delay may be; more steps would not change it.
        let most = Double(maxDelaySeconds ?? 31_622_400)
        for _ in 0..<min(retry, 1_000) where seconds < most { seconds *= backoffRate }
        seconds = min(seconds, most)
        if hasFullJitter { seconds = Double.random(in: 0...seconds, using: &random) }
        return Int64(seconds * 1_000)
    }
}

extension ResultPlace {
    /// `nil` when the path does not fit the input.
    func place(_ result: JSONValue, in input: JSONValue) -> JSONValue? {
        switch self {
        case .whole: result
        case .discarded: input
        case .at(let path): path.setting(result, in: input)
        }
    }
}
