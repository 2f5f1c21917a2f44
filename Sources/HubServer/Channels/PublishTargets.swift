import HubCore
import JSONRPC

/// A client channel and what it takes to publish on it.
struct PublishTarget {
    let channel: Channel
    let encoder: PublicationEncoder
    /// Who may publish.
    let publish: LeastRole
    /// Of a journaled channel, how much of its past it keeps.
    let journaled: HistoryLimits?
    fileprivate let name: [UInt8]

    init(channel: Channel, _ rules: NamespaceRules) {
        self.channel = channel
        publish = rules.publish
        journaled = rules.isJournaled ? rules.history : nil
        encoder = PublicationEncoder(channel: channel.name)
        name = Array(channel.name.utf8)
    }
}

/// The channels a loop published on lately, by the bytes of their names.
struct PublishTargets {
    private static let capacity = 4096
    /// By the hash of the name; of two with the same one, the later.
    private var targets: [UInt64: PublishTarget] = [:]

    func find(_ name: UnsafeRawBufferPointer) -> PublishTarget? {
        guard let target = targets[MarkHash.of(name)], target.name.elementsEqual(name) else {
            return nil
        }
        return target
    }

    mutating func insert(_ target: PublishTarget) {
        if targets.count >= Self.capacity { targets.removeAll(keepingCapacity: true) }
        targets[Self.hash(target)] = target
    }

    /// The channel was dropped.
    mutating func remove(_ target: PublishTarget) {
        targets[Self.hash(target)] = nil
    }

    private static func hash(_ target: PublishTarget) -> UInt64 {
        target.name.withUnsafeBytes { MarkHash.of($0) }
    }
}
