/// Leaves a service alone that fails again and again (Nygard, "Release It!", 2007).
///
/// After so many failures in a row nothing is sent for a while; then one request is, and decides.
package struct CircuitBreaker: Equatable, Sendable {
    private enum State: Equatable {
        /// Requests are sent.
        case closed(failures: Int)
        /// None is sent until then.
        case open(until: Duration)
        /// One is under way that decides.
        case halfOpen
    }

    /// Whether a request may be sent.
    package enum Permission: Equatable, Sendable {
        case granted
        /// Not before then.
        case denied(until: Duration)
    }

    private let failureLimit: Int
    private let pause: Duration
    private var state = State.closed(failures: 0)

    /// - Parameters:
    ///   - failureLimit: Failures in a row that open it.
    ///   - pause: How long it stays open.
    package init(failureLimit: Int, pause: Duration) {
        self.failureLimit = failureLimit
        self.pause = pause
    }

    package var isOpen: Bool {
        if case .closed = state { false } else { true }
    }

    /// Asks to send a request at a monotonic time; what is granted must be told of.
    package mutating func request(at now: Duration) -> Permission {
        switch state {
        case .closed:
            return .granted
        case .open(let until) where now < until:
            return .denied(until: until)
        case .open:
            state = .halfOpen
            return .granted
        case .halfOpen:
            return .denied(until: now + pause)
        }
    }

    package mutating func succeeded() { state = .closed(failures: 0) }

    package mutating func failed(at now: Duration) {
        switch state {
        case .closed(let failures) where failures + 1 < failureLimit:
            state = .closed(failures: failures + 1)
        case .closed, .halfOpen:
            state = .open(until: now + pause)
        case .open:
            break
        }
    }
}
