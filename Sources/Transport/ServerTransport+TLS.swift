import EventLoops
import HTTPProtocol

// TLS between a connection and its socket.
extension ServerTransport {
    /// Plaintext that is encrypted before the kernel is asked to take it, in one call.
    private static var encryptionAhead: Int { 64 * 1024 }
    /// Time for handshakes in one tick, in nanoseconds.
    ///
    /// Those that are connected get their turn after it; what is left, the poller reports again.
    private static var handshakeBudget: UInt64 { 2_000_000 }
    /// The most of a ClientHello, whose memory is taken before it has come; real ones have a tenth.
    private static var maximumHello: Int { 16 * 1024 }

    /// Whether the connection comes over TLS.
    package func isEncrypted(_ id: ConnectionID) -> Bool {
        slab.find(id)?.pointee.encryption != nil
    }

    /// Reads once what the peer has sent, and decrypts all of it to the front of `input`.
    ///
    /// - Returns: How much plaintext that is, also 0.
    @inline(never)
    mutating func fillInput(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        decryptingWith encryption: Connection.Encryption
    ) -> Transfer {
        guard let wire else { return .failed }
        switch connection.pointee.phase {
        case .handshaking:
            guard handshakeTime < Self.handshakeBudget else {
                metrics.tlsDeferrals += 1
                return .wouldBlock
            }
        case .http, .webSocket, .closing:
            break
        case .unused, .finishing, .lingering, .gone:
            // Nothing of the peer counts any more, so it need not be decrypted.
            let transfer = StreamSocket.receive(connection.pointee.descriptor, into: input)
            if case .bytes(let count) = transfer { metrics.bytesReceived &+= UInt64(count) }
            return transfer
        }
        let transfer = wire.receive(
            from: connection.pointee.descriptor,
            atMost: Self.readLimit(connection)
        )
        guard case .bytes(let count) = transfer else {
            if connection.pointee.phase == .handshaking, transfer != .wouldBlock {
                metrics.tlsFailures += 1
            }
            return transfer
        }
        noteRead(count, connection)
        if connection.pointee.phase == .handshaking {
            let start = MonotonicClock.nanoseconds
            let goesOn = continueHandshake(id, connection, encryption, wire)
            handshakeTime += MonotonicClock.nanoseconds - start
            guard goesOn else { return .failed }
            // Otherwise the request may have come together with the end of the handshake.
            guard connection.pointee.phase == .http else { return .bytes(0) }
        }
        guard let session = encryption.session else { return .failed }
        return decrypt(id, connection, session, wire)
    }

    /// Decrypts all input of the wire.
    @inline(__always)
    private mutating func decrypt(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ session: TLSSession,
        _ wire: TLSWire
    ) -> Transfer {
        var filled = 0
        var hasFailed = false
        // There is always room: a byte of plaintext takes more than one of ciphertext, and at most
        // one record lay in the session from earlier.
        reading: while session.hasInput {
            switch session.read(into: UnsafeMutableRawBufferPointer(rebasing: input[filled...])) {
            case .bytes(let count):
                filled += count
            case .needsMore:
                break reading
            case .ended:
                endedByPeer.append(id)
                break reading
            case .failed:
                hasFailed = true
                break reading
            }
        }
        // Answers to what asks for new keys, or the alert that tells why this is the end.
        if !wire.output.isEmpty, !sendOutput(of: wire, id, connection) { return .failed }
        return hasFailed ? .failed : .bytes(filled)
    }

    /// - Returns: Whether the connection goes on.
    private mutating func continueHandshake(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        _ encryption: Connection.Encryption,
        _ wire: TLSWire
    ) -> Bool {
        if encryption.session == nil {
            switch judgeOpening(encryption, wire) {
            case .hello: break
            case .needsMore: return true
            case .plain:
                refusePlain(id, connection)
                return true
            case .wrong:
                metrics.tlsFailures += 1
                return false
            }
        }
        guard let session = makeSession(encryption, wire) else { return false }
        let step = session.handshake()
        let isSent = wire.output.isEmpty || sendOutput(of: wire, id, connection)
        switch step {
        case .needsMore:
            break
        case .done:
            metrics.tlsHandshakes += 1
            if session.isResumed { metrics.tlsResumptions += 1 }
            connection.pointee.phase = .http
            connection.pointee.rare?.phaseDeadline = tick(after: configuration.requestTimeout)
            schedule(id, connection)
        case .failed:
            metrics.tlsFailures += 1
            return false
        }
        if !isSent { metrics.tlsFailures += 1 }
        return isSent
    }

    /// What a connection begins with.
    private enum Opening {
        case needsMore
        /// A ClientHello of a size that may be.
        case hello
        /// An HTTP request without TLS.
        case plain
        case wrong
    }

