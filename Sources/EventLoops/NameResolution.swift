import CLinux
import Glibc

/// The addresses of a host: its own for a numeric one, else what the system's resolver knows.
package enum NameResolution {
    /// Finds the addresses of `host`, the ones to be tried first in front; waits for the resolver.
    ///
    /// `localhost` is the loopback of both families whatever the resolver says (RFC 6761 §6.3).
    package static func addresses(
        of host: String,
        port: UInt16
    ) throws(NameResolutionError) -> [InternetAddress] {
        if let address = InternetAddress(host: host, port: port) { return [address] }
        if host == "localhost" {
            return ["127.0.0.1", "::1"].compactMap { InternetAddress(host: $0, port: port) }
        }
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &list)
        guard code == 0 else { throw NameResolutionError(host: host, code: code) }
        defer { freeaddrinfo(list) }

        var addresses: [InternetAddress] = []
        var entry = list
        while let current = entry {
            if let address = address(of: current.pointee, port: port) { addresses.append(address) }
            entry = current.pointee.ai_next
        }
        guard !addresses.isEmpty else {
            throw NameResolutionError(host: host, code: EAI_NONAME)
        }
        return addresses
    }

    private static func address(of entry: addrinfo, port: UInt16) -> InternetAddress? {
        let length = Int(entry.ai_addrlen)
        guard let pointer = entry.ai_addr, length <= MemoryLayout<sockaddr_storage>.size else {
            return nil
        }
        var storage = sockaddr_storage()
        withUnsafeMutableBytes(of: &storage) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: length))
        }
        return InternetAddress(storage).flatMap { InternetAddress(host: $0.host, port: port) }
    }
}

/// Why a host name has no address.
package struct NameResolutionError: Error, Equatable, Sendable {
    package var host: String
    /// One of the `EAI_` codes.
    package var code: CInt

    package init(host: String, code: CInt) {
        self.host = host
        self.code = code
    }

    package var reason: String { String(cString: gai_strerror(code)) }
    /// Whether the resolver may know more later.
    package var isTemporary: Bool { code == EAI_AGAIN }
}
