import Providers
import Testing

@Suite("Server-sent events")
struct ServerSentEventsTests {
    private static let stream =
        "\u{FEFF}data: one\r\n\r\nevent: named\ndata:two\ndata:  three\n\n: comment\nid: 5\rdata: ü\r\r"
        + "event: lonely\n\ndata\n\ndata: cut"

    private static let expected: [ServerSentEvents.Event] = [
        .init(type: "message", data: "one"), .init(type: "named", data: "two\n three"),
        .init(type: "message", data: "ü"), .init(type: "message", data: ""),
    ]

    @Test("Are the same however the bytes are split")
    func splits() throws {
        let bytes = Array(Self.stream.utf8)
        for split in 0...bytes.count {
            var reader = ServerSentEvents()
            let events = try reader.read(bytes[..<split]) + reader.read(bytes[split...])
            #expect(events == Self.expected, "split at \(split)")
        }
        var reader = ServerSentEvents()
        #expect(try bytes.flatMap { try reader.read([$0]) } == Self.expected)
    }

    @Test("A line or an event without end is given up")
    func limits() throws {
        var reader = ServerSentEvents(limit: 100)
        let line = Array(repeating: UInt8(ascii: "x"), count: 101)
        #expect(throws: ServerSentEvents.TooLong.self) { try reader.read(line) }
        reader = ServerSentEvents(limit: 100)
        let event = Array(String(repeating: "data: 0123456789\n", count: 11).utf8)
        #expect(throws: ServerSentEvents.TooLong.self) { try reader.read(event) }
    }
}
