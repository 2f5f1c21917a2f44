import AgentRuntime
import JSONRPC

/// What a task function works on, made from a payload or refused.
///
/// It is made twice, at submit to find problems and again to perform the task, so `init` is
/// linear in the payload and does none of the work.
protocol TaskInput: Sendable {
    init(payload: JSONValue) throws(InvalidPayload)
}

/// Why no input can be made from a payload.
struct InvalidPayload: Error, Equatable {
    var problems: [PayloadProblem]

    init(_ problems: [PayloadProblem]) {
        self.problems = problems
    }

    /// - Parameters:
    ///   - path: JSON pointer to the value at fault.
    ///   - reason: One sentence without a full stop.
    init(_ path: String, _ reason: String) {
        problems = [PayloadProblem(path: path, reason: reason)]
    }
}

/// A task type together with the pure function that performs it.
struct TaskFunction: Sendable {
    var type: TaskType
    private let perform: @Sendable (JSONValue, any TaskContext) throws -> JSONValue

    init<Input: TaskInput>(
        _ name: String,
        summary: String,
        payload: JSONValue,
        result: JSONValue,
        example: JSONValue,
        timeout: Duration = .seconds(30),
        perform: @escaping @Sendable (Input, any TaskContext) throws -> JSONValue
    ) {
        type = TaskType(
            name: name,
            summary: summary,
            payloadSchema: payload,
            resultSchema: result,
            example: example,
            timeout: timeout,
            check: { payload in
                do throws(InvalidPayload) {
                    _ = try Input(payload: payload)
                    return []
                } catch {
                    return error.problems
                }
            }
        )
        self.perform = { payload, context in
            try perform(Input(payload: payload), context)
        }
    }

    /// Performs the task.
    ///
    /// - Throws: ``TaskFailure`` `VALIDATION_ERROR` for what `TaskType.check` finds,
    ///   `CancellationError` once the surrounding task was cancelled.
    func callAsFunction(_ payload: JSONValue, context: any TaskContext) throws -> JSONValue {
        try Task.checkCancellation()
        do {
            return try perform(payload, context)
        } catch let invalid as InvalidPayload {
            let reasons = invalid.problems.map { "\($0.path): \($0.reason)" }
            throw TaskFailure(
                code: "VALIDATION_ERROR",
                message: reasons.joined(separator: "; ")
            )
        }
    }
}

/// An agent whose work is a set of task functions and that keeps no state.
protocol FunctionAgent: Agent {
    static var functions: [TaskFunction] { get }
}

extension FunctionAgent {
    package func run(
        _ task: TaskAttempt,
        context: any TaskContext
    ) async throws -> JSONValue {
        try runFunction(of: task, context: context)
    }

    func runFunction(of task: TaskAttempt, context: any TaskContext) throws -> JSONValue {
        guard let function = Self.functions.first(where: { $0.type.name == task.type }) else {
            throw TaskFailure(
                code: "UNKNOWN_TASK_TYPE",
                message: "\(description.id) has no task type \(task.type)"
            )
        }
        return try function(task.payload, context: context)
    }
}
