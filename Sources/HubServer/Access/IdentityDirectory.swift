import AgentRuntime
import HubCore
import Identity
import Synchronization

/// Who there is, as far as it is durable, for all loops to look up.
///
/// The runtime decides; this follows its events with the same ``IdentityState/apply(_:at:)``, so it
/// is what the runtime's state was a moment ago.
final class IdentityDirectory: EventObserver {
    private let state: Mutex<IdentityState>
    private let tell: @Sendable (_ userID: String) -> Void

    /// `tell` is called with users whose open connections have to be looked at again.
    init(_ state: IdentityState, tell: @escaping @Sendable (_ userID: String) -> Void) {
        self.state = Mutex(state)
        self.tell = tell
    }

    func observe(_ events: [RecordedEvent]) {
        var affected: [String] = []
        for event in events {
            guard case .identity(let change, _) = event.event.change else { continue }
            let time = event.event.timestamp.millisecondsSince1970
            state.withLock { $0.apply(change, at: time) }
            if change.changesRights { affected.append(change.userID) }
        }
        for user in affected { tell(user) }
    }

    /// Looks something up; `body` must be short, for others wait.
    func read<Result: Sendable>(_ body: (IdentityState) -> Result) -> Result {
        state.withLock { body($0) }
    }
}
