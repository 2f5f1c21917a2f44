import CLinux
import Glibc

/// A socket that accepts connections, and the address it really has.
package final class ListeningSocket: Sendable {
    private let socket: FileDescriptor
    /// With the port that the kernel chose when 0 was asked for.
    package let address: SocketAddress
    /// Identity of a Unix socket's file, so that only our own is removed.
    private let file: (device: UInt64, node: UInt64)?

    package init(_ requested: SocketAddress, backlog: CInt = 4096) throws(SystemError) {
        let socket = try Self.bound(to: requested)
        guard Glibc.listen(socket.rawValue, backlog) == 0 else { throw .last("listen") }
        switch requested {
        case .internet:
            let local = Self.localAddress(of: socket.rawValue)
            address = local.map(SocketAddress.internet) ?? requested
            file = nil
        case .unix(let path):
            address = requested
            file = Self.identity(of: path)
        }
        self.socket = socket
    }

    private static func bound(to requested: SocketAddress) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(requested.family, type, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        let socket = FileDescriptor(adopting: descriptor)
        var on: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        switch requested {
        case .internet(let address):
            _ = setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
            // Accepted sockets inherit it, which saves a call for each.
            StreamSocket.disableNagle(descriptor)
            if address.isIPv6 {
                _ = setsockopt(descriptor, CInt(IPPROTO_IPV6), IPV6_V6ONLY, &on, size)
            }
        case .unix(let path):
            Self.removeStaleSocket(path)
        }
        let result = requested.withSockaddr { Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { throw .last("bind") }
        return socket
    }

    package var descriptor: CInt { socket.rawValue }

    /// Listens no more: the kernel refuses new clients and breaks with those in the queue, also
    /// while somebody holds on to this socket.
    package func stop() {
        _ = shutdown(socket.rawValue, CInt(SHUT_RDWR))
    }

    deinit {
        guard case .unix(let path) = address, let file,
            let current = Self.identity(of: path), current == file
        else { return }
        unlink(path.path)
    }

    private static func localAddress(of descriptor: CInt) -> InternetAddress? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getsockname(descriptor, $0, &length)
            }
        }
        return result == 0 ? InternetAddress(storage) : nil
    }

    /// A socket file that nobody listens on is left over from a crash; a live one is left alone,
    /// so that bind reports the address as in use.
    private static func removeStaleSocket(_ path: UnixSocketPath) {
        var status = stat()
        guard lstat(path.path, &status) == 0, status.st_mode & S_IFMT == S_IFSOCK else { return }
        do {
            _ = try StreamSocket.connect(to: .unix(path))
        } catch  where error.code == ECONNREFUSED {
            unlink(path.path)
        } catch {}
    }

    private static func identity(of path: UnixSocketPath) -> (device: UInt64, node: UInt64)? {
        var status = stat()
        guard lstat(path.path, &status) == 0 else { return nil }
        return (UInt64(status.st_dev), UInt64(status.st_ino))
    }
}

/// What an attempt to accept a connection gave.
package enum Acceptance {
    case connection(CInt, peer: InternetAddress?)
    case none
    /// The process or the machine has no descriptor left.
    case exhausted
}

extension ListeningSocket {
    /// Accepts one connection; the caller owns its descriptor.
    package func accept() -> Acceptance {
        while true {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let descriptor = clinux_accept(socket.rawValue, &storage, &length)
            if descriptor >= 0 {
                return .connection(descriptor, peer: InternetAddress(storage))
            }
            switch errno {
            case EINTR, ECONNABORTED: continue
            case EMFILE, ENFILE, ENOBUFS, ENOMEM: return .exhausted
            default: return .none
            }
        }
    }
}
