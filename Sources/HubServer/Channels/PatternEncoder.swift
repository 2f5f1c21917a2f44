import HubCore
import WebSocketProtocol

/// Makes the publications of a pattern's feed: those of the channels, with the pattern and the
/// position in the feed added to their params.
struct PatternEncoder: Transcriber {
    /// What comes behind the members of the publication, up to the offset in the feed.
    private let suffix: [UInt8]

    /// `pattern` is a valid one, which needs no escapes.
    init(pattern: String) {
        suffix = Array(",\"pattern\":\"\(pattern)\",\"patternOffset\":".utf8)
    }

    func capacity(for body: Int) -> Int {
        FrameHeader.maximumEncodedLength + PublicationEncoder.head.count + body + suffix.count + 20
            + 1
    }

    func write(
        offset: UInt64,
        body: UnsafeRawBufferPointer,
        to target: UnsafeMutableRawBufferPointer
    ) -> EntryLayout {
        let digits = DecimalDigits(offset)
        let bodyLength = body.count + suffix.count + digits.count
        let head = PublicationEncoder.head
        let header = FrameHeader(opcode: .text, payloadLength: head.count + bodyLength + 1)
        var writer = ByteWriter(target, end: header.write(to: target))
        head.withUnsafeBytes { writer.put($0) }
        let bodyStart = writer.end
        // Without its closing brace, which comes behind what is added.
        writer.put(UnsafeRawBufferPointer(rebasing: body.dropLast()))
        suffix.withUnsafeBytes { writer.put($0) }
        digits.put(into: &writer)
        writer.put("}")
        let bodyEnd = writer.end
        writer.put("}")
        return EntryLayout(length: writer.end, body: bodyStart..<bodyEnd)
    }
}
