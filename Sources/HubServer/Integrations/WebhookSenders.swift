import AgentRuntime
import Integrations
import Synchronization

/// One sender for each webhook that is not paused.
final class WebhookSenders: Sendable {
    private let host: IntegrationHost
    private let feed: EventFeed
    private let senders = Mutex<[String: WebhookSender]>([:])

    init(_ host: IntegrationHost, feed: EventFeed) {
        self.host = host
        self.feed = feed
    }

    /// Begins with the webhooks that there are, and follows what becomes of them.
    func start() {
        host.directory.follow { [self] change in
            switch change {
            case .created(let record): begin(record.id)
            case .updated(let id, _, _, _, _):
                // The note of where it is may not have come back yet.
                let position = end(id)
                host.forgive(id)
                begin(id, at: position)
            case .deleted(let id, _):
                end(id)
                host.forgive(id)
            case .synced, .failed, .recovered, .deadLettered, .advanced, .deadLettersRemoved:
                break
            }
        }
        for record in host.directory.all { begin(record.id) }
    }

    func stop() {
        let all = senders.withLock { senders in
            defer { senders = [:] }
            return Array(senders.values)
        }
        for sender in all { sender.stop() }
    }

    func sender(_ id: String) -> WebhookSender? { senders.withLock { $0[id] } }

    private func begin(_ id: String, at position: FeedPosition? = nil) {
        guard let record = host.directory.record(id), !record.isPaused,
            record.type == IntegrationType.webhook.rawValue
        else { return }
        let sender = WebhookSender(record, at: position, host: host, feed: feed)
        let isNew = senders.withLock { senders in
            guard senders[id] == nil else { return false }
            senders[id] = sender
            return true
        }
        if isNew { sender.start() }
    }

    /// - Returns: Where it was.
    @discardableResult
    private func end(_ id: String) -> FeedPosition? {
        let sender = senders.withLock { $0.removeValue(forKey: id) }
        sender?.stop()
        return sender?.position
    }
}
