import EventLoops

// Between a connection and its socket: all that is read and written passes here.
extension ServerTransport {
    /// Reads once what the peer has sent to the front of `input`.
    @inline(__always)
    mutating func fillInput(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Transfer {
        if let encryption = connection.pointee.encryption {
            return fillInput(id, connection, decryptingWith: encryption)
        }
        let transfer = StreamSocket.receive(connection.pointee.descriptor, into: input)
        if case .bytes(let count) = transfer { metrics.bytesReceived &+= UInt64(count) }
        return transfer
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
