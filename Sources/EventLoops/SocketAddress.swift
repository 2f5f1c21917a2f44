import CLinux
import Glibc

/// Where to listen or connect: an IP address and port, or a Unix socket.
package enum SocketAddress: Hashable, Sendable, CustomStringConvertible {
    case internet(InternetAddress)
    case unix(UnixSocketPath)

    /// Reads `127.0.0.1:7420`, `[::1]:7420`, `localhost:7420` or `unix:/run/omnihub.sock`.
    ///
    /// - Throws: A sentence that says what is wrong with `text`.
    package init(_ text: String) throws(AddressError) {
        if text.hasPrefix("unix:") {
            guard let path = UnixSocketPath(String(text.dropFirst(5))) else {
                throw AddressError("'\(text)' needs a path of 1 to 107 bytes after 'unix:'")
            }
            self = .unix(path)
            return
        }
        guard let colon = text.lastIndex(of: ":") else {
            throw AddressError("'\(text)' lacks a port; write ADDR:PORT, such as 127.0.0.1:7420")
        }
        let portText = text[text.index(after: colon)...]
        guard portText.allSatisfy(\.isASCII), let port = UInt16(portText), portText.first != "+"
        else {
            throw AddressError("'\(portText)' in '\(text)' is not a port; use 0 to 65535")
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw AddressError("'\(text)': write an IPv6 address in brackets, such as [::1]:7420")
        }
        if host == "localhost" { host = "127.0.0.1" }
        guard let address = InternetAddress(host: host, port: port) else {
            throw AddressError("'\(host)' in '\(text)' is not an IPv4 or IPv6 address")
        }
        self = .internet(address)
    }

    /// Whether only programs of this machine can reach it.
    package var isLoopback: Bool {
        switch self {
        case .internet(let address): address.isLoopback
        case .unix: true
        }
    }

    /// Whether it is an IP address and port.
    package var isInternet: Bool {
        switch self {
        case .internet: true
        case .unix: false
        }
    }

    package var description: String {
        switch self {
        case .internet(let address): address.description
        case .unix(let path): "unix:\(path.path)"
        }
    }

    var family: CInt {
        switch self {
        case .internet(let address): address.isIPv6 ? AF_INET6 : AF_INET
        case .unix: AF_UNIX
        }
    }

    func withSockaddr<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        switch self {
        case .internet(let address): address.withSockaddr(body)
        case .unix(let path): path.withSockaddr(body)
        }
    }
}

/// Why a text is no address.
package struct AddressError: Error, Equatable, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// An IPv4 or IPv6 address and a port.
package struct InternetAddress: Hashable, Sendable, CustomStringConvertible {
    /// 4 or 16 bytes in network order.
    package let bytes: [UInt8]
    package let port: UInt16

    package var isIPv6: Bool { bytes.count == 16 }

    /// 127.0.0.1 and a port.
    package static func loopback(port: UInt16) -> InternetAddress {
        InternetAddress(bytes: [127, 0, 0, 1], port: port)
    }

    static let anyLoopback = InternetAddress(bytes: [127, 0, 0, 0], port: 0)
    static let loopbackIPv6 = InternetAddress(
        bytes: [UInt8](repeating: 0, count: 15) + [1],
        port: 0
    )

    private init(bytes: [UInt8], port: UInt16) {
        self.bytes = bytes
        self.port = port
    }

    /// - Returns: `nil` when `host` is not a numeric address.
    package init?(host: String, port: UInt16) {
        self.port = port
        var storage = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, host, &storage) == 1 {
            bytes = Array(storage.prefix(4))
        } else if inet_pton(AF_INET6, host, &storage) == 1 {
            bytes = storage
        } else {
            return nil
        }
    }

    /// Reads what the kernel filled in; `nil` for another address family.
    init?(_ storage: sockaddr_storage) {
        var copy = storage
        let parsed: ([UInt8], UInt16)? = withUnsafeBytes(of: &copy) { raw in
            switch CInt(storage.ss_family) {
            case AF_INET:
                let address = raw.load(as: sockaddr_in.self)
                return (
                    withUnsafeBytes(of: address.sin_addr) { Array($0) },
                    UInt16(bigEndian: address.sin_port)
                )
            case AF_INET6:
                let address = raw.load(as: sockaddr_in6.self)
                return (
                    withUnsafeBytes(of: address.sin6_addr) { Array($0) },
                    UInt16(bigEndian: address.sin6_port)
                )
            default:
                return nil
            }
        }
        guard let parsed else { return nil }
        (bytes, port) = parsed
    }

    package var isLoopback: Bool {
        isIPv6 ? bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1 : bytes.first == 127
    }

    /// The address without its port.
    package var host: String {
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let found = inet_ntop(isIPv6 ? AF_INET6 : AF_INET, bytes, &text, socklen_t(text.count))
        return found.map { String(cString: $0) } ?? ""
    }

    package var description: String {
        isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    func withSockaddr<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var storage = sockaddr_storage()
        let length: Int
        if isIPv6 {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin6_addr) { $0.copyBytes(from: bytes) }
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: address, as: sockaddr_in6.self)
            }
            length = MemoryLayout<sockaddr_in6>.size
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = port.bigEndian
            withUnsafeMutableBytes(of: &address.sin_addr) { $0.copyBytes(from: bytes) }
            withUnsafeMutableBytes(of: &storage) {
                $0.storeBytes(of: address, as: sockaddr_in.self)
            }
            length = MemoryLayout<sockaddr_in>.size
        }
        return withUnsafePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(length))
            }
        }
    }
}
