import HubCore
import JSONRPC
import Testing
import WebSocketProtocol

@testable import HubServer

@Suite("Pattern encoder")
struct PatternEncoderTests {
    let encoder = PatternEncoder(pattern: "app.*.x")

    @Test(arguments: [0, 1, 20, 40, 60, 65_380, 65_400, 65_420, 65_440, 70_000])
    func `adds the pattern and its offset to what was published`(size: Int) throws {
        let data = String(repeating: "d", count: size)
        let body = Array(#"{"channel":"app.a.x","offset":7,"data":"\#(data)"}"#.utf8)
        var frame = [UInt8](repeating: 0, count: encoder.capacity(for: body.count))
        let layout = frame.withUnsafeMutableBytes { target in
            body.withUnsafeBytes { encoder.write(offset: 12, body: $0, to: target) }
        }
        frame.removeLast(frame.count - layout.length)

        var receiver = FrameReceiver(role: .client)
        var position = 0
        var span = frame.mutableSpan
        let received = try receiver.next(&span, &position)
        guard case .message(.text, let range) = received else {
            Issue.record("not one whole text frame: \(received)")
            return
        }
        #expect(position == frame.count)
        let message = try JSONValue(parsing: Array(frame[range]))
        #expect(message["method"]?.stringValue == "hub.event")
        let params = try JSONValue(
            parsing: Array(frame[Int(layout.body.start)..<Int(layout.body.end)])
        )
        #expect(message["params"] == params)
        #expect(params["data"]?.stringValue == data)
        #expect(params["offset"]?.intValue == 7)
        #expect(params["pattern"]?.stringValue == "app.*.x")
        #expect(params["patternOffset"]?.intValue == 12)
    }
}

@Suite("Frame compressor")
struct FrameCompressorTests {
    private func frame(_ text: String) -> [UInt8] {
        var frame: [UInt8] = []
        frame.appendFrame(.text, payload: Array(text.utf8).span)
        return frame
    }

    private func compressed(_ frame: [UInt8], threshold: Int) -> [UInt8] {
        var configuration = HubConfiguration.Compression()
        configuration.threshold = threshold
        var output: [UInt8] = []
        frame.withUnsafeBytes { FrameCompressor(configuration).compress($0, into: &output) }
        return output
    }

    @Test(arguments: [100, 125, 126, 4_000, 65_535, 65_536, 200_000])
    func `what comes out stands for the same message`(size: Int) throws {
        let text = String(repeating: "abcdefgh", count: size / 8 + 1)
        var form = compressed(frame(text), threshold: 0)
        #expect(form.count < text.utf8.count)
        var receiver = FrameReceiver(role: .client)
        var inflater: Inflater? = Inflater(resetsContext: true)
        var position = 0
        var span = form.mutableSpan
        let received = try receiver.next(&span, &position, inflater: &inflater)
        #expect(received == .assembled(.text, Array(text.utf8)))
    }

    @Test func `what is short or does not shrink stays as it is`() {
        let short = frame("abc abc abc abc abc abc abc abc")
        #expect(compressed(short, threshold: 32) == short)
        #expect(compressed(short, threshold: 31) != short)
        let tiny = frame("x")
        #expect(compressed(tiny, threshold: 0) == tiny)
    }
}
