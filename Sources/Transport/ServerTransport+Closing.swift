import EventLoops
package import WebSocketProtocol

extension ServerTransport {
    /// Begins the closing handshake; nothing can be sent from now on.
    ///
    /// ``TransportEvent/closed(_:)`` follows when the connection is gone, at the latest when the
    /// peer's time for its answer is over.
    package mutating func close(_ id: ConnectionID, _ frame: CloseFrame) {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket else { return }
        append(frame, to: id, connection)
        connection.pointee.phase = .closing
        connection.pointee.withRare().phaseDeadline = tick(after: configuration.closeTimeout)
        schedule(id, connection)
    }

    /// Closes all WebSocket connections with `frame` and all others as they become idle.
    package mutating func closeAll(_ frame: CloseFrame) {
        for slot in 0..<UInt32(slab.slotCount) {
            let connection = slab[slot]
            let id = ConnectionID(slot: slot, generation: connection.pointee.generation)
            switch connection.pointee.phase {
            case .webSocket: close(id, frame)
            case .handshaking, .http: finish(id, connection)
            case .unused, .closing, .finishing, .lingering, .gone: break
            }
        }
    }

    /// Ends a connection whose peer sends more pings and pongs than it may.
    mutating func admitsControlFrame(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Bool {
        let isWithin = connection.pointee.controlFrames.admits(
            now: now * 1_000,
            interval: configuration.controlFrameInterval,
            burst: UInt64(configuration.controlFrameBurst)
        )
        if isWithin { return true }
        metrics.exceeded.note(.controlFrames)
        let reason = "too many pings and pongs (limits.controlFramesPerSecond)"
        fail(id, connection, CloseFrame(code: .policyViolation, reason: reason))
        return false
    }

    /// Connections that are not gone yet.
    package var connectionCount: Int { slab.count }

    /// Fails the connection (RFC 6455 §7.1.7): says why, then ends it.
    mutating func fail(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ frame: CloseFrame
    ) {
        if connection.pointee.phase == .webSocket { append(frame, to: id, connection) }
        finish(id, connection)
    }

    /// Ends a consumer that does not keep up: it is told if it reads at all.
    package mutating func endSlowConsumer(_ id: ConnectionID) {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket else { return }
        endSlowConsumer(id, connection)
    }

    /// Ends a consumer in the middle of a frame whose rest is lost, so that it cannot be told.
    package mutating func abandonSlowConsumer(_ id: ConnectionID) {
        guard let connection = slab.find(id) else { return }
        metrics.slowConsumers += 1
        metrics.exceeded.note(.outboundBytes)
        drop(id, connection)
    }

    mutating func endSlowConsumer(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        metrics.slowConsumers += 1
        metrics.exceeded.note(.outboundBytes)
        fail(
            id,
            connection,
            CloseFrame(code: .slowConsumer, reason: "too slow; reconnect and recover")
        )
    }

    private mutating func append(
        _ frame: CloseFrame,
        to id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        if id == current {
            frame.payload.withUnsafeBytes { output.appendFrame(.close, $0) }
        } else {
            connection.pointee.withRare().outbox.appendFrame(frame)
            markDirty(id, connection)
        }
    }

    /// Nothing of the peer counts any more; what is due to it goes out, then the socket ends.
    mutating func finish(_ id: ConnectionID, _ connection: UnsafeMutablePointer<Connection>) {
        connection.pointee.phase = .finishing
        let rare = connection.pointee.withRare()
        rare.parser = nil
        rare.messageDeadline = .max
        rare.phaseDeadline = tick(after: configuration.closeTimeout)
        schedule(id, connection)
        if id != current { markDirty(id, connection) }
    }

    /// Closes the socket; the slot is freed when the owner has been told.
    mutating func drop(_ id: ConnectionID, _ connection: UnsafeMutablePointer<Connection>) {
        guard connection.pointee.phase != .gone else { return }
        StreamSocket.close(connection.pointee.descriptor)
        connection.pointee.descriptor = -1
        admission.leave(connection.pointee.address)
        connection.pointee.phase = .gone
        connection.pointee.rare = nil
        connection.pointee.encryption = nil
        gone.append(id)
    }
}
