import EventLoops

// Between a connection and its socket: all that is read and written passes here.
extension ServerTransport {
    /// Bytes that are read at once from a peer that compresses.
    ///
    /// Each may stand for a thousand, which are all inflated and looked at in the peer's turn; what
    /// is left, the poller reports again when the others have had theirs.
    private static var compressedTurn: Int { 2 * 1024 }
    /// The same of HTTP: what comes with an upgrade may be compressed already.
    private static var openingTurn: Int { 16 * 1024 }

    @inline(__always)
    static func readLimit(_ connection: UnsafeMutablePointer<Connection>) -> Int {
        if connection.pointee.deflateBits != 0 { return compressedTurn }
        let turn = connection.pointee.inputTurn.bytes
        return connection.pointee.phase == .http ? min(openingTurn, turn) : turn
    }

    /// Reads once what the peer has sent to the front of `input`.
    @inline(__always)
    mutating func fillInput(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Transfer {
        if let encryption = connection.pointee.encryption {
            return fillInput(id, connection, decryptingWith: encryption)
        }
        let room = UnsafeMutableRawBufferPointer(rebasing: input.prefix(Self.readLimit(connection)))
        let transfer = StreamSocket.receive(connection.pointee.descriptor, into: room)
        if case .bytes(let count) = transfer { noteRead(count, connection) }
        return transfer
    }

    /// Notes what came, and when it is all that may come at once, the time.
    @inline(__always)
    mutating func noteRead(_ count: Int, _ connection: UnsafeMutablePointer<Connection>) {
        metrics.bytesReceived &+= UInt64(count)
        if count >= connection.pointee.inputTurn.bytes { turnBegan = MonotonicClock.nanoseconds }
    }

    /// Hands bytes over to the peer's socket; nothing may wait for it but what is in `bytes`.
    ///
    /// - Returns: How many of `bytes` need not be handed over again.
    @inline(__always)
    mutating func transmit(
        _ bytes: UnsafeRawBufferPointer,
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Transfer {
        if let encryption = connection.pointee.encryption {
            return transmit(bytes, id, connection, encryptingWith: encryption)
        }
        let transfer = StreamSocket.send(connection.pointee.descriptor, bytes)
        if case .bytes(let count) = transfer { metrics.bytesSent &+= UInt64(count) }
        return transfer
    }

    /// Ends our side once all is sent.
    mutating func endIfFinished(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard connection.pointee.phase == .finishing, connection.pointee.waiting == 0 else {
            return
        }
        if let encryption = connection.pointee.encryption {
            end(encryption, id, connection)
            guard connection.pointee.phase == .finishing, connection.pointee.waiting == 0 else {
                return
            }
        }
        StreamSocket.shutDownWriting(connection.pointee.descriptor)
        connection.pointee.phase = .lingering
    }
}
