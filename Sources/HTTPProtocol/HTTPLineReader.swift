/// Finds the lines of a message in bytes that arrive in pieces of any size.
///
/// Only CRLF ends a line, and no line holds a control character other than a tab. Each byte is
/// looked at once however it arrives, and judged at once. A line that lies whole in the bytes
/// given is not copied; of an unfinished one the reader owns the bytes so far, at most the
/// limit of that line.
struct HTTPLineReader: Sendable {
    enum Line: Equatable {
        case incomplete
        /// The line without its end is this range of the bytes given.
        case inPlace(Range<Int>)
        /// The line without its end, put together from several pieces.
        case assembled([UInt8])
        /// The first bytes, as many as the limit allows, of a line that has more.
        case overlong([UInt8])
    }

    private var partial: [UInt8] = []
    private var endsInCarriageReturn = false
    /// How many bytes were looked at or copied so far: the work done.
    private(set) var work = 0

    var isEmpty: Bool { partial.isEmpty && !endsInCarriageReturn }

    /// Reads up to the next line end and moves `position` behind it, or to the end of `bytes`.
    mutating func next(
        _ bytes: Span<UInt8>,
        _ position: inout Int,
        limit: Int
    ) throws(HTTPViolation) -> Line {
        let start = position
        guard start < bytes.count else { return .incomplete }
        if endsInCarriageReturn {
            guard bytes[start] == .lineFeed else { throw .bareCarriageReturn }
            position = start + 1
            return .assembled(takePartial())
        }

        let room = limit - partial.count
        let scanEnd = bytes.count - start <= room ? bytes.count : start + room
        var index = start
        while index < scanEnd, bytes[index].isFieldText { index += 1 }
        work &+= index - start
        guard index < bytes.count else {
            keep(bytes, start..<index)
            position = index
            return .incomplete
        }

        switch bytes[index] {
        case .carriageReturn:
            guard index + 1 < bytes.count else {
                keep(bytes, start..<index)
                endsInCarriageReturn = true
                position = index + 1
                return .incomplete
            }
            guard bytes[index + 1] == .lineFeed else { throw .bareCarriageReturn }
            position = index + 2
            guard !partial.isEmpty else { return .inPlace(start..<index) }
            keep(bytes, start..<index)
            return .assembled(takePartial())
        case .lineFeed:
            throw .bareLineFeed
        case let byte where byte.isFieldText:
            keep(bytes, start..<index)
            position = index
            return .overlong(takePartial())
        default:
            throw .controlCharacter
        }
    }

    /// Forgets an unfinished line.
    mutating func discard() {
        _ = takePartial()
    }

    private mutating func keep(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        work &+= range.count
        partial.append(copying: bytes.extracting(range))
    }

    private mutating func takePartial() -> [UInt8] {
        endsInCarriageReturn = false
        defer { partial = [] }
        return partial
    }
}
