import EventLoops
package import WebSocketProtocol

extension ServerTransport {
    /// Output of one connection's turn beyond this goes out before its input is used up.
    private static var outputTurn: Int { 256 * 1024 }
    /// Bytes of several sources that are copied for one write.
    private static var gatherLimit: Int { 16 * 1024 }
    /// A peer that lets more than this wait is not read from until it has caught up.
    private static var readingPause: Int { 64 * 1024 }

    /// Sends a message.
    @inline(__always)
    package mutating func send(
        _ kind: MessageKind,
        _ payload: UnsafeRawBufferPointer,
        to id: ConnectionID
    ) {
        if id == current, slab[id.slot].pointee.deflateBits == 0 {
            slab[id.slot].pointee.lastSent = currentTick
            output.appendMessage(kind, payload)
            if output.count > Self.outputTurn { flushCurrent(id) }
        } else {
            sendElsewise(kind.opcode, payload, to: id)
        }
    }

    /// Sends a message that is compressed, or not to the current connection.
    private mutating func sendElsewise(
        _ opcode: Opcode,
        _ payload: UnsafeRawBufferPointer,
        to id: ConnectionID
    ) {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket else { return }
        connection.pointee.lastSent = currentTick
        let isCompressed = connection.pointee.deflateBits != 0 && deflate(payload, for: connection)
        if id == current {
            if isCompressed {
                deflated.withUnsafeBytes { output.appendFrame(opcode, $0, isCompressed: true) }
            } else {
                output.appendFrame(opcode, payload)
            }
            if output.count > Self.outputTurn { flushCurrent(id) }
        } else {
            let rare = connection.pointee.withRare()
            if isCompressed {
                rare.outbox.appendFrame(opcode, payload: deflated.span, isCompressed: true)
            } else {
                let plain = payload.bindMemory(to: UInt8.self)
                rare.outbox.appendFrame(opcode, payload: plain.span)
            }
            markDirty(id, connection)
            checkBacklog(id, connection)
        }
    }

    /// Sends bytes that are whole frames already, straight from where they lie.
    ///
    /// - Returns: How many bytes the kernel took; 0 while others wait, or when the connection is
    ///   not open. The caller hands over the rest of a frame that was begun with ``queue(_:to:)``
    ///   and goes on after ``TransportEvent/writable(_:)``.
    @inline(__always)
    package mutating func sendFrames(_ bytes: UnsafeRawBufferPointer, to id: ConnectionID) -> Int {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket else {
            return 0
        }
        connection.pointee.lastSent = currentTick
        if connection.pointee.waiting > 0 {
            if !connection.pointee.watchesWritable { flushOutbox(id) }
            guard connection.pointee.waiting == 0, connection.pointee.phase == .webSocket else {
                return 0
            }
        }
        switch transmit(bytes, id, connection) {
        case .bytes(let count):
            if count < bytes.count { watchWritable(id, connection) }
            return count
        case .wouldBlock:
            watchWritable(id, connection)
            return 0
        case .ended, .failed:
            drop(id, connection)
            return 0
        }
    }

    /// Adds small frames to what goes out to the connection in one write when the tick ends.
    ///
    /// For a tick in which several sources have something for one connection: copying a little
    /// costs less than a system call for each.
    ///
    /// - Returns: `false` when the connection does not take that now; nothing was added then.
    package mutating func gatherFrames(_ bytes: UnsafeRawBufferPointer, to id: ConnectionID) -> Bool
    {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket,
            !connection.pointee.watchesWritable,
            connection.pointee.waiting + bytes.count <= Self.gatherLimit
        else { return false }
        connection.pointee.lastSent = currentTick
        connection.pointee.withRare().outbox.append(contentsOf: bytes)
        markDirty(id, connection)
        return true
    }

    /// Has the rest of a frame, or a whole one, wait for the kernel before anything that is sent
    /// with ``sendFrames(_:to:)`` from now on.
    package mutating func queue(_ bytes: UnsafeRawBufferPointer, to id: ConnectionID) {
        guard let connection = slab.find(id), connection.pointee.phase == .webSocket else { return }
        connection.pointee.withRare().outbox.append(contentsOf: bytes)
    }

    /// Whether nothing can be sent at once: bytes wait for the peer, or the connection is not open.
    @inline(__always)
    package func isBlocked(_ id: ConnectionID) -> Bool {
        guard let connection = slab.find(id) else { return true }
        return connection.pointee.watchesWritable || connection.pointee.phase != .webSocket
    }

