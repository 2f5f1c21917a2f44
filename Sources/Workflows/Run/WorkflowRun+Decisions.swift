package import JSONRPC

extension WorkflowRun {
    /// The next thing that happens by itself at `now`, in milliseconds since 1970 began; `nil`
    /// when the run waits or has ended.
    ///
    /// `now` may be of a clock that does not step; the one on the wall is `wallAhead` ahead of it,
    /// which matters to who waits for a time of the day.
    package func next(
        now: Int64,
        wallAhead: Int64 = 0,
        limits: WorkflowLimits,
        random: inout some RandomNumberGenerator
    ) -> WorkflowEvent? {
        guard outcome == nil else { return nil }
        switch top.step {
        case .finished(let output):
            return .ended(.succeeded(output))
        case .failed(let error):
            return nextCompensation(after: error, now, wallAhead, limits, &random)
        default:
            if let error = exhausted(now, limits) { return .failed(.top, error) }
            var turn = Turn(
                run: self,
                now: now,
                wallAhead: wallAhead,
                limits: limits,
                random: random
            )
            defer { random = turn.random }
            return turn.event(of: top, definition.machine, .top, item: nil)
        }
    }

    /// What follows from the answer of an attempt, which used `tokens` of a language model:
    /// nothing when it is not waited for any more.
    package func answered(
        _ position: RunPosition,
        attempt: Int,
        with result: Result<JSONValue, WorkflowError>,
        tokens: Int = 0,
        limits: WorkflowLimits,
        now: Int64,
        random: inout some RandomNumberGenerator
    ) -> [WorkflowEvent] {
        guard outcome == nil, let scope = scope(at: position),
            case .working(attempt, let input) = scope.step, let state = state(at: position)
        else { return [] }
        var turn = Turn(run: self, now: now, limits: limits, random: random)
        defer { random = turn.random }
        let event = turn.conclude(scope, state, position, input: input, result)
        return tokens > 0 ? [.tokensUsed(tokens), event] : [event]
    }

    /// Ends a run that has not ended.
    package func cancelled() -> WorkflowEvent? {
        outcome == nil ? .ended(.cancelled) : nil
    }

    /// Which part of the budget is used up.
    private func exhausted(_ now: Int64, _ limits: WorkflowLimits) -> WorkflowError? {
        let steps = min(definition.budget.steps ?? .max, limits.steps)
        if stepsUsed > steps {
            return WorkflowError(WorkflowError.Name.budget, "more than \(steps) steps")
        }
        let tokens = min(definition.budget.tokens ?? .max, limits.tokens)
        if tokensUsed > tokens {
            return WorkflowError(WorkflowError.Name.budget, "more than \(tokens) tokens")
        }
        if now >= timeLimit(limits) {
            let seconds = min(definition.budget.seconds ?? .max, limits.seconds)
            let cause = "the workflow did not end within \(seconds) seconds"
            return WorkflowError(WorkflowError.Name.timeout, cause)
        }
        return nil
    }

    private func nextCompensation(
        after error: WorkflowError,
        _ now: Int64,
        _ wallAhead: Int64,
        _ limits: WorkflowLimits,
        _ random: inout some RandomNumberGenerator
    ) -> WorkflowEvent? {
        guard let compensation else {
            return compensations.isEmpty ? .ended(.failed(error)) : .compensating
        }
        switch compensation.step {
        case .finished: return .compensated(nil)
        case .failed(let error): return .compensated(error)
        default: break
        }
        guard let machine = machine(of: .compensation) else { return .compensated(nil) }
        var turn = Turn(
            run: self,
            now: now,
            wallAhead: wallAhead,
            limits: limits,
            random: random
        )
        defer { random = turn.random }
        return turn.event(of: compensation, machine, .compensation, item: nil)
    }
}

/// An item of a `Map`, as the context object shows it.
struct MapItem {
    var index: Int
    var value: JSONValue
}
