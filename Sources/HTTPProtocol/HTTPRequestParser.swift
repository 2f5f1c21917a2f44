/// What ``HTTPRequestParser/next(_:_:)`` found in the bytes of a client.
package enum HTTPInput: Equatable, Sendable {
    /// All bytes given are consumed and the request goes on.
    case needsMore
    /// The client waits for `100 Continue` before it sends the body (RFC 9110 §10.1.1).
    case continueExpected
    /// A whole request.
    case request(HTTPRequestHead, body: [UInt8])
}

/// Parses the requests of one connection (RFC 9112), strictly and without a socket.
///
/// The caller feeds bytes as they arrive, in pieces of any size; every division of the same
/// bytes gives the same answers, and the work is linear in the bytes. Between requests the
/// parser owns no memory; within one it owns the fields and the body so far and at most one
/// unfinished line, all of it within the ``HTTPLimits``.
package struct HTTPRequestParser: Sendable {
    private enum State {
        /// Between requests or within a request line; up to two empty lines are skipped.
        case requestLine(emptyLines: Int)
        case fields
        case body
        case failed(HTTPViolation)
    }

    /// Longer methods are answered as unknown ones (RFC 9112 §3).
    private static let methodLimit = 32
    /// Old clients send a line end too many behind a body (RFC 9112 §2.2).
    private static let emptyLineLimit = 2

    private let limits: HTTPLimits
    private var state = State.requestLine(emptyLines: 0)
    private var lines = HTTPLineReader()
    private var fields: HTTPFieldReader
    private var body: HTTPBodyReader?
    private var head = HTTPRequestHead(method: "", target: "")
    private var bodyWork = 0

    package init(limits: HTTPLimits = HTTPLimits()) {
        self.limits = limits
        fields = HTTPFieldReader(limits: limits)
    }

    /// Whether no byte of an unfinished request has arrived.
    package var isIdle: Bool {
        if case .requestLine(emptyLines: 0) = state { lines.isEmpty } else { false }
    }

    /// Bytes scanned and copied so far, a measure of the work done.
    package var work: Int { lines.work &+ bodyWork &+ (body?.work ?? 0) }

    /// Reads from `bytes`, beginning at `position`, up to the end of the next request.
    ///
    /// `position` moves behind what was consumed, never beyond the end of the request, so
    /// after an upgrade the rest belongs to the next protocol. Call again until the answer is
    /// ``HTTPInput/needsMore``.
    ///
    /// - Throws: The first rule the client broke. The connection cannot be read any further:
    ///   answer with ``HTTPViolation/status`` and close; later calls throw the same again.
    package mutating func next(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(HTTPViolation) -> HTTPInput {
        precondition(position >= 0 && position <= bytes.count)
        do {
            return try advance(bytes, &position)
        } catch {
            reset()
            state = .failed(error)
            throw error
        }
    }

    private mutating func advance(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(HTTPViolation) -> HTTPInput {
        while true {
            switch state {
            case .requestLine(let emptyLines):
                let limit = min(limits.startLineBytes, limits.headBytes)
                switch try lines.next(bytes, &position, limit: limit) {
                case .incomplete:
                    return .needsMore
                case .overlong(let line):
                    throw line.contains(.space) ? .targetTooLong : .malformedRequestLine
                case .inPlace(let range):
                    try readRequestLine(bytes.extracting(range), emptyLines: emptyLines)
                case .assembled(let line):
                    try readRequestLine(line.span, emptyLines: emptyLines)
                }
            case .fields:
                guard try fields.read(bytes, &position, lines: &lines) else { return .needsMore }
                if try endHead() { return .continueExpected }
            case .body:
                guard try body?.read(bytes, &position, lines: &lines) ?? true else {
                    return .needsMore
                }
                let request = HTTPInput.request(head, body: body?.body ?? [])
                reset()
                return request
            case .failed(let violation):
                throw violation
            }
        }
    }

    private mutating func reset() {
        bodyWork &+= body?.work ?? 0
        body = nil
        head = HTTPRequestHead(method: "", target: "")
        fields = HTTPFieldReader(limits: limits)
        lines.discard()
        state = .requestLine(emptyLines: 0)
    }

    private mutating func readRequestLine(
        _ line: Span<UInt8>,
        emptyLines: Int
    ) throws(HTTPViolation) {
        guard !line.isEmpty else {
            guard emptyLines < Self.emptyLineLimit else { throw .malformedRequestLine }
            state = .requestLine(emptyLines: emptyLines + 1)
            return
        }
        var methodEnd = 0
        while methodEnd < line.count, line[methodEnd].isTokenCharacter { methodEnd += 1 }
        guard methodEnd < line.count else { throw .malformedRequestLine }
        guard methodEnd > 0, line[methodEnd] == .space else { throw .malformedMethod }
        guard methodEnd <= Self.methodLimit else { throw .methodTooLong }

        let targetStart = methodEnd + 1
        var targetEnd = targetStart
        while targetEnd < line.count, line[targetEnd] != .space { targetEnd += 1 }
        guard targetEnd > targetStart, targetEnd < line.count else { throw .malformedRequestLine }

        let minorVersion = try HTTPVersion.minor(line.extracting((targetEnd + 1)..<line.count))
        let target = line.extracting(targetStart..<targetEnd)
        guard target[0] == UInt8(ascii: "/") else { throw .targetNotOriginForm }
        for index in target.indices {
            guard target[index].isVisibleASCII, target[index] != UInt8(ascii: "#") else {
                throw .malformedTarget
            }
        }

        head.method = String(repairing: line.extracting(0..<methodEnd))
        head.target = String(repairing: target)
        head.minorVersion = minorVersion
        fields = HTTPFieldReader(limits: limits, startLineBytes: line.count)
        state = .fields
    }

    /// Judges the head as a whole and returns whether the client waits for our consent.
    private mutating func endHead() throws(HTTPViolation) -> Bool {
        head.headers = fields.headers
        try head.checkHost()
        let framing = try HTTPBodyFraming(request: head, limits: limits)
        if framing != .empty, head.headers.list("Upgrade", contains: "websocket") {
            throw .bodyOnUpgrade
        }
        let expectations = head.headers.listElements(of: "Expect")
        guard expectations.allSatisfy({ $0.equalsIgnoringASCIICase("100-continue") }) else {
            throw .unsupportedExpectation
        }
        body = framing == .empty ? nil : HTTPBodyReader(framing, limits: limits)
        state = .body
        return framing != .empty && !expectations.isEmpty && head.minorVersion >= 1
    }
}
