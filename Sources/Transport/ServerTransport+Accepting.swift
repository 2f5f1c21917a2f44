package import EventLoops
import HTTPProtocol

/// A connection on its way from the loop that accepted it to the one it will live on.
struct ArrivingConnection: Sendable {
    var descriptor: CInt
    var peer: InternetAddress?
}

extension ServerTransport {
    /// Connections accepted in one go, so that those that are open get their turn.
    private static var acceptBatch: Int { 64 }

    static func watch(
        _ listeners: [ListeningSocket],
        _ poller: borrowing Poller
    ) throws(SystemError) {
        for (index, listener) in listeners.enumerated() {
            let token = SpecialToken.listener(index).token
            try poller.add(listener.descriptor, token: token, for: .readable)
        }
    }

    private func unwatchListeners() {
        for listener in acceptor.listeners { poller.remove(listener.descriptor) }
    }

    /// Takes connections from the queue of a listener and deals them out.
    mutating func accept(from index: Int) {
        for _ in 0..<Self.acceptBatch {
            let (acceptance, loop) = acceptor.accept(from: index)
            switch acceptance {
            case .connection(let descriptor, let peer):
                if loop == 0 {
                    adopt(descriptor, peer: peer)
                } else {
                    siblings[loop - 1].arrivals.post(
                        ArrivingConnection(descriptor: descriptor, peer: peer)
                    )
                }
            case .none:
                return
            case .exhausted:
                metrics.refused += 1
                pauseAccepting()
                return
            }
        }
    }

    /// Takes over a socket as a connection of this loop.
    mutating func adopt(_ descriptor: CInt, peer: InternetAddress?) {
        guard slab.count < configuration.maximumConnections, !isDraining else {
            turnAway(descriptor)
            return
        }
        let id = slab.allocate()
        do {
            try poller.add(descriptor, token: id.token, for: .readable)
        } catch {
            slab.release(id)
            turnAway(descriptor)
            return
        }
        metrics.accepted += 1
        metrics.connections += 1
        let connection = slab[id.slot]
        connection.pointee.descriptor = descriptor
        connection.pointee.phase = .http
        let rare = connection.pointee.withRare()
        rare.parser = HTTPRequestParser(limits: configuration.http)
        rare.peer = peer
        rare.phaseDeadline = tick(after: configuration.requestTimeout)
        schedule(id, connection)
    }

    /// Says that there is no room, as far as the socket takes it at once.
    private mutating func turnAway(_ descriptor: CInt) {
        metrics.refused += 1
        let head = HTTPResponseHead(
            status: .serviceUnavailable,
            headers: HTTPHeaders([("Retry-After", "1")])
        )
        var bytes: [UInt8] = []
        head.encode(
            into: &bytes,
            body: Array("The hub has no room for more connections; try again later.\n".utf8),
            contentType: "text/plain; charset=utf-8",
            closes: true
        )
        _ = bytes.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        StreamSocket.close(descriptor)
    }

    /// Leaves the queue alone for a moment: a descriptor may come free.
    private mutating func pauseAccepting() {
        unwatchListeners()
        wheel.schedule(SpecialToken.resumeAccepting.token, at: tick(after: 100))
    }

    /// Accepts again after ``pauseAccepting()``, unless the loop is ending.
    mutating func resumeAccepting() {
        guard !isDraining else { return }
        do {
            try Self.watch(acceptor.listeners, poller)
        } catch {
            wheel.schedule(SpecialToken.resumeAccepting.token, at: tick(after: 1_000))
        }
    }

    /// Accepts nothing any more: the listeners are closed, which the kernel tells new clients.
    package mutating func stopAccepting() {
        isDraining = true
        unwatchListeners()
        acceptor = Acceptor(listeners: [], loopCount: 1)
    }

    /// Watches a descriptor of the owner, such as a signal source; it is reported as
    /// ``TransportEvent/readable(_:)``.
    package func watch(_ descriptor: CInt) throws(SystemError) {
        try poller.add(descriptor, token: SpecialToken.owner(descriptor).token, for: .readable)
    }
}
