/// Reads the header or trailer fields of one message up to the empty line behind them
/// (RFC 9112 §5).
struct HTTPFieldReader: Sendable {
    private(set) var headers = HTTPHeaders()
    private var bytesLeft: Int
    private var fieldsLeft: Int

    /// Makes a reader for which the start line has used up some of the head's limit.
    init(limits: HTTPLimits, startLineBytes: Int = 0) {
        bytesLeft = max(0, limits.headBytes - startLineBytes)
        fieldsLeft = limits.fieldCount
    }

    /// Reads fields as far as `bytes` go.
    ///
    /// - Returns: Whether the empty line was reached; then `position` is behind it.
    mutating func read(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        lines: inout HTTPLineReader
    ) throws(HTTPViolation) -> Bool {
        while true {
            switch try lines.next(bytes, &position, limit: bytesLeft) {
            case .incomplete: return false
            case .overlong: throw .headTooLarge
            case .inPlace(let range):
                guard !range.isEmpty else { return true }
                try append(bytes.extracting(range))
            case .assembled(let line):
                guard !line.isEmpty else { return true }
                try append(line.span)
            }
        }
    }

    /// Appends the field of one line that is not empty.
    private mutating func append(_ line: Span<UInt8>) throws(HTTPViolation) {
        guard fieldsLeft > 0 else { throw .tooManyFields }
        fieldsLeft -= 1
        bytesLeft -= line.count

        guard !line[0].isFieldBlank else { throw .foldedField }
        var colon = 0
        while colon < line.count, line[colon].isTokenCharacter { colon += 1 }
        guard colon > 0, colon < line.count else { throw .malformedFieldName }
        guard !line[colon].isFieldBlank else { throw .whitespaceBeforeColon }
        guard line[colon] == .colon else { throw .malformedFieldName }

        var start = colon + 1
        var end = line.count
        while start < end, line[start].isFieldBlank { start += 1 }
        while end > start, line[end - 1].isFieldBlank { end -= 1 }
        headers.append(
            String(repairing: line.extracting(0..<colon)),
            String(repairing: line.extracting(start..<end))
        )
    }
}
