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
    private let enrich: (@Sendable (JSONValue, JSONValue, ModelWriter) async throws -> JSONValue)?

    /// With `enrich` a language model adds to the result, where there is one; such a type has the
    /// member `engine` in its payload and its result.
    init<Input: TaskInput>(
        _ name: String,
        summary: String,
        definition: String,
        payload: JSONValue,
        result: JSONValue,
        example: JSONValue,
        timeout: Duration? = nil,
        perform: @escaping @Sendable (Input, any TaskContext) throws -> JSONValue,
        enrich: (@Sendable (Input, JSONValue, ModelWriter) async throws -> JSONValue)? = nil
    ) {
        let standard = enrich == nil ? Duration.seconds(30) : .seconds(60)
        type = TaskType(
            name: name,
            summary: summary,
            definition: definition,
            payloadSchema: payload,
            resultSchema: result,
            example: example,
            timeout: timeout ?? standard,
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
        if let enrich {
            self.enrich = { payload, result, writer in
                try await enrich(Input(payload: payload), result, writer)
            }
        } else {
            self.enrich = nil
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

extension TaskFunction {
    /// Performs the task, with a language model where the type has a use for one and there is one.
    func run(_ payload: JSONValue, context: any TaskContext) async throws -> JSONValue {
        let result = try self(payload, context: context)
        guard let enrich, let model = try ModelWriter.model(for: payload, context) else {
            return result
        }
        let writer = ModelWriter(model: model, context: context)
        let enriched = try await enrich(payload, result, writer)
        guard let usage = writer.usage, var object = enriched.objectValue else { return enriched }
        object["engine"] = .string(model.engine)
        object["usage"] = usage
        return .object(object)
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
        try await runFunction(of: task, context: context)
    }

    func runFunction(of task: TaskAttempt, context: any TaskContext) async throws -> JSONValue {
        guard let function = Self.functions.first(where: { $0.type.name == task.type }) else {
            throw TaskFailure(
                code: "UNKNOWN_TASK_TYPE",
                message: "\(description.id) has no task type \(task.type)"
            )
        }
        return try await function.run(task.payload, context: context)
    }
}
