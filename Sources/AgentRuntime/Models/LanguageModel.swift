/// A language model that agents may ask, whoever provides it.
package protocol LanguageModel: Sendable {
    /// What results say about who wrote them: `<provider>/<model>`.
    var engine: String { get }

    /// Asks once; the runtime repeats the whole attempt where that may help.
    ///
    /// It suspends and never blocks the thread that it is called on; cancelling the task ends it.
    ///
    /// - Parameters:
    ///   - question: What is asked.
    ///   - onText: Is given each piece of the answer as it comes, on any thread.
    /// - Returns: The whole answer.
    /// - Throws: ``TaskFailure`` when there is no whole answer, with how long to wait where the
    ///   provider says so; `CancellationError` when it was cancelled.
    func complete(
        _ question: ModelQuestion,
        onText: @escaping @Sendable (String) -> Void
    ) async throws -> ModelAnswer
}

/// The language models of a hub.
package protocol LanguageModels: Sendable {
    /// The model called `name`, or the one that is asked when none is named.
    func model(named name: String?) -> (any LanguageModel)?

    /// What they are called, for people.
    var names: [String] { get }
}

/// What a language model is asked.
package struct ModelQuestion: Equatable, Sendable {
    /// What it is and must keep to.
    package var instructions: String
    package var text: String
    /// `nil` for the provider's own limit.
    package var maximumTokens: Int?

    package init(instructions: String, text: String, maximumTokens: Int? = nil) {
        self.instructions = instructions
        self.text = text
        self.maximumTokens = maximumTokens
    }
}

/// A whole answer.
package struct ModelAnswer: Equatable, Sendable {
    package var text: String
    package var usage: TokenUsage
    /// It ended because it became as long as was allowed.
    package var isTruncated: Bool

    package init(text: String, usage: TokenUsage, isTruncated: Bool = false) {
        self.text = text
        self.usage = usage
        self.isTruncated = isTruncated
    }
}

/// Tokens as a provider counts them; 0 when it does not tell.
package struct TokenUsage: Equatable, Sendable {
    package var prompt: Int
    package var completion: Int

    package init(prompt: Int = 0, completion: Int = 0) {
        self.prompt = prompt
        self.completion = completion
    }

    /// Both; saturates.
    package var total: Int {
        let (sum, overflow) = prompt.addingReportingOverflow(completion)
        return overflow ? .max : sum
    }

    package static func + (one: TokenUsage, other: TokenUsage) -> TokenUsage {
        TokenUsage(
            prompt: TokenUsage(prompt: one.prompt, completion: other.prompt).total,
            completion: TokenUsage(prompt: one.completion, completion: other.completion).total
        )
    }
}
