import EventLoops
import Synchronization

/// Ends the hub when it can't keep its promises any more: nothing more is acknowledged, and the
/// process ends with a status that says so.
final class FatalFailure: Sendable {
    private let happened = Atomic<Bool>(false)
    private let mailboxes: [Mailbox<LoopMessage>]
    private let logger: Logger

    init(mailboxes: [Mailbox<LoopMessage>], logger: Logger) {
        self.mailboxes = mailboxes
        self.logger = logger
    }

    var hasHappened: Bool { happened.load(ordering: .acquiring) }

    func report(_ reason: String) {
        happened.store(true, ordering: .releasing)
        logger.error("the hub ends: \(reason)")
        for mailbox in mailboxes { mailbox.post(.stop) }
    }
}
