import HTTPProtocol
import JSONRPC
import Testing
import WebSocketProtocol

@testable import CommandLineClient

@Suite("Client session")
struct ClientSessionTests {
    static let start = ScriptedHub.start

    @Test func `opens with the hub's welcome`() throws {
        var hub = ScriptedHub()
        let response = try hub.opening()
        #expect(hub.session.receive(response, now: Self.start).isEmpty)
        let welcome = ScriptedHub.text(ScriptedHub.welcome)
        #expect(hub.session.receive(welcome, now: Self.start) == [SessionEvent.welcomed])
    }

    @Test(arguments: 1..<60)
    func `opens when the bytes come in pieces`(length: Int) throws {
        var hub = ScriptedHub()
        var rest = try hub.opening()[...] + ScriptedHub.text(ScriptedHub.welcome)
        var events: [SessionEvent] = []
        while !rest.isEmpty {
            events += hub.session.receive(Array(rest.prefix(length)), now: Self.start)
            rest = rest.dropFirst(length)
        }
        #expect(events == [SessionEvent.welcomed])
    }

    @Test func `sends masked requests and tells their answers by number`() throws {
        var hub = try ScriptedHub.welcomed()
        let first = hub.session.request("session.ping", .object([:]))
        let second = hub.session.request("tasks.get", ["id": "t"])
        #expect(
            try hub.sent() == [
                .text(#"{"jsonrpc":"2.0","id":1,"method":"session.ping","params":{}}"#),
                .text(#"{"jsonrpc":"2.0","id":2,"method":"tasks.get","params":{"id":"t"}}"#),
            ]
        )
        let answers =
            #"[{"jsonrpc":"2.0","id":2,"error":{"code":-32003,"message":"no such task","#
            + #""data":{"code":"NOT_FOUND","temporary":false}}},"#
            + #"{"jsonrpc":"2.0","id":1,"result":{"time":"now"}}]"#
        #expect(
            hub.session.receive(ScriptedHub.text(answers), now: Self.start) == [
                .answered(second, .failure(HubError(name: "NOT_FOUND", message: "no such task"))),
                .answered(first, .success(["time": "now"])),
            ]
        )
    }

