import EventLoops

/// TLS of the connection to a hub, with no socket: plaintext on one side, ciphertext on the other.
struct TLSChannel {
    private let address: HubAddress
    private let session: TLSSession
    private let wire = TLSWire()
    /// Whether the hub has shown who it is, so that plaintext may be sent.
    private(set) var isOpen = false
    /// Whether the hub has said that nothing more comes.
    private(set) var hasEnded = false
    private var buffer = [UInt8](repeating: 0, count: TLSSession.recordLength)

    /// Begins a session with the hub called `host`; the first bytes are there to be taken.
    ///
    /// - Parameters:
    ///   - host: The name or address that the hub's certificate must show.
    ///   - address: For what goes wrong.
    ///   - authorities: A PEM file of those whose certificates are trusted; `nil` for those that
    ///     this machine trusts.
    /// - Throws: What is wrong with the file of authorities.
    init(
        to host: String,
        _ address: HubAddress,
        authorities: String?
    ) throws(ClientFailure) {
        self.address = address
        var trusted: [UInt8]?
        if let authorities {
            do throws(SystemError) {
                trusted = try SmallFile.read(authorities, maximumBytes: 1 << 20)
            } catch {
                throw .file(path: authorities, error)
            }
        }
        do throws(TLSError) {
            let context = try TLSContext(clientTrusting: trusted)
            session = try TLSSession(connectingTo: host, context, over: wire)
        } catch {
            guard error.part == .authorities, let authorities else {
                throw .tls(address, reason: error.reason)
            }
            throw .badFile(path: authorities, reason: error.reason)
        }
        try shakeHands()
    }

    /// Takes over what came from the hub.
    ///
    /// - Returns: The plaintext in it.
    mutating func receive(_ bytes: ArraySlice<UInt8>) throws(ClientFailure) -> [UInt8] {
        var plaintext: [UInt8] = []
        var rest = bytes
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { wire.receive($0) }
            rest = rest.dropFirst(count)
            if !isOpen { try shakeHands() }
            while isOpen, !hasEnded, try read(into: &plaintext) {}
        }
        return plaintext
    }

    /// Encrypts all of `bytes`.
    func send(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            var taken = 0
            while taken < bytes.count {
                let count = session.write(UnsafeRawBufferPointer(rebasing: bytes[taken...]))
                // A session that has failed is found out by reading.
                guard count > 0 else { return }
                taken += count
            }
        }
    }

    /// Says that nothing more comes.
    func end() {
        session.end()
    }

    /// Hands over the ciphertext that is to be sent.
    func takeOutput() -> [UInt8] {
        defer { wire.removeOutput() }
        return Array(wire.output)
    }

    private mutating func shakeHands() throws(ClientFailure) {
        switch session.handshake() {
        case .needsMore: break
        case .done: isOpen = true
        case .failed(let failure): throw self.failure(failure)
        }
    }

    /// - Returns: Whether there may be more.
    private mutating func read(into plaintext: inout [UInt8]) throws(ClientFailure) -> Bool {
        switch buffer.withUnsafeMutableBytes({ session.read(into: $0) }) {
        case .bytes(let count):
            plaintext += buffer.prefix(count)
            return true
        case .needsMore:
            return false
        case .ended:
            hasEnded = true
            return false
        case .failed(let failure):
            throw self.failure(failure)
        }
    }

    private func failure(_ failure: TLSFailure) -> ClientFailure {
        failure.isDistrust
            ? .untrusted(address, reason: failure.reason) : .tls(address, reason: failure.reason)
    }
}
