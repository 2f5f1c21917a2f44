import AgentRuntime
import HubCore
import WebSocketProtocol

/// Writes publications as what goes on the wire: a text frame with a `hub.event` notification.
///
/// The notification's params are what history and recovery repeat.
struct PublicationEncoder: Sendable {
    /// What all publications begin with.
    static let head = Array(#"{"jsonrpc":"2.0","method":"hub.event","params":"#.utf8)

    /// What the params of this channel's publications begin with, up to the offset.
    private let prefix: [UInt8]

    /// Encodes publications on `channel`, a valid name, which needs no escapes.
    init(channel: String) {
        prefix = Array("{\"channel\":\"\(channel)\",\"offset\":".utf8)
    }

    /// The most bytes a publication with these members takes.
    func capacity(for members: Int) -> Int {
        FrameHeader.maximumEncodedLength + Self.head.count + prefix.count + 20 + members + 2
    }

    /// What history repeats of an event that was read from disk: the same as of its publication.
    func body(of past: PastEvent) -> [UInt8] {
        var bytes = prefix
        bytes.reserveCapacity(prefix.count + past.json.count + 32)
        bytes.append(contentsOf: "\(past.offset),\"event\":".utf8)
        bytes.append(contentsOf: past.json)
        bytes.append(UInt8(ascii: "}"))
        return bytes
    }

    /// Writes one publication with up to three members behind its offset.
    ///
    /// - Parameters:
    ///   - offset: Its offset in the channel.
    ///   - first: A comma, a name and a colon; then JSON text.
    ///   - second: The same again; `nil` for no second member.
    ///   - third: The same again; `nil` for no third member.
    ///   - target: At least ``capacity(for:)`` bytes.
    /// - Returns: Where in `target` the publication and its params are.
    func write(
        offset: UInt64,
        _ first: (name: StaticString, value: UnsafeRawBufferPointer),
        _ second: (name: StaticString, value: UnsafeRawBufferPointer)? = nil,
        _ third: (name: StaticString, value: UnsafeRawBufferPointer)? = nil,
        to target: UnsafeMutableRawBufferPointer
    ) -> EntryLayout {
        let digits = DecimalDigits(offset)
        var bodyLength = prefix.count + digits.count + 1
        bodyLength += first.name.utf8CodeUnitCount + first.value.count
        if let second { bodyLength += second.name.utf8CodeUnitCount + second.value.count }
        if let third { bodyLength += third.name.utf8CodeUnitCount + third.value.count }
        let header = FrameHeader(
            opcode: .text,
            payloadLength: Self.head.count + bodyLength + 1
        )
        var writer = ByteWriter(target, end: header.write(to: target))
        Self.head.withUnsafeBytes { writer.put($0) }
        let bodyStart = writer.end
        prefix.withUnsafeBytes { writer.put($0) }
        digits.put(into: &writer)
        writer.put(first.name)
        writer.put(first.value)
        if let second {
            writer.put(second.name)
            writer.put(second.value)
        }
        if let third {
            writer.put(third.name)
            writer.put(third.value)
        }
        writer.put("}")
        let bodyEnd = writer.end
        writer.put("}")
        return EntryLayout(length: writer.end, body: bodyStart..<bodyEnd)
    }
}

/// Puts bytes one behind the other.
struct ByteWriter {
    let target: UnsafeMutableRawBufferPointer
    var end: Int

    init(_ target: UnsafeMutableRawBufferPointer, end: Int) {
        self.target = target
        self.end = end
    }

    mutating func put(_ bytes: UnsafeRawBufferPointer) {
        UnsafeMutableRawBufferPointer(rebasing: target[end...]).copyMemory(from: bytes)
        end += bytes.count
    }

    mutating func put(_ text: StaticString) {
        put(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}

/// A number in decimal, without an allocation.
struct DecimalDigits {
    private var storage: InlineArray<20, UInt8> = .init(repeating: 0)
    private var start = 20

    init(_ value: UInt64) {
        var rest = value
        repeat {
            start -= 1
            storage[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        } while rest > 0
    }

    var count: Int { 20 - start }

    func append(to bytes: inout [UInt8]) {
        for index in start..<20 { bytes.append(storage[index]) }
    }

    func put(into writer: inout ByteWriter) {
        storage.span.extracting(start..<20).withUnsafeBytes { writer.put($0) }
    }
}
