import AgentRuntime
import HubCore
import Synchronization

/// Which connections there are, as far as it is durable, for all threads to look up.
///
/// The runtime decides; this follows its events with the same ``IntegrationState/apply(_:at:)``.
final class IntegrationDirectory: EventObserver {
    private let state: Mutex<IntegrationState>
    private let tell = Mutex<(@Sendable (IntegrationChange) -> Void)?>(nil)

    init(_ state: IntegrationState) {
        self.state = Mutex(state)
    }

    /// Has `body` called with each change from here on, on the runtime's thread.
    func follow(_ body: @escaping @Sendable (IntegrationChange) -> Void) {
        tell.withLock { $0 = body }
    }

    func observe(_ events: [RecordedEvent]) {
        for event in events {
            guard case .integration(let change, _) = event.event.change else { continue }
            state.withLock { $0.apply(change, at: event.event.timestamp) }
            tell.withLock { $0 }?(change)
        }
    }

    func record(_ id: String) -> IntegrationRecord? { state.withLock { $0.records[id] } }

    /// In the order in which they were created.
    var all: [IntegrationRecord] { state.withLock(\.all) }
}
