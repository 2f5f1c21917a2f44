import JSONRPC

/// Looks for the next thing that happens in a run, from outside to inside.
struct Turn<Random: RandomNumberGenerator> {
    let run: WorkflowRun
    let now: Int64
    /// How far the clock on the wall is ahead of `now`.
    let wallAhead: Int64
    let limits: WorkflowLimits
    var random: Random
    var item: MapItem?

    init(
        run: WorkflowRun,
        now: Int64,
        wallAhead: Int64 = 0,
        limits: WorkflowLimits,
        random: Random
    ) {
        self.run = run
        self.now = now
        self.wallAhead = wallAhead
        self.limits = limits
        self.random = random
    }

    mutating func event(
        of scope: Scope,
        _ machine: StateMachine,
        _ position: RunPosition,
        item: MapItem?
    ) -> WorkflowEvent? {
        guard let state = machine.states[scope.state] else {
            return .failed(position, .runtime("there is no state \(scope.state)"))
        }
        self.item = item
        switch scope.step {
        case .arriving:
            return .entered(position, state: scope.state, at: now)
        case .entered:
            return begin(scope, state, position)
        case .working, .finished, .failed:
            return nil
        case .sleeping(let time):
            guard now >= time else { return nil }
            return leave(scope, state, position) { turn throws(WorkflowError) in
                try turn.plainOutput(scope, state)
            }
        case .retrying(let time):
            return now >= time ? .entered(position, state: scope.state, at: now) : nil
        case .branches(let scopes):
            guard case .parallel(let machines) = state.kind else { return nil }
            return event(ofBranches: scopes, machines, scope, state, position)
        case .iterations(let iterations):
            guard case .map(let work) = state.kind else { return nil }
            return event(of: iterations, work, scope, state, position)
        }
    }

    private mutating func event(
        ofBranches scopes: [Scope],
        _ machines: [StateMachine],
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition
    ) -> WorkflowEvent? {
        var outputs: [JSONValue] = []
        for branch in scopes {
            switch branch.step {
            case .failed(let error):
                return handle(error, scope, state, position, isOfBranch: true)
            case .finished(let output):
                outputs.append(output)
            default:
                break
            }
        }
        guard outputs.count < scopes.count else {
            return leave(scope, state, position, result: .array(outputs))
        }
        let item = item
        for (index, (branch, machine)) in zip(scopes, machines).enumerated() {
            if let event = event(of: branch, machine, position.child(index), item: item) {
                return event
            }
        }
        return nil
    }

    private mutating func event(
        of iterations: Iterations,
        _ work: MapWork,
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition
    ) -> WorkflowEvent? {
        let failures = iterations.failures
        if let first = failures.first, failures.count > iterations.terms.tolerated ?? 0 {
            guard let tolerated = iterations.terms.tolerated else {
                return handle(first, scope, state, position, isOfBranch: true)
            }
            let cause = "more than \(tolerated) iterations failed, the first with \(first.name)"
            let error = WorkflowError(WorkflowError.Name.tolerance, cause)
            return handle(error, scope, state, position)
        }
        let started = iterations.scopes.count
        if started == iterations.items.count, iterations.running == 0 {
            return leave(scope, state, position, result: .array(iterations.results))
        }
        let outer = item
        for (index, iteration) in iterations.scopes.enumerated() {
            let item = MapItem(index: index, value: iterations.items[index])
            let place = position.child(index)
            if let event = event(of: iteration, work.machine, place, item: item) { return event }
        }
        guard started < iterations.items.count, iterations.running < iterations.terms.concurrency
        else { return nil }
        item = outer
        return startIteration(started, of: iterations, work, scope, state, position)
    }

    private mutating func startIteration(
        _ index: Int,
        of iterations: Iterations,
        _ work: MapWork,
        _ scope: Scope,
        _ state: State,
        _ position: RunPosition
    ) -> WorkflowEvent {
        let value = iterations.items[index]
        let place = position.child(index)
        guard let selector = work.itemSelector else {
            return .iterationStarted(place, input: value)
        }
        let outer = item
        item = MapItem(index: index, value: value)
        defer { item = outer }
        let data = TemplateData(input: iterations.input, context: context(scope))
        do throws(WorkflowError) {
            let input = try within(limits, selector.value(data, &random))
            return .iterationStarted(place, input: input)
        } catch {
            return handle(error, scope, state, position)
        }
    }
}

extension Iterations {
    /// In the order of the items; an iteration that was allowed to fail gives its error.
    fileprivate var results: [JSONValue] {
        scopes.map { scope in
            switch scope.step {
            case .finished(let output): output
            case .failed(let error): error.output
            default: .null
            }
        }
    }
}

extension WorkflowError {
    /// As `Catch` hands it on.
    var output: JSONValue {
        ["Error": .string(name), "Cause": .string(cause)]
    }
}
