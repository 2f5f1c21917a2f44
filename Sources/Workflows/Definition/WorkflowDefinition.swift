package import JSONRPC

/// A workflow in the Amazon States Language, JSONPath form, checked and ready to run.
///
/// Source: https://states-language.net/spec.html. Beyond it there is `Compensate` on a `Task` and
/// `Budget` at the top.
package struct WorkflowDefinition: Equatable, Sendable {
    /// As it was given.
    package let source: JSONValue
    package let comment: String?
    package let budget: WorkflowBudget
    let machine: StateMachine

    package static func == (one: WorkflowDefinition, other: WorkflowDefinition) -> Bool {
        one.source == other.source
    }
}

/// What a run may use; `nil` where the configuration's limit is all that holds.
package struct WorkflowBudget: Hashable, Sendable {
    /// States that are entered, also again.
    package var steps: Int?
    /// Time from start to end, in seconds: `TimeoutSeconds` of the workflow.
    package var seconds: Int?
    /// Of language models, in and out, over all tasks.
    package var tokens: Int?

    package init(steps: Int? = nil, seconds: Int? = nil, tokens: Int? = nil) {
        self.steps = steps
        self.seconds = seconds
        self.tokens = tokens
    }
}

/// States and where to begin: a whole workflow, a branch of a `Parallel` or the body of a `Map`.
struct StateMachine: Hashable, Sendable {
    var start = ""
    var states: [String: State] = [:]
}

struct State: Hashable, Sendable {
    var kind: Kind
    /// `nil` stands for `null`: an empty object.
    var inputPath: DataPath? = .root
    var parameters: PayloadTemplate?
    var resultSelector: PayloadTemplate?
    var resultPath: ResultPlace = .whole
    /// `nil` stands for `null`: an empty object.
    var outputPath: DataPath? = .root
    var retriers: [Retrier] = []
    var catchers: [Catcher] = []
    /// `nil` where the state is the last one of its machine.
    var next: String?

    enum Kind: Hashable, Sendable {
        case pass(result: PassResult?)
        case task(TaskWork)
        case choice([ChoiceBranch], fallback: String?)
        case wait(WaitTime)
        case succeed
        case fail(error: TextSource?, cause: TextSource?)
        case parallel([StateMachine])
        case map(MapWork)

        var name: String {
            switch self {
            case .pass: "Pass"
            case .task: "Task"
            case .choice: "Choice"
            case .wait: "Wait"
            case .succeed: "Succeed"
            case .fail: "Fail"
            case .parallel: "Parallel"
            case .map: "Map"
            }
        }
    }
}

/// The rules of a `Choice` in their order.
struct ChoiceBranch: Hashable, Sendable {
    var rule: ChoiceRule
    var next: String
}

struct PassResult: Hashable, Sendable {
    var value: JSONValue

    func hash(into hasher: inout Hasher) { hasher.combine(value.text) }
}

/// Where the result of a state goes.
enum ResultPlace: Hashable, Sendable {
    /// `$`: it takes the place of the input.
    case whole
    /// `null`: it is dropped, the input goes on.
    case discarded
    case at(ReferencePath)
}

/// What a `Task` does.
struct TaskWork: Hashable, Sendable {
    var resource: WorkflowResource
    var timeout: NumberSource?
    var heartbeat: NumberSource?
    /// The state that undoes it.
    var compensation: String?
}

/// What the `Resource` of a `Task` names.
package enum WorkflowResource: Hashable, Sendable {
    /// `agent:AGENT/TASKTYPE`.
    case agent(id: String, taskType: String)
    /// `workflow:NAME`.
    case workflow(name: String)
}

enum WaitTime: Hashable, Sendable {
    case seconds(NumberSource)
    case timestamp(TextSource)
}

/// A number that is written down or looked up when the state is entered.
enum NumberSource: Hashable, Sendable {
    case constant(Int)
    case path(DataPath)
}

/// A text that is written down, looked up or made when the state is entered.
enum TextSource: Hashable, Sendable {
    case constant(String)
    case path(DataPath)
    case call(Intrinsic)
}

struct MapWork: Hashable, Sendable {
    var machine: StateMachine
    var itemsPath: DataPath
    var itemSelector: PayloadTemplate?
    /// 0 is no limit of its own.
    var maxConcurrency: NumberSource
    var toleratedCount: NumberSource?
    var toleratedPercentage: NumberSource?
}

struct Retrier: Hashable, Sendable {
    var errors: [String]
    var intervalSeconds = 1
    var maxAttempts = 3
    var backoffRate = 2.0
    var maxDelaySeconds: Int?
    var hasFullJitter = false
}

struct Catcher: Hashable, Sendable {
    var errors: [String]
    var resultPath: ResultPlace
    var next: String
}

extension [String] {
    /// Whether a list of `ErrorEquals` chooses an error, which may have come out of a branch or an
    /// iteration.
    func choose(_ error: WorkflowError, isOfBranch: Bool) -> Bool {
        switch error.name {
        case WorkflowError.Name.runtime, WorkflowError.Name.budget: return false
        case WorkflowError.Name.dataLimit: return contains(error.name)
        default: break
        }
        return contains { name in
            switch name {
            case WorkflowError.Name.all: true
            case WorkflowError.Name.taskFailed: error.name != WorkflowError.Name.timeout
            case WorkflowError.Name.branchFailed: isOfBranch || error.name == name
            default: error.name == name
            }
        }
    }
}
