import EventLoops
import Glibc

/// The one connection of the program and the signals that end it, behind one wait.
///
/// It is used by one thread. Every method that waits throws
/// ``ClientFailure/interrupted(signal:)`` when SIGINT or SIGTERM arrives.
final class HubConnection {
    typealias Instant = ContinuousClock.Instant

    /// What a wait brought.
    enum Arrival: Equatable {
        case bytes([UInt8])
        /// The connection is over, in order or broken.
        case ended
        /// The time is over, or there was nothing to tell.
        case nothing
    }

    private enum Token {
        static let signal: UInt64 = 0
        static let socket: UInt64 = 1
    }

    /// How long making the connection may take, over all addresses of a name.
    static let connectTimeout = Duration.seconds(10)

    private let poller: Poller
    private let signals: SignalSource
    /// Whose certificates are trusted, a PEM file; `nil` for those that this machine trusts.
    private let authorities: String?
    private var socket: OutgoingSocket?
    private var tls: TLSChannel?
    private var unsent: ArraySlice<UInt8> = []
    private var interest = Readiness.readable
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    init(authorities: String?) throws(ClientFailure) {
        self.authorities = authorities
        do throws(SystemError) {
            poller = try Poller()
            signals = try SignalSource([SIGINT, SIGTERM])
            try poller.add(signals.descriptor, token: Token.signal, for: .readable)
        } catch {
            throw .system(error)
        }
    }

    var isOpen: Bool { socket != nil }

    /// Makes the connection, trying one address of the hub after the other.
    func open(_ address: HubAddress) throws(ClientFailure) {
        close()
        let deadline = Instant.now + Self.connectTimeout
        var failure = ClientFailure.connectTimeout(address)
        for candidate in try Self.candidates(address) {
            do throws(SystemError) {
                let candidate = try OutgoingSocket(connectingTo: candidate)
                interest = .writable
                try poller.add(candidate.descriptor, token: Token.socket, for: interest)
                socket = candidate
            } catch {
                failure = .unreachable(address, error)
                continue
            }
            guard let error = try errorOfAttempt(until: deadline, at: address) else {
                return try secure(address, until: deadline)
            }
            failure = .unreachable(address, error)
            close()
        }
        throw failure
    }

    func close() {
        tls?.end()
        sendCiphertext()
        if let socket { poller.remove(socket.descriptor) }
        socket = nil
        tls = nil
        unsent = []
    }

    /// Sends what there is room for; the rest goes out while ``wait(until:)`` waits.
    func send(_ bytes: [UInt8]) {
        guard tls == nil else {
            tls?.send(bytes)
            sendCiphertext()
            return
        }
        unsent += bytes
        flush()
    }

    /// Waits for bytes, the end of the connection, or the deadline.
    func wait(until deadline: Instant?) throws(ClientFailure) -> Arrival {
        updateInterest()
        let readiness = try ready(until: deadline)
        if readiness.contains(.writable) { flush() }
        guard let socket, !readiness.isDisjoint(with: [.readable, .hangUp]) else {
            return .nothing
        }
        switch socket.receive(into: &buffer) {
        case .bytes(let count): return try arrival(of: buffer[..<count])
        case .wouldBlock: return .nothing
        case .ended, .failed: return .ended
        }
    }

    /// What bytes from the socket bring.
    private func arrival(of bytes: ArraySlice<UInt8>) throws(ClientFailure) -> Arrival {
        guard let plaintext = try tls?.receive(bytes) else { return .bytes(Array(bytes)) }
        sendCiphertext()
        if !plaintext.isEmpty { return .bytes(plaintext) }
        return tls?.hasEnded == true ? .ended : .nothing
    }

    /// Agrees on TLS with a hub that shall speak it.
    private func secure(_ address: HubAddress, until deadline: Instant) throws(ClientFailure) {
        guard address.usesTLS, case .host(let host, _) = address.endpoint else { return }
        do throws(ClientFailure) {
            tls = try TLSChannel(to: host, address, authorities: authorities)
            sendCiphertext()
            while tls?.isOpen == false {
                guard Instant.now < deadline else { throw .connectTimeout(address) }
                guard try wait(until: deadline) != .ended else { throw .ended(address, .lost) }
            }
        } catch {
            close()
            throw error
        }
    }

    private func sendCiphertext() {
        guard let output = tls?.takeOutput(), !output.isEmpty else { return }
        unsent += output
        flush()
    }

    /// Waits for the attempt to connect to be over; `nil` when it has succeeded.
    private func errorOfAttempt(
        until deadline: Instant,
        at address: HubAddress
    ) throws(ClientFailure) -> SystemError? {
        while true {
            if try !ready(until: deadline).isEmpty { return socket?.connectionError() }
            guard Instant.now < deadline else {
                close()
                throw .connectTimeout(address)
            }
        }
    }

    /// What the socket is ready for; nothing at the deadline.
    private func ready(until deadline: Instant?) throws(ClientFailure) -> Readiness {
        let count = poller.wait(timeout: deadline.map(Self.milliseconds) ?? -1)
        var readiness: Readiness = []
        for index in 0..<count {
            let event = poller.event(index)
            if event.token == Token.socket { readiness.formUnion(event.readiness) }
        }
        if let signal = signals.next() { throw .interrupted(signal: signal) }
        return readiness
    }

    private func flush() {
        guard let socket else { return }
        while !unsent.isEmpty {
            guard case .bytes(let count) = socket.send(unsent) else { return }
            unsent = unsent.dropFirst(count)
        }
        unsent = []
    }

    /// A connection that has failed is found out by reading, so this need not tell.
    private func updateInterest() {
        guard let socket else { return }
        let wanted: Readiness = unsent.isEmpty ? .readable : [.readable, .writable]
        guard wanted != interest else { return }
        interest = wanted
        try? poller.modify(socket.descriptor, token: Token.socket, for: wanted)
    }

    /// Rounded up, so that nobody wakes before the time.
    private static func milliseconds(until deadline: Instant) -> CInt {
        let rest = (deadline - .now) / .milliseconds(1)
        return CInt(max(0, min(rest.rounded(.up), 86_400_000)))
    }

    private static func candidates(
        _ address: HubAddress
    ) throws(ClientFailure) -> [SocketAddress] {
        switch address.endpoint {
        case .unix(let path):
            return UnixSocketPath(path).map { [.unix($0)] } ?? []
        case .host(let host, let port):
            do throws(NameResolutionError) {
                let found = try NameResolution.addresses(of: host, port: port)
                return found.map(SocketAddress.internet)
            } catch {
                throw .unknownHost(error)
            }
        }
    }
}
