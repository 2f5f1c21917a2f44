import CLinux
import Glibc

/// A socket that connects, and then carries bytes, without ever waiting.
///
/// Watch its descriptor for writability to learn that the attempt is over, and ask
/// ``connectionError()`` how.
package final class OutgoingSocket {
    private let socket: FileDescriptor

    /// Begins to connect to `address`.
    package init(connectingTo address: SocketAddress) throws(SystemError) {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Glibc.socket(address.family, type, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        socket = FileDescriptor(adopting: descriptor)
        let result = address.withSockaddr { Glibc.connect(descriptor, $0, $1) }
        // An interrupted attempt goes on by itself, like one in progress.
        guard result == 0 || errno == EINPROGRESS || errno == EINTR else { throw .last("connect") }
        if case .internet = address { StreamSocket.disableNagle(descriptor) }
    }

    package var descriptor: CInt { socket.rawValue }

    /// Why the attempt to connect failed; `nil` when it succeeded.
    package func connectionError() -> SystemError? {
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        guard getsockopt(socket.rawValue, SOL_SOCKET, SO_ERROR, &code, &size) == 0 else {
            return .last("getsockopt")
        }
        return code == 0 ? nil : SystemError(call: "connect", code: code)
    }

    /// Reads what has arrived to the front of `buffer`.
    package func receive(into buffer: inout [UInt8]) -> Transfer {
        buffer.withUnsafeMutableBytes { StreamSocket.receive(socket.rawValue, into: $0) }
    }

    /// Sends as much of `bytes` as there is room for.
    package func send(_ bytes: ArraySlice<UInt8>) -> Transfer {
        bytes.withUnsafeBytes { StreamSocket.send(socket.rawValue, $0) }
    }
}
