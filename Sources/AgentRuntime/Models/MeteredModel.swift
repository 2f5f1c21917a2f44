/// A language model whose answers the runtime is told of, for the attempt that asks.
struct MeteredModel: LanguageModel {
    let base: any LanguageModel
    let token: AttemptToken
    let mailbox: RuntimeMailbox

    var engine: String { base.engine }

    func complete(
        _ question: ModelQuestion,
        onText: @escaping @Sendable (String) -> Void
    ) async throws -> ModelAnswer {
        let answer = try await base.complete(question, onText: onText)
        mailbox.post(.report(.usage(token, engine: engine, answer.usage)))
        return answer
    }
}
