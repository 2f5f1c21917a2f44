import EventLoops
import HTTPProtocol
import WebSocketProtocol

extension ServerTransport {
    /// Reads once what the socket has; ``continueInput()`` then looks at it.
    @inline(__always)
    mutating func receive(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        broken: Bool
    ) {
        turnBegan = 0
        switch fillInput(id, connection) {
        case .bytes(let count):
            connection.pointee.lastActivity = currentTick
            connection.pointee.unansweredPings = 0
            current = id
            inputPosition = 0
            inputEnd = count
        case .wouldBlock:
            // A broken socket that has nothing to read would be reported for ever.
            if broken { drop(id, connection) }
        case .ended, .failed:
            drop(id, connection)
        }
    }

    /// Goes on with the bytes of the current connection.
    ///
    /// - Returns: The next event in them; `nil` when they are used up.
    @inline(__always)
    mutating func continueInput() -> TransportEvent? {
        guard let id = current else { return nil }
        let connection = slab[id.slot]
        if inputPosition < inputEnd {
            if connection.pointee.phase == .webSocket, let event = nextWhole(id, connection) {
                return event
            }
            if let event = continueSlowly(id, connection) { return event }
        }
        endInput(id, connection)
        return nil
    }

    /// The message at hand if it is there as one whole frame, as most messages are.
    @inline(__always)
    private mutating func nextWhole(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> TransportEvent? {
        let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        var bytes = UnsafeMutableBufferPointer(start: start, count: inputEnd).mutableSpan
        guard
            let (kind, range) = connection.pointee.receiver.nextWhole(&bytes, &inputPosition)
        else { return nil }
        metrics.messagesReceived &+= 1
        let payload = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[range])
        return .message(id, kind, payload)
    }

    /// Everything that is not a plain message.
    @inline(never)
    private mutating func continueSlowly(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> TransportEvent? {
        switch connection.pointee.phase {
        case .webSocket, .closing: continueFrames(id, connection)
        case .http: continueRequest(id, connection)
        case .unused, .handshaking, .finishing, .lingering, .gone: nil
        }
    }

    @inline(__always)
    private mutating func endInput(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        current = nil
        if turnBegan != 0 {
            connection.pointee.inputTurn.took(MonotonicClock.nanoseconds - turnBegan)
        }
        if connection.pointee.rare != nil || connection.pointee.receiver.isMidMessage {
            noteUnfinishedMessage(id, connection)
        }
        flushOutput(id, connection)
    }

    /// Starts or ends the clock of a message that has begun and not ended.
    private mutating func noteUnfinishedMessage(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard connection.pointee.phase == .webSocket else { return }
        if connection.pointee.receiver.isMidMessage {
            let rare = connection.pointee.withRare()
            guard rare.messageDeadline == .max else { return }
            rare.messageDeadline = tick(after: configuration.messageTimeout)
            schedule(id, connection)
        } else if let rare = connection.pointee.rare {
            rare.messageDeadline = .max
            if rare.isIdle { connection.pointee.rare = nil }
        }
    }

    private mutating func continueFrames(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> TransportEvent? {
        while inputPosition < inputEnd {
            let received: Received
            do {
                let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
                var bytes = UnsafeMutableBufferPointer(start: start, count: inputEnd).mutableSpan
                if connection.pointee.deflateBits == 0 {
                    received = try connection.pointee.receiver.next(&bytes, &inputPosition)
                } else if let own = connection.pointee.ownCodecs, own.hasInflater {
                    received = try connection.pointee.receiver.next(
                        &bytes,
                        &inputPosition,
                        inflater: &own.inflater
                    )
                } else {
                    received = try connection.pointee.receiver.next(
                        &bytes,
                        &inputPosition,
                        inflater: &codecs.inflater
                    )
                }
            } catch {
                metrics.protocolViolations += 1
                if let limit = TransportLimit(error) { metrics.exceeded.note(limit) }
                fail(id, connection, error.closeFrame)
                return nil
            }
            switch received {
            case .needsMore:
                return nil
            case .message(let kind, let range):
                guard connection.pointee.phase == .webSocket else { continue }
                metrics.messagesReceived &+= 1
                let payload = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(input)[range])
                return .message(id, kind, payload)
            case .assembled(let kind, let bytes):
                guard connection.pointee.phase == .webSocket else { continue }
                metrics.messagesReceived &+= 1
                connection.pointee.rare?.messageDeadline = .max
                assembled = OutputBuffer(capacity: bytes.count)
                bytes.withUnsafeBytes { assembled.append($0) }
                return .message(id, kind, assembled.bytes)
            case .ping(let payload):
                guard connection.pointee.phase == .webSocket else { continue }
                guard admitsControlFrame(id, connection) else { return nil }
                payload.withUnsafeBytes { output.appendFrame(.pong, $0) }
            case .pong:
                guard connection.pointee.phase == .webSocket else { continue }
                guard admitsControlFrame(id, connection) else { return nil }
            case .close(let frame):
                receivedClose(id, connection, frame)
                return nil
            }
        }
        return nil
    }

    private mutating func receivedClose(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ frame: CloseFrame
    ) {
        if connection.pointee.phase == .webSocket {
            // The answer repeats the code (RFC 6455 §5.5.1).
            let answer = CloseFrame(code: frame.code)
            answer.payload.withUnsafeBytes { output.appendFrame(.close, $0) }
        }
        finish(id, connection)
    }

    private mutating func continueRequest(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> TransportEvent? {
        guard let rare = connection.pointee.rare else { return nil }
        do {
            let start = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
            let bytes = UnsafeMutableBufferPointer(start: start, count: inputEnd)
            let wasIdle = rare.parser?.isIdle ?? true
            switch try rare.parser?.next(bytes.span, &inputPosition) {
            case .needsMore, nil:
                if wasIdle, rare.parser?.isIdle == false {
                    rare.phaseDeadline = tick(after: configuration.requestTimeout)
                    schedule(id, connection)
                }
                return nil
            case .continueExpected:
                HTTPResponseHead(status: .continue).encode(into: &responseScratch)
                takeResponse()
                return continueRequest(id, connection)
            case .request(let head, let body):
                metrics.requests += 1
                request = head
                requestBody = body
                requestFields = HTTPHeaders()
                rare.phaseDeadline = tick(after: configuration.requestTimeout)
                return .request(id)
            }
        } catch {
            metrics.protocolViolations += 1
            if let limit = TransportLimit(error) { metrics.exceeded.note(limit) }
            request = HTTPRequestHead(method: "", target: "")
            requestFields = HTTPHeaders()
            respond(
                to: id,
                HTTPResponseHead(status: error.status),
                text: error.reason,
                closes: true
            )
            return nil
        }
    }
}
