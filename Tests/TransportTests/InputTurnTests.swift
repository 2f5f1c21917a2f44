import EventLoops
import Testing
import WebSocketProtocol

@testable import Transport

@Suite("Input turn")
struct InputTurnTests {
    @Test func `grows while reads are soon dealt with, up to the buffer`() {
        var turn = InputTurn()
        #expect(turn.bytes == 16_384)
        turn.took(249_999)
        #expect(turn.bytes == 32_768)
        turn.took(250_000)
        #expect(turn.bytes == 32_768)
        for _ in 0..<10 { turn.took(0) }
        #expect(turn.bytes == InputTurn.maximumBytes)
    }

    @Test func `is cut to what takes a millisecond`() {
        var turn = InputTurn()
        turn.took(1_999_999)
        #expect(turn.bytes == 16_384)
        turn.took(2_000_000)
        #expect(turn.bytes == 8_192)
        turn.took(4_000_000)
        #expect(turn.bytes == 2_048)
        turn.took(.max)
        #expect(turn.bytes == 2_048)
        turn.took(0)
        #expect(turn.bytes == 4_096)
    }

    @Test func `ends before a peer that sends much at once has been served`() throws {
        var scene = try OpenWebSocket("input-turn")
        var frames: [UInt8] = []
        let message = Array("x".utf8)
        let key = MaskingKey(bigEndian: 0x0102_0304)
        let count = 10_000
        for _ in 0..<count {
            frames.appendFrame(.text, payload: message.span, maskingKey: key)
        }
        #expect(scene.client.send(frames[...]) == .bytes(frames.count))
        var received = 0
        var inFirstTurn = 0
        while received < count {
            switch scene.transport.nextEvent() {
            case .message: received += 1
            case .tickEnded where inFirstTurn == 0: inFirstTurn = received
            default: break
            }
        }
        #expect(inFirstTurn == 16_384 * count / frames.count)
    }
}