    func markDirtyNeeded(_ connection: UnsafeMutablePointer<Connection>) -> Bool {
        !connection.pointee.hasDirtyOutbox && !connection.pointee.watchesWritable
    }

    mutating func markDirty(_ id: ConnectionID, _ connection: UnsafeMutablePointer<Connection>) {
        guard markDirtyNeeded(connection) else { return }
        connection.pointee.hasDirtyOutbox = true
        dirty.append(id)
    }

    /// Sends what was added to connections outside of their turn.
    mutating func flushDirty() {
        while let id = dirty.popLast() {
            guard let connection = slab.find(id) else { continue }
            connection.pointee.hasDirtyOutbox = false
            // What the kernel would not take goes out when the poller reports that it does: only
            // then is the owner told that its cursors may go on.
            if !connection.pointee.watchesWritable { flushOutbox(id) }
        }
    }

    /// Sends what the current connection got during its turn.
    mutating func flushOutput(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard !output.isEmpty || connection.pointee.phase == .finishing else { return }
        defer { output.removeAll() }
        guard connection.pointee.phase != .gone else { return }
        var sent = 0
        if connection.pointee.waiting == 0, !output.isEmpty {
            switch transmit(output.bytes, id, connection) {
            case .bytes(let count):
                sent = count
            case .wouldBlock:
                break
            case .ended, .failed:
                drop(id, connection)
                return
            }
        }
        if sent < output.count {
            let rest = UnsafeRawBufferPointer(rebasing: output.bytes[sent...])
            connection.pointee.withRare().outbox.append(contentsOf: rest)
            watchWritable(id, connection)
            checkBacklog(id, connection)
        }
        endIfFinished(id, connection)
    }

    private mutating func flushCurrent(_ id: ConnectionID) {
        flushOutput(id, slab[id.slot])
    }

    /// Sends what waits for a connection.
    mutating func flushOutbox(_ id: ConnectionID) {
        guard let connection = slab.find(id), connection.pointee.phase != .gone else { return }
        if let rare = connection.pointee.rare, rare.waiting > 0 {
            let result = rare.outbox.withUnsafeBytes { bytes in
                transmit(UnsafeRawBufferPointer(rebasing: bytes[rare.sent...]), id, connection)
            }
            switch result {
            case .bytes(let count):
                rare.sent += count
                rare.writeDeadline = tick(after: configuration.writeTimeout)
            case .wouldBlock:
                break
            case .ended, .failed:
                drop(id, connection)
                return
            }
            guard rare.waiting == 0 else {
                if rare.sent > rare.outbox.count / 2 {
                    rare.outbox.removeFirst(rare.sent)
                    rare.sent = 0
                }
                watchWritable(id, connection)
                return
            }
            rare.outbox = []
            rare.sent = 0
            rare.ciphertext = []
            rare.ciphertextSent = 0
            rare.writeDeadline = .max
            if rare.isIdle { connection.pointee.rare = nil }
        }
        unwatchWritable(id, connection)
        endIfFinished(id, connection)
    }

    /// Has the poller report when the kernel takes more; a peer far behind is not read from.
    mutating func watchWritable(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        let pauses = connection.pointee.waiting > Self.readingPause
        guard !connection.pointee.watchesWritable || pauses != connection.pointee.pausesReading
        else { return }
        if !connection.pointee.watchesWritable {
            connection.pointee.withRare().writeDeadline = tick(after: configuration.writeTimeout)
            schedule(id, connection)
        }
        connection.pointee.watchesWritable = true
        connection.pointee.pausesReading = pauses
        watch(id, connection, for: pauses ? .writable : [.readable, .writable])
    }

    private mutating func unwatchWritable(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard connection.pointee.watchesWritable else { return }
        connection.pointee.watchesWritable = false
        connection.pointee.pausesReading = false
        if let rare = connection.pointee.rare {
            rare.writeDeadline = .max
            if rare.isIdle { connection.pointee.rare = nil }
        }
        watch(id, connection, for: .readable)
    }

    private mutating func watch(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>,
        for interest: Readiness
    ) {
        do {
            try poller.modify(connection.pointee.descriptor, token: id.token, for: interest)
        } catch {
            drop(id, connection)
        }
    }

    /// Ends a connection whose answers pile up: it asks and does not read.
    private mutating func checkBacklog(
        _ id: ConnectionID,
        _ connection: UnsafeMutablePointer<Connection>
    ) {
        guard connection.pointee.phase == .webSocket,
            connection.pointee.waiting > configuration.maximumOutboundBytes
        else { return }
        endSlowConsumer(id, connection)
    }
}
