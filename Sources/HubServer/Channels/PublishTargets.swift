import HubCore
import JSONRPC

/// A client channel and what it takes to publish on it.
struct PublishTarget {
    let channel: Channel
    let encoder: PublicationEncoder
}

/// The channels a loop published on lately, by name.
struct PublishTargets {
    private static let capacity = 4096
    private var targets: [String: PublishTarget] = [:]

    subscript(name: String) -> PublishTarget? { targets[name] }

    mutating func insert(_ target: PublishTarget) {
        if targets.count >= Self.capacity { targets.removeAll(keepingCapacity: true) }
        targets[target.channel.name] = target
    }

    /// The channel was dropped.
    mutating func remove(_ name: String) {
        targets[name] = nil
    }
}
