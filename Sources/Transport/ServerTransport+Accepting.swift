package import EventLoops
import HTTPProtocol

/// A connection on its way from the loop that accepted it to the one it will live on.
struct ArrivingConnection: Sendable {
    var descriptor: CInt
    var peer: InternetAddress?
    /// By what it was counted in the number of connections of its address.
    var address: AddressKey?
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
                admit(descriptor, peer: peer, to: loop)
            case .none:
                return
            case .exhausted:
                turnAwayWithoutDescriptors(from: index)
                pauseAccepting()
                return
            }
        }
    }

    /// Hands a connection to the loop it shall live on, if it may come in.
    private mutating func admit(_ descriptor: CInt, peer: InternetAddress?, to loop: Int) {
        var arrival = ArrivingConnection(descriptor: descriptor, peer: peer)
        switch admission.verdict(on: peer, now: now) {
        case .refused(let refusal):
            turnAway(descriptor, speaksTLS: speaksTLS(peer), refusal)
            return
        case .admitted(let address):
            arrival.address = address
        }
        if loop == 0 {
            adopt(arrival)
        } else {
            siblings[loop - 1].arrivals.post(arrival)
        }
    }

    /// Takes over a socket as a connection of this loop.
    mutating func adopt(_ arrival: ArrivingConnection) {
        let descriptor = arrival.descriptor
        guard !isDraining else {
            admission.leave(arrival.address)
            turnAway(descriptor, speaksTLS: speaksTLS(arrival.peer), .stopping)
            return
        }
        let id = slab.allocate()
        do {
            try poller.add(descriptor, token: id.token, for: .readable)
        } catch {
            slab.release(id)
            admission.leave(arrival.address)
            turnAway(descriptor, speaksTLS: speaksTLS(arrival.peer), .noDescriptors)
            return
        }
        metrics.accepted += 1
        metrics.connections += 1
        let connection = slab[id.slot]
        connection.pointee.descriptor = descriptor
        connection.pointee.address = arrival.address
        if speaksTLS(arrival.peer) {
            connection.pointee.phase = .handshaking
            connection.pointee.encryption = Connection.Encryption()
        } else {
            connection.pointee.phase = .http
        }
        let rare = connection.pointee.withRare()
        rare.parser = HTTPRequestParser(limits: configuration.http)
        rare.peer = arrival.peer
        rare.phaseDeadline = tick(after: configuration.requestTimeout)
        schedule(id, connection)
    }

    /// Whether connections from `peer` are encrypted: those over IP.
    private func speaksTLS(_ peer: InternetAddress?) -> Bool {
        tls != nil && peer != nil
    }

    /// Says why a connection cannot be, as far as its socket takes that at once; over TLS that would
    /// cost a handshake.
    private mutating func turnAway(
        _ descriptor: CInt,
        speaksTLS: Bool,
        _ refusal: Admission.Refusal
    ) {
        metrics.refused += 1
        if let limit = refusal.limit { metrics.exceeded.note(limit) }
        guard !speaksTLS else {
            StreamSocket.close(descriptor)
            return
        }
        _ = refusals.response(to: refusal).withUnsafeBytes { StreamSocket.send(descriptor, $0) }
        StreamSocket.shutDownWriting(descriptor)
        // With a request unread, the kernel would break the connection and the peer might not see
        // the answer. No connection's input is in the buffer while others are accepted.
        _ = StreamSocket.receive(descriptor, into: input)
        StreamSocket.close(descriptor)
    }

    /// Answers some of those who wait in the queue while there is no descriptor for them.
    private mutating func turnAwayWithoutDescriptors(from index: Int) {
        for _ in 0..<Self.acceptBatch {
            guard let descriptor = acceptor.acceptWithSpare(from: index) else { break }
            let isInternet = acceptor.listeners[index].address.isInternet
            turnAway(descriptor, speaksTLS: tls != nil && isInternet, .noDescriptors)
        }
        acceptor.restoreSpare()
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

    /// Accepts nothing any more, which the kernel tells new clients.
    package mutating func stopAccepting() {
        isDraining = true
        unwatchListeners()
        for listener in acceptor.listeners { listener.stop() }
        acceptor = Acceptor(listeners: [], loopCount: 1)
    }

    /// Watches a descriptor of the owner, such as a signal source; it is reported as
    /// ``TransportEvent/readable(_:)``.
    package func watch(_ descriptor: CInt) throws(SystemError) {
        try poller.add(descriptor, token: SpecialToken.owner(descriptor).token, for: .readable)
    }
}
