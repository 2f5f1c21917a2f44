import EventLoops
import HTTPProtocol
import WebSocketProtocol

extension ServerTransport {
    func tick(after milliseconds: UInt64) -> UInt64 {
        TimerWheel.tick(atOrAfter: now + milliseconds)
    }

    /// Has ``TransportEvent/deadline(_:)`` come for a WebSocket connection after a time.
    ///
    /// There is one such time for each connection; `nil` takes it back.
    package mutating func setDeadline(_ id: ConnectionID, after milliseconds: UInt64?) {
        guard let connection = slab.find(id) else { return }
        if let milliseconds {
            connection.pointee.ownerDeadline = tick(after: milliseconds)
        } else {
            connection.pointee.ownerDeadline = .max
        }
        schedule(id, connection)
    }

    /// Has ``TransportEvent/tickEnded`` come after `milliseconds` at the latest, rounded up to a
    /// tick of the wheel, also when nothing happens.
    package mutating func wakeUp(after milliseconds: UInt64) {
        wheel.schedule(SpecialToken.alarm.token, at: tick(after: milliseconds))
    }

    /// Has ``TransportEvent/quiet(_:)`` come whenever no message was sent for a ping interval.
    package mutating func watchQuiet(_ id: ConnectionID) {
        guard let connection = slab.find(id) else { return }
        connection.pointee.watchesQuiet = true
        schedule(id, connection)
    }

    /// Makes sure that the wheel comes by when the next thing is due.
    ///
    /// A time that moves away leaves its entry where it is: when that fires, the next one is made.
    mutating func schedule(_ id: ConnectionID, _ connection: UnsafeMutablePointer<Connection>) {
        let due = nextDeadline(id, connection)
        guard due < connection.pointee.scheduledTick else { return }
        connection.pointee.scheduledTick = due
        wheel.schedule(id.token, at: due)
    }

    private func nextDeadline(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> UInt64 {
        let rare = connection.pointee.rare
        switch connection.pointee.phase {
        case .unused, .gone:
            return .max
        case .handshaking, .http, .closing, .finishing, .lingering:
            return rare?.phaseDeadline ?? .max
        case .webSocket:
            let ping = pingTick(id, connection)
            let quiet = quietTick(id, connection)
            let due = min(ping, quiet, connection.pointee.ownerDeadline)
            guard let rare else { return due }
            return min(due, rare.messageDeadline, rare.writeDeadline)
        }
    }

    private func pingTick(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> UInt64 {
        connection.pointee.lastActivity + pingTicks(of: id)
    }

    private func quietTick(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> UInt64 {
        connection.pointee.watchesQuiet ? connection.pointee.lastSent + pingTicks(of: id) : .max
    }

    /// The ping interval of a connection, which is up to a quarter shorter than the configured
    /// one: connections that came together would else be pinged together for ever.
    private func pingTicks(of id: ConnectionID) -> UInt64 {
        let interval = TimerWheel.tick(atOrAfter: configuration.pingInterval)
        // Neighbours in the slab are far apart (Fibonacci hashing).
        let spread = UInt64(id.slot &* 2_654_435_769)
        return interval - (interval / 4 * spread) >> 32
    }

    /// Looks at what is due under a token of the wheel.
    mutating func expire(_ token: UInt64) -> TransportEvent? {
        if let special = SpecialToken(token) {
            if case .resumeAccepting = special { resumeAccepting() }
            return nil
        }
        let id = ConnectionID(token: token)
        guard let connection = slab.find(id) else { return nil }
        connection.pointee.scheduledTick = .max
        var event: TransportEvent?
        if nextDeadline(id, connection) <= currentTick {
            event = act(id, connection, currentTick)
        }
        if connection.pointee.phase != .gone { schedule(id, connection) }
        return event
    }

    private mutating func act(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ tick: UInt64
    ) -> TransportEvent? {
        switch connection.pointee.phase {
        case .unused, .gone:
            return nil
        case .handshaking:
            metrics.exceeded.note(.requestTime)
            metrics.tlsFailures += 1
            drop(id, connection)
            return nil
        case .http:
            endRequest(id, connection)
            return nil
        case .closing, .finishing, .lingering:
            metrics.exceeded.note(.closeTime)
            drop(id, connection)
            return nil
        case .webSocket:
            break
        }
        if connection.pointee.ownerDeadline <= tick {
            connection.pointee.ownerDeadline = .max
            return .deadline(id)
        }
        if let rare = connection.pointee.rare {
            if rare.messageDeadline <= tick {
                metrics.exceeded.note(.messageTime)
                let reason = "the message was not finished in time"
                fail(id, connection, CloseFrame(code: .policyViolation, reason: reason))
                return nil
            }
            if rare.writeDeadline <= tick {
                // It takes no byte, so it would not read a Close frame either.
                metrics.slowConsumers += 1
                metrics.exceeded.note(.writeTime)
                drop(id, connection)
                return nil
            }
        }
        if pingTick(id, connection) <= tick { ping(id, connection, tick) }
        if quietTick(id, connection) <= tick {
            connection.pointee.lastSent = tick
            return .quiet(id)
        }
        return nil
    }

    private mutating func ping(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ tick: UInt64
    ) {
        guard connection.pointee.unansweredPings < 2 else {
            metrics.pingTimeouts += 1
            metrics.exceeded.note(.pings)
            fail(id, connection, CloseFrame(code: .pingTimeout, reason: "two pings unanswered"))
            return
        }
        connection.pointee.unansweredPings += 1
        connection.pointee.lastActivity = tick
        connection.pointee.withRare().outbox.appendFrame(.ping, payload: [UInt8]().span)
        markDirty(id, connection)
    }

    /// A client that is silent between requests is let go; one within a request is told.
    private mutating func endRequest(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard let rare = connection.pointee.rare, rare.parser?.isIdle == false else {
            let isKeptAlive = connection.pointee.rare?.isKeptAlive ?? false
            metrics.exceeded.note(isKeptAlive ? .idleTime : .requestTime)
            finish(id, connection)
            return
        }
        metrics.exceeded.note(.requestTime)
        request = HTTPRequestHead(method: "", target: "")
        HTTPResponseHead(status: .requestTimeout).encode(
            into: &rare.outbox,
            body: Array("The request was not complete in time.\n".utf8),
            contentType: "text/plain; charset=utf-8",
            date: date.text(),
            closes: true,
            standing: standingFields.bytes(connection.pointee.encryption != nil)
        )
        finish(id, connection)
    }
}
