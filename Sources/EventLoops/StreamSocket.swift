package import CLinux
import Glibc

/// What became of an attempt to read or write without waiting.
package enum Transfer: Equatable {
    case bytes(Int)
    case wouldBlock
    /// The peer has closed its side; only when reading.
    case ended
    case failed
}

/// The system calls on a connected socket.
package enum StreamSocket {
    package static func receive(
        _ descriptor: CInt,
        into buffer: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        // What goes well, which is nearly everything, keeps nothing for another attempt.
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count > 0 { return .bytes(count) }
        return count == 0 ? .ended : failedReceive(descriptor, buffer)
    }

    @inline(never)
    private static func failedReceive(
        _ descriptor: CInt,
        _ buffer: UnsafeMutableRawBufferPointer
    ) -> Transfer {
        if errno == EINTR { return receive(descriptor, into: buffer) }
        return clinux_would_block(errno) != 0 ? .wouldBlock : .failed
    }

    package static func send(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer) -> Transfer {
        let count = Glibc.send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
        return count >= 0 ? .bytes(count) : failedSend(descriptor, bytes)
    }

    @inline(never)
    private static func failedSend(
        _ descriptor: CInt,
        _ bytes: UnsafeRawBufferPointer
    ) -> Transfer {
        if errno == EINTR { return send(descriptor, bytes) }
        return clinux_would_block(errno) != 0 ? .wouldBlock : .failed
    }

    /// Sends several slices in one call.
    package static func send(
        _ descriptor: CInt,
        slices: UnsafeMutableBufferPointer<iovec>
    ) -> Transfer {
        var message = msghdr()
        message.msg_iov = slices.baseAddress
        message.msg_iovlen = slices.count
        let count = retryingOnInterrupt {
            sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL))
        }
        if count >= 0 { return .bytes(count) }
        return clinux_would_block(errno) != 0 ? .wouldBlock : .failed
    }

    /// Ends our side; the peer reads to the end and sees that no more will come.
    package static func shutDownWriting(_ descriptor: CInt) {
        _ = shutdown(descriptor, CInt(SHUT_WR))
    }

    package static func disableNagle(_ descriptor: CInt) {
        var on: CInt = 1
        let size = socklen_t(MemoryLayout<CInt>.size)
        _ = setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, size)
    }

    /// Connects and waits for the connection; the descriptor is in blocking mode.
    ///
    /// A `source` is where the connection shall come from, with port 0 for any; `nil` leaves the
    /// choice to the kernel.
    package static func connect(
        to address: SocketAddress,
        from source: SocketAddress? = nil
    ) throws(SystemError) -> FileDescriptor {
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else { throw .last("socket") }
        let owned = FileDescriptor(adopting: descriptor)
        if let source {
            // The port is chosen when the peer is known, so that one serves for many peers.
            var on: CInt = 1
            let size = socklen_t(MemoryLayout<CInt>.size)
            _ = setsockopt(descriptor, CInt(IPPROTO_IP), IP_BIND_ADDRESS_NO_PORT, &on, size)
            let bound = source.withSockaddr { Glibc.bind(descriptor, $0, $1) }
            guard bound == 0 else { throw .last("bind") }
        }
        let result = address.withSockaddr { pointer, length in
            retryingOnInterrupt { Int(Glibc.connect(descriptor, pointer, length)) }
        }
        guard result == 0 else { throw .last("connect") }
        if case .internet = address { disableNagle(descriptor) }
        return owned
    }

    package static func makeNonBlocking(_ descriptor: CInt) {
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
}
