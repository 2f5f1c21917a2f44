/// Reads the places of a record in channels, without reading the rest of it.
///
/// They are the first member of its body: `{"positions":{"tasks":12,"tasks.<id>":3,…},…`. A body that
/// begins otherwise has none.
struct RecordPositions {
    private var scanner = ByteScanner()
    private var isFirst = true
    private let body: Range<Int>

    /// `body` is where the record's body is in the bytes that are given to ``next(in:)``.
    init?(body: Range<Int>, in bytes: Span<UInt8>) {
        self.body = body
        scanner = ByteScanner(position: body.lowerBound)
        guard scanner.literal(#"{"positions":{"#, in: bytes) else { return nil }
    }

    /// The next place: where the channel's name is, and the offset.
    mutating func next(in bytes: Span<UInt8>) -> (name: Range<Int>, offset: UInt64)? {
        guard isFirst || scanner.literal(",", in: bytes),
            scanner.literal("\"", in: bytes),
            let name = scanner.channelName(in: bytes),
            scanner.literal("\":", in: bytes),
            let offset = scanner.number(in: bytes), scanner.position < body.upperBound
        else { return nil }
        isFirst = false
        return (name, offset)
    }
}

extension ByteScanner {
    /// The bytes of a channel's name, of `A-Z a-z 0-9 _ - .`.
    mutating func channelName(in bytes: Span<UInt8>) -> Range<Int>? {
        var end = position
        while end < bytes.count, isNameCharacter(bytes[end]) { end += 1 }
        guard end > position else { return nil }
        let name = position..<end
        self = ByteScanner(position: end)
        return name
    }
}

private func isNameCharacter(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        true
    default: false
    }
}

/// What a line is about, by a look at its beginning only: its checksum is not checked.
struct LineHead: Equatable {
    var sequence: UInt64
    /// Milliseconds since 1970 UTC.
    var time: Int64
    /// Where the body is in the bytes.
    var body: Range<Int>

    /// Reads the line at `range`, without its line feed; `nil` unless it is laid out like one.
    init?(_ range: Range<Int>, in bytes: Span<UInt8>) {
        let line = bytes.extracting(range)
        var scanner = ByteScanner()
        guard scanner.literal(#"{"seq":"#, in: line),
            let sequence = scanner.number(in: line), sequence < .max,
            scanner.literal(#","crc":""#, in: line), scanner.checksum(in: line) != nil,
            scanner.literal(#"","#, in: line)
        else { return nil }
        if scanner.literal(#""batch":"#, in: line) {
            guard scanner.number(in: line) != nil, scanner.literal(",", in: line) else {
                return nil
            }
        }
        guard scanner.literal(#""time":""#, in: line), let time = scanner.time(in: line),
            scanner.literal(#"","event":"#, in: line), scanner.position < line.count - 1
        else { return nil }
        self.sequence = sequence
        self.time = time
        body = range.lowerBound + scanner.position..<range.upperBound - 1
    }
}
