import EventLoops
import Outbound

/// Whose certificates requests to others trust.
enum OutboundTrust {
    private static let maximumBytes = 4 << 20

    /// - Throws: ``KeyFileError`` for a file that cannot be used, ``TLSError`` when OpenSSL has none
    ///   of its own.
    static func context(_ configuration: HubConfiguration) throws -> TLSContext {
        let path = configuration.outbound.authorities
        guard !path.isEmpty else { return try TLSContext() }
        let name = "outbound.authorities"
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try SmallFile.read(path, maximumBytes: maximumBytes)
        } catch {
            throw KeyFileError(name, path, "cannot be read: \(error.reason)")
        }
        do throws(TLSError) {
            return try TLSContext(clientTrusting: bytes)
        } catch {
            throw KeyFileError(name, path, "cannot be used: \(error.reason)")
        }
    }
}

extension ReachableAddresses {
    /// For what no client of the hub can choose.
    static var everywhere: ReachableAddresses {
        ReachableAddresses(
            allowed: ["0.0.0.0/0", "::/0"].compactMap { try? AddressRange($0) }
        )
    }
}
