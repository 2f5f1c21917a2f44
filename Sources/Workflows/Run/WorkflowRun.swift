package import JSONRPC

/// One run of a workflow: a value that changes by events alone, and decides which come next.
///
/// Whoever owns it calls ``next(now:limits:random:)`` and applies what comes until nothing does,
/// does what effects ask for, and gives answers to ``answered(_:attempt:with:tokens:limits:now:random:)``.
/// It keeps the definition it was started with.
package struct WorkflowRun: Equatable, Sendable {
    package let id: String
    package let name: String
    package let definition: WorkflowDefinition
    package let input: JSONValue
    /// In milliseconds since 1970 began.
    package let startedAt: Int64

    /// `nil` while it runs.
    package internal(set) var outcome: WorkflowOutcome?
    package internal(set) var stepsUsed = 0
    package internal(set) var tokensUsed = 0
    /// Of tasks, over the whole run.
    package internal(set) var attempts = 0
    /// Whether completed tasks are being undone.
    package var isCompensating: Bool { compensation != nil }

    var top: Scope
    /// Of completed tasks, the last one last.
    var compensations: [Compensation] = []
    /// The one that is at work.
    var compensation: Scope?
    /// Where the machine of that one lies in the definition.
    var compensationPath: [MachineStep] = []

    package init(
        id: String,
        name: String,
        _ definition: WorkflowDefinition,
        input: JSONValue,
        startedAt: Int64
    ) {
        self.id = id
        self.name = name
        self.definition = definition
        self.input = input
        self.startedAt = startedAt
        top = Scope(definition.machine.start, input: input)
    }

    /// The states that it is in, each with its position.
    package var currentStates: [(position: RunPosition, state: String)] {
        var found: [(RunPosition, String)] = []
        func walk(_ scope: Scope, _ position: RunPosition) {
            if !scope.step.isOver { found.append((position, scope.state)) }
            for (index, child) in scope.children.enumerated() {
                walk(child, position.child(index))
            }
        }
        walk(top, .top)
        if let compensation { walk(compensation, .compensation) }
        return found
    }

    /// When ``next(now:limits:random:)`` will have something to say although nothing was answered.
    package func deadline(_ limits: WorkflowLimits) -> Int64? {
        guard outcome == nil else { return nil }
        if top.step.isOver { return compensation?.deadline }
        return min(top.deadline ?? .max, timeLimit(limits))
    }

    /// When the run's time is up.
    func timeLimit(_ limits: WorkflowLimits) -> Int64 {
        let seconds = min(definition.budget.seconds ?? .max, limits.seconds)
        let (time, overflow) = startedAt.addingReportingOverflow(Int64(seconds) * 1_000)
        return overflow ? .max : time
    }
}

extension WorkflowRun {
    /// Changes the run.
    ///
    /// - Returns: What is to be done about it outside.
    package mutating func apply(_ event: WorkflowEvent) -> [WorkflowEffect] {
        switch event {
        case .entered(let position, _, let time):
            if position != .compensation { stepsUsed += 1 }
            update(position) {
                $0.step = .entered
                $0.enteredAt = time
            }
        case .taskStarted(let position, let attempt, let input, let times):
            attempts = max(attempts, attempt)
            update(position) { $0.step = .working(attempt: attempt, input: input) }
            guard case .task(let work)? = state(at: position)?.kind else { return [] }
            return [.start(position, attempt: attempt, work.resource, input: input, times)]
        case .slept(let position, let time):
            update(position) { $0.step = .sleeping(until: time) }
        case .branched(let position, let input):
            guard case .parallel(let machines)? = state(at: position)?.kind else { return [] }
            update(position) {
                $0.step = .branches(machines.map { Scope($0.start, input: input) })
            }
        case .mapped(let position, let items, let input, let terms):
            update(position) {
                $0.step = .iterations(Iterations(items: items, input: input, terms: terms))
            }
        case .iterationStarted(let position, let input):
            startIteration(position, input)
        case .exited(let position, let output, let next, let compensation):
            if let compensation { compensations.append(compensation) }
            update(position) { $0.leave(output, next) }
        case .retried(let position, _, let retrier, let time):
            let abandoned = cancelled(at: position)
            update(position) {
                $0.retries[retrier, default: 0] += 1
                $0.step = .retrying(until: time)
            }
            return abandoned
        case .caught(let position, _, let output, let next):
            let abandoned = cancelled(at: position)
            update(position) { $0.leave(output, next) }
            return abandoned
        case .failed(let position, let error):
            let abandoned = cancelled(at: position)
            update(position) { $0.step = .failed(error) }
            return abandoned
        case .tokensUsed(let count):
            tokensUsed += min(count, .max - tokensUsed)
        case .compensating:
            guard let entry = compensations.popLast() else { return [] }
            compensation = Scope(entry.state, input: entry.input)
            compensationPath = entry.machine
        case .compensated:
            endCompensation()
        case .ended(let outcome):
            self.outcome = outcome
            let abandoned = cancelled(at: .top) + cancelled(at: .compensation)
            endCompensation()
            compensations = []
            return abandoned
        }
        return []
    }

    private mutating func endCompensation() {
        compensation = nil
        compensationPath = []
    }

    private mutating func update(_ position: RunPosition, _ body: (inout Scope) -> Void) {
        if position == .compensation {
            if var scope = compensation {
                body(&scope)
                compensation = scope
            }
        } else {
            top.update(position.indices[...], body)
        }
    }

    private mutating func startIteration(_ position: RunPosition, _ input: JSONValue) {
        guard let start = machine(at: position.parent, entering: 0)?.start else { return }
        update(position.parent) { scope in
            guard case .iterations(var iterations) = scope.step else { return }
            iterations.scopes.append(Scope(start, input: input))
            scope.step = .iterations(iterations)
        }
    }

    private func cancelled(at position: RunPosition) -> [WorkflowEffect] {
        (scope(at: position)?.attempts ?? []).map { .cancel(attempt: $0) }
    }

    func scope(at position: RunPosition) -> Scope? {
        position == .compensation ? compensation : top[position.indices[...]]
    }

    /// The state that the scope at a position is in.
    func state(at position: RunPosition) -> State? {
        guard let scope = scope(at: position) else { return nil }
        return machine(of: position)?.states[scope.state]
    }

    /// The machine that the scope at a position runs.
    func machine(of position: RunPosition) -> StateMachine? {
        definition.machine.machine(
            at: position == .compensation
                ? compensationPath : top.machinePath(to: position.indices[...])
        )
    }

    private func machine(at position: RunPosition, entering branch: Int) -> StateMachine? {
        guard let scope = scope(at: position) else { return nil }
        let step = MachineStep(state: scope.state, branch: branch)
        return definition.machine.machine(
            at: top.machinePath(to: position.indices[...]) + [step]
        )
    }
}

extension Scope {
    /// Goes on to the next state, or ends.
    fileprivate mutating func leave(_ output: JSONValue, _ next: String?) {
        guard let next else {
            step = .finished(output)
            return
        }
        self = Scope(next, input: output)
    }
}

extension RunPosition {
    var parent: RunPosition { RunPosition(indices: Array(indices.dropLast())) }
}
