/// What ``HTTPResponseParser/next(_:_:)`` found in the bytes of a server.
package enum HTTPOutput: Equatable, Sendable {
    /// All bytes given are consumed and the response goes on.
    case needsMore
    /// The whole final response.
    case response(HTTPResponseHead, body: [UInt8])
}

/// Parses the response to one request (RFC 9112), as strictly as a request.
///
/// Interim responses (1xx) are skipped, except that 101 is final: the rest of the bytes belongs
/// to the next protocol.
package struct HTTPResponseParser: Sendable {
    private enum State {
        case statusLine
        case fields
        case body
        case complete
        case failed(HTTPViolation)
    }

    /// A server that sends interim responses for ever is cut off behind these.
    private static let interimLimit = 16

    private let limits: HTTPLimits
    private let answersHEAD: Bool
    private var state = State.statusLine
    private var lines = HTTPLineReader()
    private var fields: HTTPFieldReader
    private var body: HTTPBodyReader?
    private var head = HTTPResponseHead(status: .ok)
    private var minorVersion = 1
    private var interimResponses = 0

    /// Makes a parser for one response; `answersHEAD` says that the request was HEAD.
    package init(limits: HTTPLimits = HTTPLimits(), answersHEAD: Bool = false) {
        self.limits = limits
        self.answersHEAD = answersHEAD
        fields = HTTPFieldReader(limits: limits)
    }

    /// Reads from `bytes`, beginning at `position`, up to the end of the response.
    ///
    /// `position` moves behind what was consumed. Once the response was returned, nothing more
    /// is read.
    ///
    /// - Throws: The first rule the server broke; later calls throw the same again.
    package mutating func next(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(HTTPViolation) -> HTTPOutput {
        precondition(position >= 0 && position <= bytes.count)
        do {
            return try advance(bytes, &position)
        } catch {
            fail(error)
            throw error
        }
    }

    /// The head of a response whose body has begun.
    package var headBeforeBody: HTTPResponseHead? {
        if case .body = state { head } else { nil }
    }

    /// Hands out what has come of the body since the last time; the response has the rest of it.
    ///
    /// What was handed out counts towards the limit.
    package mutating func takeBody() -> [UInt8] {
        body?.takeBody() ?? []
    }

    /// Takes the close of the connection, which ends a body that declares no length.
    package mutating func close() throws(HTTPViolation) -> HTTPOutput {
        switch state {
        case .body where body?.endsAtClose == true:
            return finish()
        case .complete:
            return .needsMore
        case .failed(let violation):
            throw violation
        case .statusLine, .fields, .body:
            fail(.closedInsideMessage)
            throw .closedInsideMessage
        }
    }

    private mutating func advance(
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) throws(HTTPViolation) -> HTTPOutput {
        while true {
            switch state {
            case .statusLine:
                let limit = min(limits.startLineBytes, limits.headBytes)
                switch try lines.next(bytes, &position, limit: limit) {
                case .incomplete: return .needsMore
                case .overlong: throw .malformedStatusLine
                case .inPlace(let range): try readStatusLine(bytes.extracting(range))
                case .assembled(let line): try readStatusLine(line.span)
                }
            case .fields:
                guard try fields.read(bytes, &position, lines: &lines) else { return .needsMore }
                try endHead()
            case .body:
                guard try body?.read(bytes, &position, lines: &lines) ?? true else {
                    return .needsMore
                }
                return finish()
            case .complete:
                return .needsMore
            case .failed(let violation):
                throw violation
            }
        }
    }

    private mutating func finish() -> HTTPOutput {
        let response = HTTPOutput.response(head, body: body?.body ?? [])
        release()
        state = .complete
        return response
    }

    private mutating func fail(_ violation: HTTPViolation) {
        release()
        state = .failed(violation)
    }

    private mutating func release() {
        lines.discard()
        fields = HTTPFieldReader(limits: limits)
        body = nil
        head = HTTPResponseHead(status: .ok)
    }

    /// Judges `HTTP/1.x`, a space, three digits, and a space with a phrase or nothing.
    private mutating func readStatusLine(_ line: Span<UInt8>) throws(HTTPViolation) {
        guard line.count >= 12, line[8] == .space, line.count == 12 || line[12] == .space else {
            throw .malformedStatusLine
        }
        do {
            minorVersion = try HTTPVersion.minor(line.extracting(0..<8))
        } catch {
            throw .malformedStatusLine
        }
        var code = 0
        for index in 9..<12 {
            guard line[index].isASCIIDigit else { throw .malformedStatusLine }
            code = code * 10 + Int(line[index] - UInt8(ascii: "0"))
        }
        guard (100...599).contains(code) else { throw .malformedStatusLine }
        head.status = HTTPStatus(rawValue: code)
        fields = HTTPFieldReader(limits: limits, startLineBytes: line.count)
        state = .fields
    }

    private mutating func endHead() throws(HTTPViolation) {
        if head.status.isInformational, head.status != .switchingProtocols {
            guard interimResponses < Self.interimLimit else { throw .tooManyInterimResponses }
            interimResponses += 1
            state = .statusLine
            return
        }
        head.headers = fields.headers
        let framing = try HTTPBodyFraming(
            response: head,
            minorVersion: minorVersion,
            answersHEAD: answersHEAD,
            limits: limits
        )
        body = framing == .empty ? nil : HTTPBodyReader(framing, limits: limits)
        state = .body
    }
}
