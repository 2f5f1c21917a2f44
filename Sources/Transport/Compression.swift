import WebSocketProtocol

/// The codecs of one connection whose messages refer to earlier ones.
final class OwnCodecs {
    /// There is none when the peer compresses each message on its own.
    var inflater: Inflater?
    let hasInflater: Bool
    /// There is none when we do.
    var deflater: Deflater?
    let hasDeflater: Bool

    /// - Returns: `nil` when no direction keeps its context.
    init?(_ parameters: DeflateParameters, level: Int) {
        hasInflater = !parameters.peerResetsContext(of: .server)
        hasDeflater = !parameters.resetsContext(of: .server)
        inflater = hasInflater ? parameters.makeInflater(for: .server) : nil
        deflater = hasDeflater ? parameters.makeDeflater(for: .server, level: level) : nil
        guard hasInflater || hasDeflater else { return nil }
    }
}

/// The codecs that serve all connections of a loop, one message after the other.
struct SharedCodecs: ~Copyable {
    /// With the largest window, which reads what was written with any.
    var inflater: Inflater?
    /// By window bits, from 8 on; made when they are first needed.
    private var deflaters: [SharedDeflater?] = Array(repeating: nil, count: 8)
    private let level: Int

    private final class SharedDeflater {
        var deflater: Deflater

        init(_ deflater: consuming Deflater) {
            self.deflater = deflater
        }
    }

    init(level: Int) {
        self.level = level
    }

    /// Makes what connections with such an agreement need.
    mutating func prepare(windowBits: Int) {
        if inflater == nil { inflater = Inflater(resetsContext: true) }
        guard deflaters[windowBits - 8] == nil else { return }
        deflaters[windowBits - 8] = SharedDeflater(
            Deflater(level: level, windowBits: windowBits, resetsContext: true)
        )
    }

    /// Compresses one message for a connection whose window was prepared.
    func deflate(_ payload: Span<UInt8>, windowBits: Int, into output: inout [UInt8]) {
        deflaters[windowBits - 8]?.deflater.deflate(payload, into: &output)
    }
}

extension ServerTransport {
    /// Whether a connection reads frames that were compressed one by one with the largest window,
    /// for all that do.
    package func sharesCompression(_ id: ConnectionID) -> Bool {
        guard let connection = slab.find(id) else { return false }
        return connection.pointee.deflateBits == 15
            && connection.pointee.ownCodecs?.hasDeflater != true
    }

    /// Notes what a connection agreed to.
    mutating func setUp(
        _ parameters: DeflateParameters,
        of connection: UnsafeMutablePointer<Connection>
    ) {
        let bits = parameters.serverMaxWindowBits
        connection.pointee.deflateBits = UInt8(bits)
        let level = configuration.compressionLevel
        connection.pointee.ownCodecs = OwnCodecs(parameters, level: level)
        codecs.prepare(windowBits: bits)
    }

    /// Compresses a message for a connection that agreed to it.
    ///
    /// - Returns: Whether `deflated` now has it; a message is sent as it is when it is short.
    mutating func deflate(
        _ payload: UnsafeRawBufferPointer,
        for connection: UnsafeMutablePointer<Connection>
    ) -> Bool {
        guard payload.count >= configuration.compressionThreshold else { return false }
        metrics.messagesDeflated &+= 1
        deflated.removeAll(keepingCapacity: true)
        let bytes = payload.bindMemory(to: UInt8.self)
        if let own = connection.pointee.ownCodecs, own.hasDeflater {
            own.deflater?.deflate(bytes.span, into: &deflated)
        } else {
            let bits = Int(connection.pointee.deflateBits)
            codecs.deflate(bytes.span, windowBits: bits, into: &deflated)
        }
        return true
    }
}
