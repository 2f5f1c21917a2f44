import JSONRPC
import Synchronization

/// What an attempt tells the runtime, bounded at its source: however often an agent reports, the
/// mailbox holds one note of its progress and as much output as is passed on.
final class AttemptContext: TaskContext {
    private static let maximumMessageCharacters = 500

    let token: AttemptToken
    private let mailbox: RuntimeMailbox
    private let maximumOutputEvents: Int
    private let maximumOutputBytes: Int
    private let audit: AuditAccess?
    private let models: (any LanguageModels)?
    private let reported = Mutex(Reported())

    private struct Reported {
        /// Not yet taken by the runtime, which has been told that there is some.
        var progress: (percent: Int, message: String?)?
        var outputEvents = 0
        var outputBytes = 0
        /// The runtime has been given more than it passes on.
        var isFull = false
    }

    init(
        token: AttemptToken,
        mailbox: RuntimeMailbox,
        configuration: RuntimeConfiguration,
        audit: AuditAccess?,
        models: (any LanguageModels)? = nil
    ) {
        self.audit = audit
        self.models = models
        self.token = token
        self.mailbox = mailbox
        maximumOutputEvents = configuration.maximumOutputEvents
        maximumOutputBytes = configuration.maximumOutputBytes
    }

    func reportProgress(_ percent: Int, message: String?) {
        let message = message.map { String($0.prefix(Self.maximumMessageCharacters)) }
        let isFirst = reported.withLock { reported in
            defer { reported.progress = (percent, message) }
            return reported.progress == nil
        }
        if isFirst { mailbox.post(.progress(self)) }
    }

    func emit(_ output: JSONValue) {
        guard !reported.withLock(\.isFull) else { return }
        let text = JSONText(output.encoded())
        reported.withLock { reported in
            guard !reported.isFull else { return }
            reported.outputEvents += 1
            reported.outputBytes += text.bytes.count
            reported.isFull =
                reported.outputEvents > maximumOutputEvents
                || reported.outputBytes > maximumOutputBytes
            // Under the lock, so that two threads of one attempt cannot swap progress and output.
            if let progress = reported.progress {
                reported.progress = nil
                mailbox.post(
                    .report(
                        .progress(token, percent: progress.percent, message: progress.message)
                    )
                )
            }
            let passedOn = reported.isFull ? JSONText(Array("null".utf8)) : text
            mailbox.post(.report(.output(token, passedOn)))
        }
    }

    func verifyAudit(known: [AuditLink]) async throws -> AuditReport {
        guard let audit else {
            throw TaskFailure(code: "UNAVAILABLE", message: "the audit of this hub cannot be read")
        }
        return try await audit.verify(known: known) { percent in
            self.reportProgress(percent, message: nil)
        }
    }

    func languageModel(named name: String?) throws -> (any LanguageModel)? {
        guard let model = models?.model(named: name) else {
            guard let name else { return nil }
            let names = models?.names.joined(separator: ", ") ?? "none"
            throw TaskFailure(
                code: "VALIDATION_ERROR",
                message: "there is no provider '\(name.prefix(64))'; there is: \(names)"
            )
        }
        return MeteredModel(base: model, token: token, mailbox: mailbox)
    }

    /// The newest progress that was not taken yet.
    func takeProgress() -> AgentReport? {
        reported.withLock { reported in
            defer { reported.progress = nil }
            return reported.progress.map {
                .progress(token, percent: $0.percent, message: $0.message)
            }
        }
    }
}
