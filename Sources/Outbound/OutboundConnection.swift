package import EventLoops
import Glibc
import Synchronization

/// Ends what waits on an ``OutboundConnection``, from any thread.
package final class OutboundCancellation: Sendable {
    private let isCancelledFlag = Atomic<Bool>(false)
    let wakeup: Wakeup

    package init() throws(OutboundError) {
        do throws(SystemError) {
            wakeup = try Wakeup()
        } catch {
            throw .connection("\(error)")
        }
    }

    var isCancelled: Bool { isCancelledFlag.load(ordering: .acquiring) }

    package func cancel() {
        isCancelledFlag.store(true, ordering: .releasing)
        wakeup.signal()
    }
}

/// A connection to the outside, plain or over TLS, for one thread that waits.
///
/// Every call throws ``OutboundError/timeout(seconds:)`` at the deadline and
/// ``OutboundError/cancelled`` as soon as that is asked for.
package final class OutboundConnection {
    package typealias Instant = ContinuousClock.Instant

    private enum Token {
        static let wakeup: UInt64 = 0
        static let socket: UInt64 = 1
    }

    private let poller: Poller
    private let cancellation: OutboundCancellation
    private let deadline: Instant
    private let seconds: Int
    private let idleSeconds: Int?
    private var socket: OutgoingSocket?
    private var wire: TLSWire?
    private var session: TLSSession?
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Connects to the first address of a host that answers and may be reached.
    ///
    /// - Parameters:
    ///   - host: A name or an address.
    ///   - port: Where it listens.
    ///   - policy: Which addresses may be reached.
    ///   - timeout: For everything that is done with the connection, in whole seconds.
    ///   - idleTimeout: For each wait for the peer, in whole seconds.
    ///   - cancellation: Ends it early.
    /// - Throws: When the host is not found, forbidden or not reached.
    package init(
        to host: String,
        port: UInt16,
        policy: ReachableAddresses,
        timeout: Int,
        idleTimeout: Int? = nil,
        cancellation: OutboundCancellation
    ) throws(OutboundError) {
        self.cancellation = cancellation
        seconds = timeout
        idleSeconds = idleTimeout
        deadline = .now + .seconds(timeout)
        do throws(SystemError) {
            poller = try Poller()
            try poller.add(
                cancellation.wakeup.descriptor,
                token: Token.wakeup,
                for: .readable
            )
        } catch {
            throw .connection("\(error)")
        }
        try connect(try Self.addresses(of: host, port, policy))
    }

    deinit {
        close()
    }

    private static func addresses(
        of host: String,
        _ port: UInt16,
        _ policy: ReachableAddresses
    ) throws(OutboundError) -> [InternetAddress] {
        let found: [InternetAddress]
        do throws(NameResolutionError) {
            found = try NameResolution.addresses(of: host, port: port)
        } catch {
            throw .name(host: host, reason: error.reason, isTemporary: error.isTemporary)
        }
        let reachable = found.filter(policy.allows)
        guard !reachable.isEmpty else { throw .forbiddenAddress(host: host) }
        return reachable
    }

    private func connect(_ addresses: [InternetAddress]) throws(OutboundError) {
        var reason = "no address"
        for address in addresses {
            do throws(SystemError) {
                let candidate = try OutgoingSocket(connectingTo: .internet(address))
                try poller.add(candidate.descriptor, token: Token.socket, for: .writable)
                socket = candidate
            } catch {
                reason = "\(error)"
                continue
            }
            try wait(for: .writable)
            guard let error = socket?.connectionError() else { return }
            reason = "\(error)"
            close()
        }
        throw .connection(reason)
    }

    /// Speaks TLS from here on with a peer that proves to be `host`.
    package func secure(as host: String, _ context: TLSContext) throws(OutboundError) {
        let wire = TLSWire()
        do throws(TLSError) {
            session = try TLSSession(connectingTo: host, context, over: wire)
        } catch {
            throw .tls(error.reason)
        }
        self.wire = wire
        while true {
            let step = session?.handshake() ?? .needsMore
            if case .failed(let failure) = step {
                try? sendCiphertext()
                throw .tls(failure.reason)
            }
            try sendCiphertext()
            if step == .done { return }
            guard try receiveCiphertext() else { throw .closed }
        }
    }

    package func send(_ bytes: [UInt8]) throws(OutboundError) {
        guard let session else { return try sendRaw(bytes[...]) }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { session.write($0) }
            // A session that has failed is found out by reading.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
            try sendCiphertext()
        }
    }

    /// The next bytes of the peer; `nil` when it has ended its side.
    package func receive() throws(OutboundError) -> [UInt8]? {
        guard let session else { return try receiveRaw() }
        while true {
            let reading = buffer.withUnsafeMutableBytes { session.read(into: $0) }
            switch reading {
            case .bytes(let count): return Array(buffer.prefix(count))
            case .ended: return nil
            case .failed(let failure): throw .tls(failure.reason)
            case .needsMore:
                try sendCiphertext()
                // An end without close_notify may be an attacker's cut.
                guard try receiveCiphertext() else { throw .closed }
            }
        }
    }

    package func close() {
        session?.end()
        if let wire, let socket, !wire.output.isEmpty { _ = socket.send(Array(wire.output)[...]) }
        if let socket { poller.remove(socket.descriptor) }
        socket = nil
        session = nil
        wire = nil
    }
}

extension OutboundConnection {
    private func sendCiphertext() throws(OutboundError) {
        guard let wire, !wire.output.isEmpty else { return }
        let output = Array(wire.output)
        wire.removeOutput()
        try sendRaw(output[...])
    }

    /// - Returns: Whether there was something.
    private func receiveCiphertext() throws(OutboundError) -> Bool {
        guard let wire, let bytes = try receiveRaw() else { return false }
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { wire.receive($0) }
            guard count > 0 else { throw .tls("more than one record at once does not fit") }
            rest = rest.dropFirst(count)
        }
        return true
    }

    private func sendRaw(_ bytes: ArraySlice<UInt8>) throws(OutboundError) {
        var rest = bytes
        while !rest.isEmpty {
            guard let socket else { throw .closed }
            switch socket.send(rest) {
            case .bytes(let count): rest = rest.dropFirst(count)
            case .wouldBlock: try wait(for: .writable)
            case .ended, .failed: throw .closed
            }
        }
    }

    private func receiveRaw() throws(OutboundError) -> [UInt8]? {
        while true {
            guard let socket else { throw .closed }
            switch socket.receive(into: &buffer) {
            case .bytes(let count): return Array(buffer.prefix(count))
            case .wouldBlock: try wait(for: .readable)
            case .ended: return nil
            case .failed: throw .closed
            }
        }
    }

    private func wait(for readiness: Readiness) throws(OutboundError) {
        if let socket {
            try? poller.modify(socket.descriptor, token: Token.socket, for: readiness)
        }
        let idleDeadline = idleSeconds.map { Instant.now + .seconds($0) }
        while true {
            if cancellation.isCancelled { throw .cancelled }
            let now = Instant.now
            guard now < deadline else { throw .timeout(seconds: seconds) }
            let end = min(deadline, idleDeadline ?? deadline)
            let rest = (end - now) / .milliseconds(1)
            guard rest > 0 else { throw .idle(seconds: idleSeconds ?? seconds) }
            let count = poller.wait(timeout: CInt(min(rest.rounded(.up), 86_400_000)))
            for index in 0..<count where poller.event(index).token == Token.socket { return }
        }
    }
}
