import EventLoops
import Synchronization

/// What connections are counted by: an IPv4 address, or the /64 of an IPv6 address, since that is
/// what one site is given at least (RFC 6177) and a single machine can use all of.
struct AddressKey: Hashable, Sendable {
    private let value: UInt64

    init(_ address: InternetAddress) {
        let bytes = address.ipv4Bytes ?? Array(address.bytes.prefix(8))
        let number = bytes.reduce(0) { $0 << 8 | UInt64($1) }
        // No IPv6 address begins with 0:1: what begins with a zero byte is reserved (RFC 4291).
        value = bytes.count == 4 ? 1 << 32 | number : number
    }
}

/// Counts the connections of all loops of a process, from the moment they are accepted: also those
/// on their way to their loop hold a descriptor.
///
/// The lock is taken at the beginning and at the end of a connection, and never in between.
package final class ConnectionCounts: Sendable {
    struct Counts: Equatable {
        var total = 0
        var ofAddress: [AddressKey: Int] = [:]
    }

    private let counts = Mutex(Counts())

    package init() {}

    /// Counts a connection unless that is too many, with its key if it counts for an address.
    ///
    /// - Returns: Which limit keeps it out; `nil` when it was counted.
    func enter(_ key: AddressKey?, maximum: Int, ofAddress limit: Int) -> Admission.Refusal? {
        counts.withLock { counts in
            guard counts.total < maximum else { return .connections }
            if let key {
                let count = counts.ofAddress[key, default: 0]
                guard count < limit else { return .connectionsPerAddress }
                counts.ofAddress[key] = count + 1
            }
            counts.total += 1
            return nil
        }
    }

    /// A connection that was counted is gone.
    func leave(_ key: AddressKey?) {
        counts.withLock { counts in
            counts.total -= 1
            guard let key, let count = counts.ofAddress[key] else { return }
            counts.ofAddress[key] = count > 1 ? count - 1 : nil
        }
    }

    var current: Counts { counts.withLock { $0 } }
}
