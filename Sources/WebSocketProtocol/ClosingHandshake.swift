/// The closing handshake of RFC 6455 §7, with no clock and no socket.
///
/// Every input is a method, every output an ``Action`` the caller must perform. Whoever is asked
/// to disconnect first sends what is queued, so that the peer gets our Close frame.
package struct ClosingHandshake: Sendable {
    private enum State {
        case open
        /// Our Close frame is sent, the peer's has not arrived.
        case closing(deadline: ContinuousClock.Instant)
        /// Both Close frames are sent; a client leaves it to the server to end the transport.
        case waitingForServer(deadline: ContinuousClock.Instant)
        case closed
    }

    package enum Action: Equatable, Sendable {
        case none
        /// Send the frame, then nothing else; call ``deadlinePassed(now:)`` at the deadline.
        case sendClose(CloseFrame, deadline: ContinuousClock.Instant)
        case sendCloseThenDisconnect(CloseFrame)
        case disconnect
    }

    /// How long the peer may take to answer a Close frame.
    package static let defaultTimeout = Duration.seconds(5)

    private var state = State.open
    private let role: Role
    private let timeout: Duration

    package init(role: Role, timeout: Duration = defaultTimeout) {
        self.role = role
        self.timeout = timeout
    }

    /// Whether messages may still be sent: no Close frame has gone out.
    package var isOpen: Bool {
        switch state {
        case .open: true
        case .closing, .waitingForServer, .closed: false
        }
    }

    /// The local endpoint wants to end the connection.
    package mutating func close(_ frame: CloseFrame, now: ContinuousClock.Instant) -> Action {
        switch state {
        case .open:
            let deadline = now + timeout
            state = .closing(deadline: deadline)
            return .sendClose(frame, deadline: deadline)
        case .closing, .waitingForServer, .closed:
            return .none
        }
    }

    /// The peer broke the protocol (§7.1.7): it is told why and its answer is not awaited.
    package mutating func fail(_ violation: ProtocolViolation) -> Action {
        switch state {
        case .open:
            state = .closed
            return .sendCloseThenDisconnect(violation.closeFrame)
        case .closing, .waitingForServer:
            state = .closed
            return .disconnect
        case .closed:
            return .none
        }
    }

    /// The peer's Close frame arrived: it is echoed unless ours has gone out already (§5.5.1).
    package mutating func receivedClose(
        _ frame: CloseFrame,
        now: ContinuousClock.Instant
    ) -> Action {
        switch (state, role) {
        case (.open, .server):
            state = .closed
            return .sendCloseThenDisconnect(CloseFrame(code: frame.code))
        case (.open, .client):
            let deadline = now + timeout
            state = .waitingForServer(deadline: deadline)
            return .sendClose(CloseFrame(code: frame.code), deadline: deadline)
        case (.closing, .server):
            state = .closed
            return .disconnect
        case (.closing(let deadline), .client):
            state = .waitingForServer(deadline: deadline)
            return .none
        case (.waitingForServer, _), (.closed, _):
            return .none
        }
    }

    /// The peer ended the transport, with a handshake before it or without one.
    package mutating func transportEnded() -> Action {
        switch state {
        case .open, .closing, .waitingForServer:
            state = .closed
            return .disconnect
        case .closed:
            return .none
        }
    }

    /// The time may have come to stop waiting for the peer.
    package mutating func deadlinePassed(now: ContinuousClock.Instant) -> Action {
        switch state {
        case .closing(let deadline), .waitingForServer(let deadline):
            guard now >= deadline else { return .none }
            state = .closed
            return .disconnect
        case .open, .closed:
            return .none
        }
    }
}
