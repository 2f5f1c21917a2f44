package import EventLoops
package import HTTPProtocol
import WebSocketProtocol

/// The server side of one event loop: its sockets, and HTTP and WebSocket on them.
///
/// The owner takes events one at a time with ``nextEvent()`` and answers with `send`, `respond`
/// and the like. What a connection is sent while its input is looked at goes out in one write;
/// what other connections are sent goes out when the tick ends. A value on its thread's stack:
/// nothing here is shared, and no call is made into the owner.
package struct ServerTransport: ~Copyable {
    package let configuration: TransportConfiguration
    package internal(set) var metrics = TransportMetrics()
    /// The request of the last ``TransportEvent/request(_:)``.
    package internal(set) var request = HTTPRequestHead(method: "", target: "")
    /// Its body.
    package internal(set) var requestBody: [UInt8] = []
    /// Further fields of the answer to it, beside those it is given and the configured ones; empty
    /// when a request comes.
    package var requestFields = HTTPHeaders()
    /// Whether the loop may sleep when nothing is ready; the owner of a mailbox sets it at the
    /// end of each tick.
    package var maySleep = true
    /// The time of this tick, in milliseconds of ``MonotonicClock``.
    package internal(set) var now: UInt64
    /// The same in ticks of the wheel.
    private(set) var currentTick: UInt64

    var poller: Poller
    var slab = ConnectionSlab()
    var wheel: TimerWheel
    var acceptor: Acceptor
    var admission: Admission
    /// The loops that connections are dealt out to, after this one.
    let siblings: [LoopEndpoint]
    let arrivals: Mailbox<ArrivingConnection>
    let wakeup: Wakeup

    /// Input of the current connection: bytes from `inputPosition` up to `inputEnd`.
    let input: UnsafeMutableRawBufferPointer
    var inputPosition = 0
    var inputEnd = 0
    /// A message that did not lie in `input` as one piece.
    var assembled = OutputBuffer(capacity: 0)
    var current: ConnectionID?
    /// When a read that took all the connection may send at once began to be dealt with, in
    /// nanoseconds; 0 for others.
    var turnBegan: UInt64 = 0
    /// What the current connection is sent.
    var output = OutputBuffer(capacity: 64 * 1024)
    var responseScratch: [UInt8] = []
    let standingFields: StandingFields
    let refusals: RefusalResponses

    /// How connections over IP are encrypted; `nil` when they are not.
    let tls: TLSContextSource?
    /// What comes and goes encrypted, of the connection at hand.
    let wire: TLSWire?
    /// Time that this tick has spent on handshakes, in nanoseconds.
    var handshakeTime: UInt64 = 0
    /// Connections whose peers ended TLS in order; they are ended when the tick is.
    var endedByPeer: [ConnectionID] = []

    var codecs: SharedCodecs
    /// The message that was compressed last.
    var deflated: [UInt8] = []

    /// Connections with unsent bytes that were added outside of their own turn.
    var dirty: [ConnectionID] = []
    /// Connections whose slot is to be freed once the owner was told.
    var gone: [ConnectionID] = []
    var expired: [UInt64] = []
    var readyCount = 0
    var readyIndex = 0
    private var stage = Stage.ready
    var isDraining = false
    var date = HTTPDateCache()

    private enum Stage {
        /// Events of the last poll, then timers, are looked at.
        case ready
        /// The owner has been told that the tick ended.
        case ended
    }

    /// - Parameters:
    ///   - configuration: Limits and times.
    ///   - acceptor: Listens for this loop and those it hands connections to; without listeners
    ///     in a loop that is only handed connections.
    ///   - endpoint: Where other threads reach this loop.
    ///   - siblings: The loops that an acceptor deals connections out to, after this one.
    ///   - counts: Counts the connections of all loops; the same for all of them.
    ///   - tls: With which certificate connections over IP are encrypted; `nil` for none.
    /// - Throws: When the kernel refuses a poller or to watch a listener.
    package init(
        configuration: TransportConfiguration,
        acceptor: consuming Acceptor,
        endpoint: LoopEndpoint,
        siblings: [LoopEndpoint] = [],
        counts: ConnectionCounts = ConnectionCounts(),
        tls: TLSContextSource? = nil
    ) throws(SystemError) {
        let poller = try Poller()
        try poller.add(endpoint.wakeup.descriptor, token: SpecialToken.wakeup.token, for: .readable)
        try Self.watch(acceptor.listeners, poller)
        self.poller = poller
        self.acceptor = acceptor
        self.configuration = configuration
        self.siblings = siblings
        standingFields = StandingFields(configuration)
        refusals = RefusalResponses(standing: standingFields.plain)
        codecs = SharedCodecs(level: configuration.compressionLevel)
        self.tls = tls
        wire = tls.map { _ in TLSWire() }
        arrivals = endpoint.arrivals
        wakeup = endpoint.wakeup
        now = MonotonicClock.milliseconds
        currentTick = now / TimerWheel.resolution
        admission = Admission(configuration.admission, counts: counts, now: now)
        wheel = TimerWheel(tick: currentTick)
        input = .allocate(byteCount: InputTurn.maximumBytes, alignment: 64)
    }

    deinit {
        input.deallocate()
    }

    /// The next thing that happened; waits for it when there is nothing.
    package mutating func nextEvent() -> TransportEvent {
        while true {
            if let event = continueInput() { return event }
            if let id = gone.popLast() {
                let wasUpgraded = slab[id.slot].pointee.isUpgraded
                if slab[id.slot].pointee.deflateBits != 0 { metrics.compressing -= 1 }
                slab.release(id)
                metrics.connections -= 1
                if wasUpgraded {
                    metrics.webSockets -= 1
                    return .closed(id)
                }
                continue
            }
            if readyIndex < readyCount {
                let (token, readiness) = poller.event(readyIndex)
                readyIndex += 1
                if let event = handle(token, readiness) { return event }
                continue
            }
            if let token = expired.popLast() {
                if let event = expire(token) { return event }
                continue
            }
            switch stage {
            case .ready:
                stage = .ended
                return .tickEnded
            case .ended:
                finishEndedByPeer()
                flushDirty()
                if gone.isEmpty { poll() }
                stage = .ready
            }
        }
    }

    /// Waits for readiness, and notes which timers are due.
    private mutating func poll() {
        let mayWait = maySleep && arrivals.prepareToSleep()
        readyIndex = 0
        readyCount = poller.wait(timeout: mayWait ? wheel.milliseconds(untilDueFrom: now) : 0)
        now = MonotonicClock.milliseconds
        currentTick = now / TimerWheel.resolution
        wheel.advance(to: currentTick, into: &expired)
        handshakeTime = 0
        // Whoever handed a connection to a loop that was awake has not signalled it.
        if !mayWait { adoptArrivals() }
    }

    private mutating func adoptArrivals() {
        for arrival in arrivals.takeAll() { adopt(arrival) }
    }

    private mutating func handle(_ token: UInt64, _ readiness: Readiness) -> TransportEvent? {
        guard let special = SpecialToken(token) else {
            return handleConnection(ConnectionID(token: token), readiness)
        }
        switch special {
        case .wakeup:
            wakeup.reset()
            adoptArrivals()
            return nil
        case .listener(let index):
            accept(from: index)
            return nil
        case .resumeAccepting, .alarm:
            return nil
        case .owner(let descriptor):
            return .readable(descriptor)
        }
    }

    @inline(__always)
    private mutating func handleConnection(
        _ id: ConnectionID,
        _ readiness: Readiness
    ) -> TransportEvent? {
        guard let connection = slab.find(id), connection.pointee.phase != .gone else { return nil }
        if readiness.isOnlyReadable {
            receive(id, connection, broken: false)
            return nil
        }
        var event: TransportEvent?
        if readiness.isWritable {
            flushOutbox(id)
            if connection.pointee.phase == .webSocket, !connection.pointee.watchesWritable {
                event = .writable(id)
            }
        }
        if connection.pointee.phase != .gone, readiness.isReadable {
            receive(id, connection, broken: readiness.isBroken)
        }
        return event
    }
}

/// What a token with generation 0 means: no connection has that.
enum SpecialToken {
    case wakeup
    case listener(Int)
    case resumeAccepting
    case owner(CInt)
    /// A time that the owner asked to be woken at.
    case alarm

    init?(_ token: UInt64) {
        guard token >> 32 == 0 else { return nil }
        let value = Int(token & 0x0FFF_FFFF)
        switch token >> 28 {
        case 0: self = .wakeup
        case 1: self = .listener(value)
        case 2: self = .resumeAccepting
        case 4: self = .alarm
        default: self = .owner(CInt(truncatingIfNeeded: value))
        }
    }

    var token: UInt64 {
        switch self {
        case .wakeup: 0
        case .listener(let index): 1 << 28 | UInt64(index)
        case .resumeAccepting: 2 << 28
        case .owner(let descriptor): 3 << 28 | UInt64(descriptor)
        case .alarm: 4 << 28
        }
    }
}

/// Where other threads reach a loop.
package struct LoopEndpoint: Sendable {
    package let wakeup: Wakeup
    let arrivals: Mailbox<ArrivingConnection>

    package init() throws(SystemError) {
        wakeup = try Wakeup()
        arrivals = Mailbox(wakeup: wakeup)
    }
}
