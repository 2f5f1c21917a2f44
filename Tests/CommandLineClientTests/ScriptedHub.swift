import HTTPProtocol
import JSONRPC
import Testing
import WebSocketProtocol

@testable import CommandLineClient

/// The same numbers in each run (Steele, Lea & Flood 2014, SplitMix64).
struct FixedRandom: RandomNumberGenerator {
    var state: UInt64 = 7420

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}

/// A client session and the other side of its connection, without a socket between them.
struct ScriptedHub {
    static let start = ContinuousClock.now
    static let welcome =
        #"{"jsonrpc":"2.0","method":"session.welcome","params":"#
        + #"{"sessionId":"s1","authenticated":true,"pingIntervalMs":20000}}"#

    var session: ClientSession
    private var receiver = FrameReceiver(role: .server)

    init() {
        let handshake = ClientHandshake(
            host: "127.0.0.1:7420",
            target: "/ws",
            key: Array(0..<16),
            subprotocols: ["omnihub.v1"]
        )
        session = ClientSession(handshake: handshake, random: FixedRandom(), now: Self.start)
    }

    /// A session that was welcomed.
    static func welcomed() throws -> ScriptedHub {
        var hub = ScriptedHub()
        let opening = try hub.opening()
        _ = hub.session.receive(opening + text(welcome), now: start)
        return hub
    }

    /// The response to the session's upgrade request.
    mutating func opening() throws -> [UInt8] {
        let bytes = session.takeOutput()
        var parser = HTTPRequestParser()
        var position = 0
        let input = try parser.next(bytes.span, &position)
        guard case .request(let head, _) = input else {
            Issue.record("no request but \(input)")
            return []
        }
        let acceptance = try ServerHandshake(subprotocols: ["omnihub.v1"]).respond(to: head)
        var response: [UInt8] = []
        acceptance.response.encode(into: &response)
        return response
    }

    /// What the session has sent since it was last asked for, unmasked.
    mutating func sent() throws -> [Received] {
        var bytes = session.takeOutput()
        var position = 0
        var frames: [Received] = []
        while true {
            var span = bytes.mutableSpan
            let received = try receiver.next(&span, &position)
            switch received {
            case .needsMore: return frames
            case .message(let kind, let range): frames.append(.assembled(kind, Array(bytes[range])))
            case .assembled, .ping, .pong, .close: frames.append(received)
            }
        }
    }

    /// The bytes of a text message of the hub.
    static func text(_ message: String) -> [UInt8] {
        frame(.text, Array(message.utf8))
    }

    static func frame(_ opcode: Opcode, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.appendFrame(opcode, payload: payload.span)
        return bytes
    }

    static func close(_ code: CloseCode, _ reason: String = "") -> [UInt8] {
        frame(.close, CloseFrame(code: code, reason: reason).payload)
    }
}

extension Received {
    static func text(_ message: String) -> Received { .assembled(.text, Array(message.utf8)) }
}