    @Test func `takes an error without an id for the last request`() throws {
        var hub = try ScriptedHub.welcomed()
        _ = hub.session.request("a", .object([:]))
        let last = hub.session.request("b", .object([:]))
        let error = #"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not JSON"}}"#
        #expect(
            hub.session.receive(ScriptedHub.text(error), now: Self.start)
                == [.answered(last, .failure(HubError(name: "-32700", message: "not JSON")))]
        )
    }

    @Test func `tells notifications`() throws {
        var hub = try ScriptedHub.welcomed()
        let event = #"{"jsonrpc":"2.0","method":"hub.event","params":{"channel":"tasks"}}"#
        #expect(
            hub.session.receive(ScriptedHub.text(event), now: Self.start)
                == [.notified(method: "hub.event", params: ["channel": "tasks"])]
        )
    }

    @Test func `refuses what the hub requests`() throws {
        var hub = try ScriptedHub.welcomed()
        let request = #"{"jsonrpc":"2.0","id":"w","method":"worker.execute","params":{}}"#
        #expect(hub.session.receive(ScriptedHub.text(request), now: Self.start).isEmpty)
        guard case .assembled(.text, let bytes)? = try hub.sent().first else {
            Issue.record("nothing was sent")
            return
        }
        let answer = try JSONValue(parsing: bytes)
        #expect(answer["id"] == "w")
        #expect(answer["error"]?["code"] == -32601)
    }

    @Test func `answers pings`() throws {
        var hub = try ScriptedHub.welcomed()
        #expect(hub.session.receive(ScriptedHub.frame(.ping, [1, 2]), now: Self.start).isEmpty)
        #expect(try hub.sent() == [.pong([1, 2])])
    }

    @Test(
        arguments: [
            (HTTPStatus.unauthorized, SessionEnd.refused(.unauthorized)),
            (.notFound, .refused(.notFound)),
            (.serviceUnavailable, .refused(.serviceUnavailable)),
        ]
    )
    func `tells with which status the upgrade was refused`(
        status: HTTPStatus,
        end: SessionEnd
    ) throws {
        var hub = ScriptedHub()
        var response: [UInt8] = []
        HTTPResponseHead(status: status).encode(into: &response, body: [])
        #expect(hub.session.receive(response, now: Self.start) == [.ended(end)])
        #expect(hub.session.isEnded)
    }

    @Test(
        arguments: [
            "SSH-2.0-OpenSSH_9.2\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
        ]
    )
    func `knows what is no hub`(response: String) {
        var hub = ScriptedHub()
        let events = hub.session.receive(Array(response.utf8), now: Self.start)
        guard case .ended(.incomprehensible)? = events.last else {
            Issue.record("\(events)")
            return
        }
    }

    @Test(
        arguments: [
            (ScriptedHub.frame(.binary, [0]), CloseCode.unsupportedData),
            (ScriptedHub.text("{"), .invalidPayloadData),
            ([0xC1, 0x00], .protocolError),
        ]
    )
    func `says why it closes when the hub breaks the protocol`(
        bytes: [UInt8],
        code: CloseCode
    ) throws {
        var hub = try ScriptedHub.welcomed()
        let events = hub.session.receive(bytes, now: Self.start)
        guard case .ended(.incomprehensible)? = events.last else {
            Issue.record("\(events)")
            return
        }
        guard case .close(let frame)? = try hub.sent().last else {
            Issue.record("no Close frame was sent")
            return
        }
        #expect(frame.code == code)
    }

    @Test func `echoes the hub's Close frame and tells its code when the connection ends`() throws {
        var hub = try ScriptedHub.welcomed()
        let close = ScriptedHub.close(.serviceRestart, "restarting")
        #expect(hub.session.receive(close, now: Self.start).isEmpty)
        #expect(try hub.sent() == [.close(CloseFrame(code: .serviceRestart))])
        let frame = CloseFrame(code: .serviceRestart, reason: "restarting")
        #expect(hub.session.transportEnded() == [.ended(.closed(frame))])
        #expect(hub.session.transportEnded().isEmpty)
    }

    @Test func `does not wait for ever for the hub to end the connection`() throws {
        var hub = try ScriptedHub.welcomed()
        _ = hub.session.receive(ScriptedHub.close(.slowConsumer), now: Self.start)
        let deadline = try #require(hub.session.deadline)
        #expect(deadline - Self.start == ClientSession.closingTimeout)
        #expect(
            hub.session.timePassed(now: deadline)
                == [.ended(.closed(CloseFrame(code: .slowConsumer)))]
        )
    }

    @Test func `closes with 1000 and is finished when the hub agrees`() throws {
        var hub = try ScriptedHub.welcomed()
        #expect(hub.session.close(now: Self.start).isEmpty)
        #expect(try hub.sent() == [.close(CloseFrame(code: .normalClosure))])
        _ = hub.session.request("session.ping", .object([:]))
        #expect(try hub.sent().isEmpty)
        let answer = ScriptedHub.close(.normalClosure)
        #expect(hub.session.receive(answer, now: Self.start).isEmpty)
        #expect(hub.session.transportEnded() == [.ended(.finished)])
    }

    @Test func `is finished when the hub does not answer a Close frame`() throws {
        var hub = try ScriptedHub.welcomed()
        _ = hub.session.close(now: Self.start)
        let deadline = try #require(hub.session.deadline)
        #expect(hub.session.timePassed(now: deadline) == [.ended(.finished)])
    }

    @Test func `notices a connection that breaks`() throws {
        var hub = try ScriptedHub.welcomed()
        #expect(hub.session.transportEnded() == [.ended(.lost)])
    }

    @Test func `gives up on a hub that is silent for two ping intervals`() throws {
        var hub = try ScriptedHub.welcomed()
        let heard = Self.start + .seconds(30)
        _ = hub.session.receive(ScriptedHub.frame(.ping, []), now: heard)
        #expect(hub.session.deadline == heard + .seconds(40))
        #expect(hub.session.timePassed(now: heard + .seconds(39)).isEmpty)
        #expect(
            hub.session.timePassed(now: heard + .seconds(40)) == [.ended(.silent(.seconds(40)))]
        )
    }

    @Test func `gives up on a hub that does not welcome it within ten seconds`() throws {
        var hub = ScriptedHub()
        _ = hub.session.receive(try hub.opening(), now: Self.start + .seconds(9))
        #expect(hub.session.timePassed(now: Self.start + .seconds(9)).isEmpty)
        #expect(
            hub.session.timePassed(now: Self.start + .seconds(10))
                == [.ended(.unwelcomed(.seconds(10)))]
        )
    }
}
