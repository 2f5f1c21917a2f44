import AgentRuntime
import EventLoops
import JSONRPC

/// Tells everybody that events can not be written any more, or again.
struct StorageNotice {
    private let change: StorageChange

    init(_ change: StorageChange) {
        self.change = change
    }

    /// The params of `hub.storage`.
    var params: [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.beginObject()
        switch change {
        case .degraded(let reason, let since):
            writer.member("available", false)
            writer.member("since", since.description)
            writer.member("reason", reason)
        case .recovered(let since):
            writer.member("available", true)
            writer.member("since", since.description)
        }
        writer.endObject()
        return writer.takeBytes()
    }

    func tell(_ mailboxes: [Mailbox<LoopMessage>], _ logger: Logger) {
        switch change {
        case .degraded(let reason, _):
            logger.error(
                "events cannot be written: commands that change something are refused",
                [
                    "reason": reason
                ]
            )
        case .recovered(let since):
            logger.notice("events can be written again", ["since": since.description])
        }
        let params = params
        for mailbox in mailboxes { mailbox.post(.storage(params)) }
    }
}
