import AgentRuntime
import JSONRPC
import Synchronization

/// Has a language model write for one task, streams what it writes, and adds up what that costs.
final class ModelWriter: Sendable {
    /// The engine that asks no model, and the name by which a task asks for it.
    static let deterministic = "deterministic"

    private let model: any LanguageModel
    private let context: any TaskContext
    private let spent = Mutex(Spent())

    private struct Spent {
        var usage = TokenUsage()
        var answers = 0
        var isTruncated = false
    }

    init(model: any LanguageModel, context: any TaskContext) {
        self.model = model
        self.context = context
    }

    /// The model that a task is for; `nil` when there is none or the task wants none.
    static func model(
        for payload: JSONValue,
        _ context: any TaskContext
    ) throws -> (any LanguageModel)? {
        let name = payload["engine"]?.stringValue
        return name == deterministic ? nil : try context.languageModel(named: name)
    }

    /// What a result says of the cost; `nil` when nothing was asked.
    var usage: JSONValue? {
        let spent = spent.withLock { $0 }
        guard spent.answers > 0 else { return nil }
        return [
            "promptTokens": .integer(spent.usage.prompt),
            "completionTokens": .integer(spent.usage.completion),
            "truncated": .bool(spent.isTruncated),
        ]
    }

    /// Has a text written, without white space around it.
    ///
    /// - Parameters:
    ///   - part: Says in `task.output` what the text is for, where there are several.
    ///   - instructions: What the model is and must keep to.
    ///   - request: What is asked.
    /// - Returns: The text.
    /// - Throws: ``TaskFailure`` when there is no whole answer, or an empty one.
    func write(
        _ part: String? = nil,
        instructions: String,
        request: String
    ) async throws -> String {
        let pieces = OutputPieces(context: context, part: part)
        let answer = try await model.complete(
            ModelQuestion(instructions: instructions, text: request)
        ) { pieces.append($0) }
        pieces.flush()
        spent.withLock {
            $0.usage = $0.usage + answer.usage
            $0.answers += 1
            $0.isTruncated = $0.isTruncated || answer.isTruncated
        }
        let text = answer.text.trimmingSpaces
        guard !text.isEmpty else {
            throw TaskFailure(
                code: "PROVIDER_ANSWER_EMPTY",
                message: "\(model.engine) answered without a word",
                isRetryable: true
            )
        }
        return text
    }
}

extension ModelWriter {
    /// The schemas of the members that every type with a use for a model has.
    static let engineSchema = Schema.string(
        1...64,
        description: "A provider of the hub's configuration, or deterministic for none; else the "
            + "first provider there is"
    )

    static let usageSchema = Schema.object(
        [
            "promptTokens": Schema.integer(),
            "completionTokens": Schema.integer(),
            "truncated": Schema.boolean(
                description: "Whether an answer ended at the provider's limit"
            ),
        ],
        description: "Where a language model was asked"
    )
}

/// Passes text on in pieces that are neither tiny nor late: the first words at once, then as soon as
/// there are enough, or as the last piece was told some time ago.
private final class OutputPieces: Sendable {
    private static let least = 32
    private static let patience: Duration = .milliseconds(250)

    private struct Held {
        var text = ""
        var told: ContinuousClock.Instant?
    }

    private let context: any TaskContext
    private let part: String?
    private let held = Mutex(Held())

    init(context: any TaskContext, part: String?) {
        self.context = context
        self.part = part
    }

    func append(_ text: String) {
        let now = ContinuousClock.now
        let ready: String? = held.withLock { held in
            held.text += text
            let isDue = held.told.map { now - $0 >= Self.patience } ?? true
            guard isDue || held.text.utf8.count >= Self.least else { return nil }
            held.told = now
            defer { held.text = "" }
            return held.text
        }
        if let ready { emit(ready) }
    }

    func flush() {
        let rest = held.withLock { held in
            defer { held.text = "" }
            return held.text
        }
        if !rest.isEmpty { emit(rest) }
    }

    private func emit(_ text: String) {
        var output: JSONObject = ["text": .string(text)]
        output["part"] = part.map(JSONValue.string)
        context.emit(.object(output))
    }
}
