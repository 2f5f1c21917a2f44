import EventLoops
import HTTPProtocol
import WebSocketProtocol

/// One accepted socket.
///
/// It stays small: what an idle connection does not need is in `rare`.
struct Connection: ~Copyable {
    enum Phase: UInt8 {
        /// The slot is free.
        case unused
        /// TLS is agreed on.
        case handshaking
        /// HTTP requests are read.
        case http
        case webSocket
        /// Our Close frame is out, the peer's has not come.
        case closing
        /// Nothing of the peer counts any more: what is due goes out, then the socket is ended.
        case finishing
        /// Our side is ended; the peer's bytes are dropped until it ends its own, so that it can
        /// read our last words before the kernel resets the connection.
        case lingering
        /// The socket is closed; the slot is freed once the owner of the loop has been told.
        case gone
    }

    var phase = Phase.unused
    /// The owner knows of it and must be told when it is gone.
    var isUpgraded = false
    var watchesWritable = false
    var pausesReading = false
    var hasDirtyOutbox = false
    /// The owner wants to know when it has sent nothing for a while.
    var watchesQuiet = false
    /// By what it is counted in the number of connections of its address.
    var address: AddressKey?
    var unansweredPings: UInt8 = 0
    var descriptor: CInt = -1
    var generation: UInt32 = 0
    /// Tick of the earliest entry in the timer wheel.
    var scheduledTick = UInt64.max
    /// Tick at which something last came from the peer.
    var lastActivity: UInt64 = 0
    /// Tick at which the owner last sent a message.
    var lastSent: UInt64 = 0
    var controlFrames = FramePace()
    var inputTurn = InputTurn()
    /// Tick of the owner's deadline.
    var ownerDeadline = UInt64.max
    var receiver = FrameReceiver(role: .server)
    var rare: Rare?
    /// The window, in bits, that messages to the peer are compressed with; 0 for connections that
    /// did not agree to permessage-deflate.
    var deflateBits: UInt8 = 0
    /// For the directions of permessage-deflate that keep their context; the others are served by
    /// the codecs that all connections of the loop share.
    var ownCodecs: OwnCodecs?
    /// Of connections that come over TLS.
    var encryption: Encryption?

    /// What a connection needs only at its beginning, in trouble and at its end.
    final class Rare {
        var parser: HTTPRequestParser?
        var peer: InternetAddress?
        /// Bytes that the kernel has not taken, from `sent` on.
        var outbox: [UInt8] = []
        var sent = 0
        /// Encrypted bytes that the kernel has not taken, from `ciphertextSent` on; they go out
        /// before `outbox`, whose bytes are still to be encrypted.
        var ciphertext: [UInt8] = []
        var ciphertextSent = 0
        /// Tick by which the phase must have ended.
        var phaseDeadline = UInt64.max
        /// Tick by which the unfinished message must be whole.
        var messageDeadline = UInt64.max
        /// Tick by which the kernel must have taken something.
        var writeDeadline = UInt64.max
        /// A request was answered, so that what comes now is the time between requests.
        var isKeptAlive = false

        var waiting: Int { outbox.count - sent + waitingCiphertext }
        var waitingCiphertext: Int { ciphertext.count - ciphertextSent }

        var isIdle: Bool {
            parser == nil && waiting == 0 && phaseDeadline == .max && messageDeadline == .max
        }
    }

    /// What belongs to TLS.
    final class Encryption {
        /// `nil` until the peer's first bytes show that it speaks TLS.
        var session: TLSSession?
        /// Those bytes, while they are too few to show it.
        var opening: [UInt8] = []
        /// `close_notify` was written.
        var hasEnded = false
    }

    /// Makes the box if there is none.
    mutating func withRare() -> Rare {
        if let rare { return rare }
        let made = Rare()
        rare = made
        return made
    }

    /// Bytes that wait for the kernel.
    var waiting: Int { rare?.waiting ?? 0 }
}
