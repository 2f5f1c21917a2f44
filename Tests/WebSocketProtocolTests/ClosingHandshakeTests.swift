import Testing
import WebSocketProtocol

@Suite("Closing handshake, RFC 6455 §7")
struct ClosingHandshakeTests {
    let start = ContinuousClock.now
    var deadline: ContinuousClock.Instant { start + .seconds(5) }
    let goodbye = CloseFrame(code: .goingAway, reason: "restart")
    let echo = CloseFrame(code: .goingAway)

    @Test func `a server that closes first disconnects when the answer is there`() {
        var handshake = ClosingHandshake(role: .server)
        #expect(handshake.close(goodbye, now: start) == .sendClose(goodbye, deadline: deadline))
        #expect(!handshake.isOpen)
        #expect(handshake.receivedClose(echo, now: start + .seconds(1)) == .disconnect)
        #expect(handshake.transportEnded() == .none)
    }

    @Test func `a server echoes the code and disconnects first`() {
        var handshake = ClosingHandshake(role: .server)
        #expect(handshake.isOpen)
        #expect(handshake.receivedClose(goodbye, now: start) == .sendCloseThenDisconnect(echo))
        #expect(!handshake.isOpen)
    }

    @Test func `a Close frame without a code is answered by one without a code`() {
        var handshake = ClosingHandshake(role: .server)
        let action = handshake.receivedClose(CloseFrame(), now: start)
        #expect(action == .sendCloseThenDisconnect(CloseFrame()))
    }

    @Test func `a client echoes the code and waits for the server to disconnect`() {
        var handshake = ClosingHandshake(role: .client)
        let action = handshake.receivedClose(goodbye, now: start)
        #expect(action == .sendClose(echo, deadline: deadline))
        #expect(handshake.transportEnded() == .disconnect)
    }

    @Test func `a client that closes first keeps its deadline until the server disconnects`() {
        var handshake = ClosingHandshake(role: .client)
        #expect(handshake.close(goodbye, now: start) == .sendClose(goodbye, deadline: deadline))
        #expect(handshake.receivedClose(echo, now: start + .seconds(4)) == .none)
        #expect(handshake.deadlinePassed(now: start + .seconds(4.9)) == .none)
        #expect(handshake.deadlinePassed(now: deadline) == .disconnect)
    }

    @Test(arguments: [Role.server, .client])
    func `when both close at once nobody sends a second Close frame`(role: Role) {
        var handshake = ClosingHandshake(role: role)
        _ = handshake.close(goodbye, now: start)
        let action = handshake.receivedClose(CloseFrame(code: .normalClosure), now: start)
        #expect(action == (role == .server ? .disconnect : .none))
        #expect(handshake.close(goodbye, now: start) == .none)
    }

    @Test(arguments: [Role.server, .client])
    func `a peer that never answers is cut off at the deadline`(role: Role) {
        var handshake = ClosingHandshake(role: role)
        #expect(handshake.deadlinePassed(now: start + .seconds(60)) == .none)
        _ = handshake.close(goodbye, now: start)
        #expect(handshake.deadlinePassed(now: deadline - .nanoseconds(1)) == .none)
        #expect(handshake.deadlinePassed(now: deadline) == .disconnect)
        #expect(handshake.deadlinePassed(now: deadline) == .none)
    }

    @Test func `a violation is named and its answer not awaited`() {
        var handshake = ClosingHandshake(role: .server)
        let frame = CloseFrame(code: .invalidPayloadData, reason: "the text is not valid UTF-8")
        #expect(handshake.fail(.invalidUTF8) == .sendCloseThenDisconnect(frame))
        #expect(handshake.fail(.invalidUTF8) == .none)
        #expect(handshake.receivedClose(echo, now: start) == .none)
    }

    @Test func `a violation during the handshake ends it at once`() {
        var handshake = ClosingHandshake(role: .server)
        _ = handshake.close(goodbye, now: start)
        #expect(handshake.fail(.missingMask) == .disconnect)
    }

    @Test(arguments: [Role.server, .client])
    func `a transport that ends without a handshake is given up`(role: Role) {
        var handshake = ClosingHandshake(role: role)
        #expect(handshake.transportEnded() == .disconnect)
        #expect(handshake.close(goodbye, now: start) == .none)
        #expect(!handshake.isOpen)
    }
}

@Suite("Close codes and frames, RFC 6455 §7.4 and §5.5.1")
struct CloseFrameTests {
    @Test(
        arguments: [
            (.invalidUTF8, 1007), (.corruptCompressedData, 1007), (.messageTooBig(limit: 9), 1009),
            (.reservedBitSet, 1002), (.reservedOpcode(11), 1002), (.missingMask, 1002),
            (.unexpectedMask, 1002), (.fragmentedControlFrame, 1002),
            (.oversizedControlFrame, 1002), (.nonMinimalLength, 1002), (.lengthOverflow, 1002),
            (.unexpectedContinuation, 1002), (.interruptedMessage, 1002),
            (.truncatedCloseCode, 1002), (.invalidCloseCode(65_535), 1002),
        ] as [(ProtocolViolation, UInt16)]
    )
    func `each violation has its code and a reason that fits`(
        violation: ProtocolViolation,
        code: UInt16
    ) {
        #expect(violation.closeCode.rawValue == code)
        #expect((10...123).contains(violation.reason.utf8.count))
        #expect(violation.closeFrame.payload.count == 2 + violation.reason.utf8.count)
    }

    @Test(
        arguments: [
            (String(repeating: "x", count: 123), 123), (String(repeating: "x", count: 124), 123),
            (String(repeating: "é", count: 62), 122), (String(repeating: "世", count: 42), 123),
            (String(repeating: "😀", count: 31), 120),
            ("a" + String(repeating: "😀", count: 31), 121),
        ]
    )
    func `a long reason is cut between two scalars`(reason: String, length: Int) throws {
        let payload = CloseFrame(code: .policyViolation, reason: reason).payload
        #expect(payload.count == 2 + length)
        let text = try #require(String(validating: payload.dropFirst(2), as: UTF8.self))
        #expect(reason.hasPrefix(text))
    }

    @Test func `a frame without a code has no payload`() {
        #expect(CloseFrame(reason: "ignored").payload == [])
    }

    @Test(
        arguments: [
            (.slowConsumer, 4001), (.pingTimeout, 4002), (.authenticationTimeout, 4101),
            (.tokenExpired, 4102), (.revoked, 4103), (.forbidden, 4201), (.abuse, 4202),
            (.serviceRestart, 1012), (.policyViolation, 1008), (.internalError, 1011),
        ] as [(CloseCode, UInt16)]
    )
    func `our codes may be on the wire`(code: CloseCode, rawValue: UInt16) {
        #expect(code.rawValue == rawValue)
        #expect(code.isAllowedOnWire)
    }
}