    /// Looks at the first bytes of a connection, before anything is spent on it.
    ///
    /// They are the header of a record (RFC 8446 §5.1) and of a handshake message (§4).
    private func judgeOpening(_ encryption: Connection.Encryption, _ wire: TLSWire) -> Opening {
        encryption.opening += wire.input
        let bytes = encryption.opening
        guard bytes.first == 22 else {
            let isLetter = bytes.first.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
            return isLetter == true ? .plain : .wrong
        }
        guard bytes.count >= 9 else { return .needsMore }
        let length = Int(bytes[6]) << 16 | Int(bytes[7]) << 8 | Int(bytes[8])
        guard bytes[5] == 1, length <= Self.maximumHello else { return .wrong }
        if bytes.count > wire.input.count { _ = bytes.withUnsafeBytes { wire.receive($0) } }
        encryption.opening = []
        return .hello
    }

    private mutating func makeSession(
        _ encryption: Connection.Encryption,
        _ wire: TLSWire
    ) -> TLSSession? {
        if let session = encryption.session { return session }
        guard let tls else { return nil }
        do throws(TLSError) {
            encryption.session = try TLSSession(serving: tls.current, over: wire)
        } catch {
            metrics.tlsFailures += 1
        }
        return encryption.session
    }

    /// Answers a request that came without TLS.
    private mutating func refusePlain(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        metrics.tlsFailures += 1
        connection.pointee.encryption = nil
        HTTPResponseHead(status: .badRequest).encode(
            into: &connection.pointee.withRare().outbox,
            body: Array("This port speaks TLS only: use https:// or wss://.\n".utf8),
            contentType: "text/plain; charset=utf-8",
            date: date.text(),
            closes: true,
            standing: standingFields.plain
        )
        finish(id, connection)
    }

    /// Encrypts bytes and hands them over to the socket, each turn of ``encryptionAhead`` in one
    /// call.
    ///
    /// What the socket does not take waits as ciphertext; until that is gone, nothing more is
    /// encrypted.
    @inline(never)
    mutating func transmit(
        _ bytes: UnsafeRawBufferPointer,
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        encryptingWith encryption: Connection.Encryption
    ) -> Transfer {
        guard let wire else { return .failed }
        if let rare = connection.pointee.rare, rare.waitingCiphertext > 0 {
            let transfer = sendCiphertext(rare, connection)
            guard case .bytes = transfer, rare.waitingCiphertext == 0 else {
                if transfer != .failed { watchWritable(id, connection) }
                return transfer == .wouldBlock || transfer == .failed ? transfer : .bytes(0)
            }
        }
        guard let session = encryption.session else { return .failed }
        var taken = 0
        while taken < bytes.count {
            let end = min(bytes.count, taken + Self.encryptionAhead)
            while taken < end {
                let count = session.write(UnsafeRawBufferPointer(rebasing: bytes[taken..<end]))
                guard count > 0 else { return .failed }
                taken += count
            }
            guard sendOutput(of: wire, id, connection) else { return .failed }
            if connection.pointee.rare?.waitingCiphertext ?? 0 > 0 { break }
        }
        return .bytes(taken)
    }

    /// Sends what a session has written, in one call; what the socket does not take waits.
    ///
    /// - Returns: `false` when the socket is broken.
    @inline(__always)
    private mutating func sendOutput(
        of wire: TLSWire,
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Bool {
        defer { wire.removeOutput() }
        var rest = wire.output
        if connection.pointee.rare?.waitingCiphertext ?? 0 == 0 {
            switch StreamSocket.send(connection.pointee.descriptor, rest) {
            case .bytes(let count):
                metrics.bytesSent &+= UInt64(count)
                guard count < rest.count else { return true }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            case .wouldBlock:
                break
            case .ended, .failed:
                return false
            }
        }
        connection.pointee.withRare().ciphertext.append(contentsOf: rest)
        watchWritable(id, connection)
        return true
    }

    /// Sends what waits as ciphertext.
    private mutating func sendCiphertext(
        _ rare: Connection.Rare,
        _ connection: UnsafeMutablePointer<Connection>
    ) -> Transfer {
        let transfer = rare.ciphertext.withUnsafeBytes { bytes in
            StreamSocket.send(
                connection.pointee.descriptor,
                UnsafeRawBufferPointer(rebasing: bytes[rare.ciphertextSent...])
            )
        }
        guard case .bytes(let count) = transfer else { return transfer }
        metrics.bytesSent &+= UInt64(count)
        rare.ciphertextSent += count
        if rare.waitingCiphertext == 0 {
            rare.ciphertext = []
            rare.ciphertextSent = 0
        }
        return transfer
    }

    /// Tells the peer that nothing more comes (`close_notify`), so that it knows our end from one
    /// that an attacker made.
    mutating func end(
        _ encryption: Connection.Encryption,
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard !encryption.hasEnded, let wire, let session = encryption.session else { return }
        encryption.hasEnded = true
        session.end()
        guard !wire.output.isEmpty else { return }
        if !sendOutput(of: wire, id, connection) { drop(id, connection) }
    }

    /// Ends our side of connections whose peers ended theirs.
    mutating func finishEndedByPeer() {
        while let id = endedByPeer.popLast() {
            guard let connection = slab.find(id) else { continue }
            switch connection.pointee.phase {
            case .http, .webSocket, .closing: finish(id, connection)
            case .unused, .handshaking, .finishing, .lingering, .gone: break
            }
        }
    }
}
