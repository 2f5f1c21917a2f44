/// Collects the body of one message, undoing the chunked coding (RFC 9112 §7.1).
///
/// Room is made as bytes arrive, not when they are announced, so a peer that only announces
/// costs nothing.
struct HTTPBodyReader: Sendable {
    private enum State {
        case fixed(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        /// The line end behind a chunk's data.
        case chunkEnd
        case trailers
        case untilClose
        case complete
    }

    /// Bytes of a chunk-size line: 16 digits and an extension of moderate length.
    private static let chunkLineLimit = 256

    private(set) var body: [UInt8] = []
    /// Bytes of the body that ``takeBody()`` has handed out.
    private var handedOut = 0
    private var state: State
    private let limit: Int
    private var extensionBytesLeft: Int
    private var trailers: HTTPFieldReader
    private(set) var work = 0

    init(_ framing: HTTPBodyFraming, limits: HTTPLimits) {
        limit = limits.bodyBytes
        extensionBytesLeft = limits.headBytes
        trailers = HTTPFieldReader(limits: limits)
        state =
            switch framing {
            case .empty: .complete
            case .length(let length): .fixed(remaining: length)
            case .chunked: .chunkSize
            case .untilClose: .untilClose
            }
    }

    /// Whether the end of the connection may end this body.
    var endsAtClose: Bool {
        if case .untilClose = state { true } else { false }
    }

    /// Hands out what was read of the body since the last time; it counts towards the limit.
    mutating func takeBody() -> [UInt8] {
        defer { body = [] }
        handedOut += body.count
        return body
    }

    /// Reads as far as `bytes` and the body go.
    ///
    /// - Returns: Whether the body is complete; then `position` is behind it.
    mutating func read(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        lines: inout HTTPLineReader
    ) throws(HTTPViolation) -> Bool {
        while true {
            switch state {
            case .complete:
                return true
            case .fixed(let remaining):
                let left = take(remaining, bytes, &position)
                state = left == 0 ? .complete : .fixed(remaining: left)
                guard left == 0 else { return false }
            case .chunkData(let remaining):
                let left = take(remaining, bytes, &position)
                state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
                guard left == 0 else { return false }
            case .untilClose:
                guard bytes.count - position <= limit - handedOut - body.count else {
                    throw .bodyTooLarge
                }
                _ = take(bytes.count - position, bytes, &position)
                return false
            case .chunkSize:
                switch try lines.next(bytes, &position, limit: Self.chunkLineLimit) {
                case .incomplete: return false
                case .overlong: throw .chunkExtensionsTooLarge
                case .inPlace(let range): try beginChunk(bytes.extracting(range))
                case .assembled(let line): try beginChunk(line.span)
                }
            case .chunkEnd:
                switch try lines.next(bytes, &position, limit: 0) {
                case .incomplete: return false
                case .overlong: throw .malformedChunk
                case .inPlace, .assembled: state = .chunkSize
                }
            case .trailers:
                guard try trailers.read(bytes, &position, lines: &lines) else { return false }
                state = .complete
            }
        }
    }

    /// Appends up to `wanted` bytes to the body and returns how many are still wanted.
    private mutating func take(
        _ wanted: Int,
        _ bytes: Span<UInt8>,
        _ position: inout Int
    ) -> Int {
        let count = min(wanted, bytes.count - position)
        body.append(copying: bytes.extracting(position..<position + count))
        position += count
        work &+= count
        return wanted - count
    }

    /// Judges a chunk-size line: hexadecimal digits, then nothing or extensions.
    private mutating func beginChunk(_ line: Span<UInt8>) throws(HTTPViolation) {
        var size = 0
        var index = 0
        while index < line.count, let digit = line[index].hexadecimalValue {
            guard
                let next = size.appendingDigit(
                    digit,
                    base: 16,
                    limit: limit - handedOut - body.count
                )
            else {
                throw .bodyTooLarge
            }
            size = next
            index += 1
        }
        guard index > 0, index == line.count || line[index] == UInt8(ascii: ";") else {
            throw .malformedChunk
        }
        extensionBytesLeft -= line.count - index
        guard extensionBytesLeft >= 0 else { throw .chunkExtensionsTooLarge }
        state = size == 0 ? .trailers : .chunkData(remaining: size)
    }
}
