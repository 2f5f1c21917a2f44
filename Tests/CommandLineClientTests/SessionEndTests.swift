import HTTPProtocol
import Testing
import WebSocketProtocol

@testable import CommandLineClient

@Suite("The end of a session")
struct SessionEndTests {
    @Test(
        arguments: [
            (1000, SessionEnd.Verdict.giveUp), (1001, .reconnect), (1002, .giveUp),
            (1003, .giveUp), (1007, .giveUp), (1008, .giveUp), (1009, .giveUp), (1011, .reconnect),
            (1012, .reconnect), (1013, .reconnect), (4001, .reconnect), (4002, .reconnect),
            (4099, .reconnect), (4101, .authenticate), (4103, .authenticate), (4201, .giveUp),
            (4202, .giveUp), (4999, .giveUp),
        ] as [(UInt16, SessionEnd.Verdict)]
    )
    func `obeys the verdict of a close code`(code: UInt16, verdict: SessionEnd.Verdict) {
        #expect(SessionEnd.closed(CloseFrame(code: CloseCode(rawValue: code))).verdict == verdict)
    }

    @Test(
        arguments: [
            (SessionEnd.lost, SessionEnd.Verdict.reconnect),
            (.silent(.seconds(40)), .reconnect),
            (.unwelcomed(.seconds(10)), .reconnect),
            (.closed(CloseFrame()), .reconnect),
            (.refused(.serviceUnavailable), .reconnect),
            (.refused(.tooManyRequests), .reconnect),
            (.refused(.unauthorized), .authenticate),
            (.refused(.notFound), .giveUp),
            (.finished, .giveUp),
            (.incomprehensible("?"), .giveUp),
        ]
    )
    func `knows when another attempt makes sense`(end: SessionEnd, verdict: SessionEnd.Verdict) {
        #expect(end.verdict == verdict)
    }
}
