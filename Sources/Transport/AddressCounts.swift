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

/// Counts the connections of each address over all loops of a process.
///
/// The lock is taken at the beginning and at the end of a connection, and never in between.
package final class AddressCounts: Sendable {
    private let counts = Mutex<[AddressKey: Int]>([:])

    package init() {}

    /// Counts a connection unless `limit` others are there.
    func enter(_ key: AddressKey, limit: Int) -> Bool {
        counts.withLock { counts in
            let count = counts[key, default: 0]
            guard count < limit else { return false }
            counts[key] = count + 1
            return true
        }
    }

    func leave(_ key: AddressKey) {
        counts.withLock { counts in
            guard let count = counts[key] else { return }
            counts[key] = count > 1 ? count - 1 : nil
        }
    }

    /// Addresses with connections.
    var count: Int { counts.withLock { $0.count } }
}
