import HTTPProtocol
import JSONRPC
import WebSocketProtocol

/// One session with the hub, from the first byte of the upgrade to the Close frame, with no clock
/// and no socket: bytes and times in, events and bytes out.
///
/// After each call the owner sends what ``takeOutput()`` gives, and calls ``timePassed(now:)`` at
/// ``deadline``.
struct ClientSession {
    typealias Instant = ContinuousClock.Instant

    private enum State {
        /// The upgrade is requested.
        case opening(HTTPResponseParser)
        /// The WebSocket is open; requests may be sent once the hub has said welcome.
        case unwelcomed
        case open
        case ended
    }

    /// How long the upgrade and the welcome may take together.
    static let openingTimeout = Duration.seconds(10)
    /// How long the hub may take to answer our Close frame.
    static let closingTimeout = Duration.seconds(1)
    /// The largest message that is taken from a hub: a page of state is far below it.
    static let maximumMessageLength = 64 << 20

    private var state = State.opening(HTTPResponseParser())
    private let handshake: ClientHandshake
    private var receiver: FrameReceiver
    private var closing = ClosingHandshake(role: .client, timeout: closingTimeout)
    private var random: any RandomNumberGenerator
    private var output: [UInt8] = []
    private var lastRequest = 0
    private let openingDeadline: Instant
    private var closingDeadline: Instant?
    private var lastHeard: Instant
    private var silenceLimit: Duration?
    /// What the hub's Close frame said, told once the handshake is complete.
    private var closedByHub: CloseFrame?

    /// Begins a session on a connection that has just been made.
    ///
    /// - Parameters:
    ///   - handshake: Its request is the first output.
    ///   - random: Where masking keys come from; strong in production (RFC 6455 §10.3).
    ///   - now: The time at which the connection was made.
    init(handshake: ClientHandshake, random: any RandomNumberGenerator, now: Instant) {
        self.handshake = handshake
        self.random = random
        receiver = FrameReceiver(
            role: .client,
            limits: ReceiveLimits(maximumMessageLength: Self.maximumMessageLength)
        )
        openingDeadline = now + Self.openingTimeout
        lastHeard = now
        handshake.request.encode(into: &output)
    }

