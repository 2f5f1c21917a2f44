import HubCore
import JSONRPC
import Testing
import WebSocketProtocol

@testable import HubServer

@Suite("Publication encoder")
struct PublicationEncoderTests {
    let encoder = PublicationEncoder(channel: "app.x")

    @Test(arguments: [1, 9, 10, 4_294_967_296, 18_446_744_073_709_551_615] as [UInt64])
    func `a publication is one text frame with a notification`(offset: UInt64) throws {
        let (frame, layout) = encode(offset: offset, data: #"{"a":1}"#, publisher: #""p""#)
        var receiver = FrameReceiver(role: .client)
        var bytes = frame
        var position = 0
        var span = bytes.mutableSpan
        let received = try receiver.next(&span, &position)
        guard case .message(.text, let range) = received else {
            Issue.record("not one whole text frame: \(received)")
            return
        }
        let params = #"{"channel":"app.x","offset":\#(offset),"data":{"a":1},"publisher":"p"}"#
        #expect(
            String(decoding: bytes[range], as: UTF8.self)
                == #"{"jsonrpc":"2.0","method":"hub.event","params":\#(params)}"#
        )
        let body = Int(layout.body.start)..<Int(layout.body.end)
        #expect(String(decoding: bytes[body], as: UTF8.self) == params)
        #expect(layout.length == frame.count)
    }

    @Test(arguments: [0, 20, 30, 31, 32, 33, 60, 65_450, 65_460, 65_470, 70_000])
    func `the frame's length fits at every boundary`(size: Int) throws {
        let data = "\"" + String(repeating: "x", count: size) + "\""
        let (frame, _) = encode(offset: 7, data: data, publisher: nil)
        var receiver = FrameReceiver(role: .client)
        var bytes = frame
        var position = 0
        var span = bytes.mutableSpan
        let received = try receiver.next(&span, &position)
        guard case .message(.text, let range) = received else {
            Issue.record("not one whole text frame: \(received)")
            return
        }
        let value = try JSONValue(parsing: Array(bytes[range]))
        #expect(value["params"]?["data"]?.stringValue?.count == size)
        #expect(position == frame.count)
    }

    private func encode(
        offset: UInt64,
        data: String,
        publisher: String?
    ) -> (frame: [UInt8], layout: EntryLayout) {
        let members = data.utf8.count + (publisher?.utf8.count ?? 0) + 32
        var frame = [UInt8](repeating: 0, count: encoder.capacity(for: members))
        let layout = frame.withUnsafeMutableBytes { target in
            Array(data.utf8).withUnsafeBytes { data in
                Array((publisher ?? "").utf8).withUnsafeBytes { text in
                    encoder.write(
                        offset: offset,
                        (",\"data\":", data),
                        publisher == nil ? nil : (",\"publisher\":", text),
                        to: target
                    )
                }
            }
        }
        return (Array(frame.prefix(layout.length)), layout)
    }
}
