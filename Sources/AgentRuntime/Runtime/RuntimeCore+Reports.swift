extension RuntimeCore {
    /// Takes what an agent reports.
    mutating func handle(_ report: AgentReport, at now: Moment) {
        self.now = now
        switch report {
        case .progress(let token, let percent, let message):
            reportProgress(token, percent: percent, message: message)
        case .output(let token, let text):
            reportOutput(token, text)
        case .usage(let token, let engine, let usage):
            reportUsage(token, engine: engine, usage)
        case .ended(let token, let outcome):
            attemptEnded(token, outcome)
        case .started(let agentID, let generation, let failure):
            agentStarted(agentID, generation: generation, failure: failure)
        case .stopped(let agentID, let generation):
            agentStopped(agentID, generation: generation)
        }
    }

    private mutating func reportProgress(_ token: AttemptToken, percent: Int, message: String?) {
        guard let attempt = attempts[token], attempt.phase == .running else { return }
        attempts[token]?.heldProgress = (min(max(percent, 0), 100), message)
        let next = attempt.progressAt.map { $0 + configuration.progressInterval }
        if let next, next > now.monotonic {
            if attempt.heldProgress == nil { timers.set(.progress(token), at: next) }
        } else {
            flushProgress(of: token)
        }
    }

    /// Passes the newest progress on, unless it says what was said before.
    mutating func flushProgress(of token: AttemptToken) {
        guard let attempt = attempts[token], attempt.phase == .running,
            let progress = attempt.heldProgress
        else { return }
        attempts[token]?.heldProgress = nil
        if let last = attempt.lastProgress, last == progress { return }
        attempts[token]?.lastProgress = progress
        attempts[token]?.progressAt = now.monotonic
        emitTask(
            .taskProgress(
                percent: progress.percent,
                message: progress.message,
                attempt: attempt.attempt
            ),
            of: attempt.definition,
            source: "agents/\(attempt.definition.agentID)"
        )
    }

    private mutating func reportOutput(_ token: AttemptToken, _ text: JSONText) {
        guard let attempt = attempts[token], attempt.phase == .running,
            !attempt.isOutputTruncated
        else { return }
        // Progress that was reported before comes before.
        flushProgress(of: token)
        let events = attempt.outputEvents + 1
        let bytes = attempt.outputBytes + text.bytes.count
        let isTruncated =
            events > configuration.maximumOutputEvents || bytes > configuration.maximumOutputBytes
        attempts[token]?.outputEvents = events
        attempts[token]?.outputBytes = bytes
        attempts[token]?.isOutputTruncated = isTruncated
        emitTask(
            .taskOutput(
                isTruncated ? JSONText(Array("null".utf8)) : text,
                attempt: attempt.attempt,
                isTruncated: isTruncated
            ),
            of: attempt.definition,
            source: "agents/\(attempt.definition.agentID)"
        )
    }
}
