extension RuntimeCore {
    /// Notes what an attempt has spent; of one that the task has gone on without nobody is told.
    mutating func reportUsage(_ token: AttemptToken, engine: String, _ usage: TokenUsage) {
        guard let attempt = attempts[token], attempt.phase != .detached else { return }
        flushProgress(of: token)
        emitTask(
            .taskUsage(engine: engine, usage, attempt: attempt.attempt),
            of: attempt.definition,
            source: "agents/\(attempt.definition.agentID)"
        )
    }
}