    /// Hands over the bytes that are to be sent.
    mutating func takeOutput() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &output)
        return taken
    }

    /// Whether ``SessionEvent/ended(_:)`` was told.
    var isEnded: Bool {
        switch state {
        case .ended: true
        case .opening, .unwelcomed, .open: false
        }
    }

    /// When ``timePassed(now:)`` has something to do; `nil` when it is not bound to a time.
    var deadline: Instant? {
        switch state {
        case .ended: nil
        case .opening, .unwelcomed: closingDeadline ?? openingDeadline
        case .open: closingDeadline ?? silenceLimit.map { lastHeard + $0 }
        }
    }

    /// Sends a request; its answer comes with the number that is returned.
    mutating func request(_ method: String, _ params: JSONValue) -> Int {
        lastRequest += 1
        guard closing.isOpen else { return lastRequest }
        var message: [UInt8] = []
        message.appendRequest(
            id: Array(String(lastRequest).utf8),
            method: method,
            params: params.encoded()
        )
        send(.text, message)
        return lastRequest
    }

    /// Ends the session in good order with code 1000.
    mutating func close(now: Instant) -> [SessionEvent] {
        switch state {
        case .opening:
            return end(.finished)
        case .unwelcomed, .open:
            let action = closing.close(CloseFrame(code: .normalClosure), now: now)
            return perform(action)
        case .ended:
            return []
        }
    }

    /// Takes bytes from the hub.
    mutating func receive(_ bytes: [UInt8], now: Instant) -> [SessionEvent] {
        lastHeard = now
        switch state {
        case .opening(let parser): return open(parser, bytes, now: now)
        case .unwelcomed, .open: return receiveFrames(bytes, now: now)
        case .ended: return []
        }
    }

    /// Takes the end of the connection, in order or broken.
    mutating func transportEnded() -> [SessionEvent] {
        switch state {
        case .ended: return []
        case .opening, .unwelcomed, .open:
            let reason = reasonForTransportEnd
            _ = closing.transportEnded()
            return end(reason)
        }
    }

    /// Takes note of the time.
    mutating func timePassed(now: Instant) -> [SessionEvent] {
        guard let deadline, now >= deadline else { return [] }
        if closingDeadline != nil { return perform(closing.deadlinePassed(now: now)) }
        switch state {
        case .opening, .unwelcomed: return end(.unwelcomed(Self.openingTimeout))
        case .open: return end(.silent(now - lastHeard))
        case .ended: return []
        }
    }

    private var reasonForTransportEnd: SessionEnd {
        if let closedByHub { return .closed(closedByHub) }
        return closing.isOpen ? .lost : .finished
    }

    private mutating func end(_ reason: SessionEnd) -> [SessionEvent] {
        state = .ended
        return [.ended(reason)]
    }

    // MARK: Opening

    private mutating func open(
        _ parser: HTTPResponseParser,
        _ bytes: [UInt8],
        now: Instant
    ) -> [SessionEvent] {
        var parser = parser
        var position = 0
        do {
            guard case .response(let head, _) = try parser.next(bytes.span, &position) else {
                state = .opening(parser)
                return []
            }
            _ = try handshake.agreement(on: head)
        } catch let failure as ClientHandshake.Failure {
            if case .unexpectedStatus(let status) = failure { return end(.refused(status)) }
            return end(.incomprehensible("the answer does not open a WebSocket (\(failure))"))
        } catch let violation as HTTPViolation {
            return end(.incomprehensible("what answers is no hub: \(violation.reason)"))
        } catch {
            return end(.incomprehensible("what answers is no hub"))
        }
        state = .unwelcomed
        return receiveFrames(Array(bytes[position...]), now: now)
    }

    // MARK: Frames

    private mutating func receiveFrames(_ bytes: [UInt8], now: Instant) -> [SessionEvent] {
        var bytes = bytes
        var position = 0
        var events: [SessionEvent] = []
        while true {
            if case .ended = state { return events }
            let received: Received
            do {
                var span = bytes.mutableSpan
                received = try receiver.next(&span, &position)
            } catch {
                _ = perform(closing.fail(error))
                return events + end(.incomprehensible("the hub broke RFC 6455 (\(error))"))
            }
            switch received {
            case .needsMore:
                return events
            case .message(.text, let range):
                events += receiveMessage(bytes[range].span)
            case .assembled(.text, let message):
                events += receiveMessage(message.span)
            case .message(.binary, _), .assembled(.binary, _):
                events += fail(.unsupportedData, "the hub sent a binary message")
            case .ping(let payload):
                if closing.isOpen { send(.pong, payload) }
            case .pong:
                break
            case .close(let frame):
                if closing.isOpen { closedByHub = frame }
                events += perform(closing.receivedClose(frame, now: now))
            }
        }
    }

    private mutating func send(_ opcode: Opcode, _ payload: [UInt8]) {
        output.appendFrame(opcode, payload: payload.span, maskingKey: freshMaskingKey())
    }

    private mutating func freshMaskingKey() -> MaskingKey {
        MaskingKey(bigEndian: UInt32(truncatingIfNeeded: random.next()))
    }

    private mutating func perform(_ action: ClosingHandshake.Action) -> [SessionEvent] {
        switch action {
        case .none:
            return []
        case .sendClose(let frame, let deadline):
            output.appendFrame(frame, maskingKey: freshMaskingKey())
            closingDeadline = deadline
            return []
        case .sendCloseThenDisconnect(let frame):
            output.appendFrame(frame, maskingKey: freshMaskingKey())
            return end(reasonForTransportEnd)
        case .disconnect:
            return end(reasonForTransportEnd)
        }
    }

    private mutating func fail(_ code: CloseCode, _ problem: String) -> [SessionEvent] {
        if closing.isOpen {
            output.appendFrame(CloseFrame(code: code), maskingKey: freshMaskingKey())
        }
        return end(.incomprehensible(problem))
    }

    // MARK: Messages

    private mutating func receiveMessage(_ message: Span<UInt8>) -> [SessionEvent] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: message)
        } catch {
            return fail(.invalidPayloadData, "the hub sent what is not JSON: \(error)")
        }
        return HubMessage.messages(in: value).compactMap { event(of: $0) }
    }

    private mutating func event(of message: HubMessage) -> SessionEvent? {
        switch message {
        case .answer(let number, let outcome):
            return .answered(number ?? lastRequest, outcome)
        case .notification("session.welcome", let params):
            state = .open
            silenceLimit = Self.silenceLimit(params["pingIntervalMs"]?.intValue)
            return .welcomed
        case .notification(let method, let params):
            return .notified(method: method, params: params)
        case .request(let id, let method):
            refuse(id, method)
            return nil
        }
    }

    /// Two of the intervals after which the hub pings; no limit when it does not tell them.
    private static func silenceLimit(_ pingInterval: Int?) -> Duration? {
        guard let pingInterval, pingInterval > 0 else { return nil }
        return .milliseconds(min(pingInterval, 3_600_000)) * 2
    }

    /// Answers a request of the hub: this client performs none.
    private mutating func refuse(_ id: JSONValue, _ method: String) {
        guard closing.isOpen else { return }
        var message: [UInt8] = []
        message.appendResponse(id: id.encoded(), error: .methodNotFound(method))
        send(.text, message)
    }
}
