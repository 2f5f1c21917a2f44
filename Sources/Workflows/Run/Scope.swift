import JSONRPC

/// A machine at work: the workflow itself, a branch or an iteration.
struct Scope: Equatable, Sendable {
    var state: String
    /// Of the state, before its paths.
    var input: JSONValue
    var step = Step.arriving
    /// How often each retrier of the state has retried it.
    var retries: [Int: Int] = [:]
    /// In milliseconds since 1970 began.
    var enteredAt: Int64 = 0

    init(_ state: String, input: JSONValue) {
        self.state = state
        self.input = input
    }
}

/// How far a scope is with its state.
indirect enum Step: Equatable, Sendable {
    case arriving
    case entered
    case working(attempt: Int, input: JSONValue)
    case sleeping(until: Int64)
    case retrying(until: Int64)
    case branches([Scope])
    case iterations(Iterations)
    /// The machine has ended.
    case finished(JSONValue)
    case failed(WorkflowError)

    var isOver: Bool {
        switch self {
        case .finished, .failed: true
        default: false
        }
    }
}

/// The iterations of a `Map`.
struct Iterations: Equatable, Sendable {
    var items: [JSONValue]
    var input: JSONValue
    var terms: MapTerms
    /// Those that have begun, in the order of the items.
    var scopes: [Scope] = []

    var failures: [WorkflowError] {
        scopes.compactMap { scope in
            if case .failed(let error) = scope.step { error } else { nil }
        }
    }

    var running: Int { scopes.count { !$0.step.isOver } }
}

extension Scope {
    /// Changes the scope at a position within this one; nothing when there is none.
    mutating func update(_ position: ArraySlice<Int>, _ body: (inout Scope) -> Void) {
        guard let index = position.first else {
            body(&self)
            return
        }
        switch step {
        case .branches(var scopes):
            guard scopes.indices.contains(index) else { return }
            step = .entered
            scopes[index].update(position.dropFirst(), body)
            step = .branches(scopes)
        case .iterations(var iterations):
            guard iterations.scopes.indices.contains(index) else { return }
            step = .entered
            iterations.scopes[index].update(position.dropFirst(), body)
            step = .iterations(iterations)
        default:
            return
        }
    }

    subscript(position: ArraySlice<Int>) -> Scope? {
        guard let index = position.first else { return self }
        guard children.indices.contains(index) else { return nil }
        return children[index][position.dropFirst()]
    }

    var children: [Scope] {
        switch step {
        case .branches(let scopes): scopes
        case .iterations(let iterations): iterations.scopes
        default: []
        }
    }

    /// Attempts that are under way in this scope and below.
    var attempts: [Int] {
        if case .working(let attempt, _) = step { return [attempt] }
        return children.flatMap(\.attempts)
    }

    /// When the next of what it waits for comes, here and below.
    var deadline: Int64? {
        switch step {
        case .sleeping(let time), .retrying(let time): time
        default: children.compactMap(\.deadline).min()
        }
    }

    /// The way through the definition to a position.
    func machinePath(to position: ArraySlice<Int>) -> [MachineStep] {
        guard let index = position.first, children.indices.contains(index) else { return [] }
        let branch = if case .branches = step { index } else { 0 }
        return [MachineStep(state: state, branch: branch)]
            + children[index].machinePath(to: position.dropFirst())
    }
}
