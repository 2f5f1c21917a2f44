import EventLoops
import Glibc

/// A connection of a client to the hub, and the network between the two: it takes time, cuts what is
/// sent into pieces, stops carrying anything for a while, and breaks in the middle of a frame.
///
/// The hub's end is a real socket. Only what the client does not see is decided here.
final class SimulatedLink {
    enum Arrival: Equatable {
        case bytes([UInt8])
        /// The connection is closed or broken.
        case ended
    }

    private struct Parcel {
        var due: UInt64
        var bytes: [UInt8]
    }

    private let socket: OutgoingSocket
    /// Nothing passes in either direction before this moment.
    var stalledUntil: UInt64 = 0
    /// The client takes nothing before this moment, and the kernels' buffers fill.
    var readsFrom: UInt64 = 0
    /// The network loses the connection; what is on its way is gone.
    private(set) var isCut = false
    private var toHub: [Parcel] = []
    private var toClient: [Parcel] = []
    private var hasEnded = false
    private let latency: UInt64
    private var random: SeededGenerator

    /// - Returns: `nil` when nobody listens.
    init?(to path: UnixSocketPath, latency: UInt64, random: SeededGenerator) {
        guard let socket = try? OutgoingSocket(connectingTo: .unix(path)) else { return nil }
        self.socket = socket
        self.latency = latency
        self.random = random
    }

    func send(_ bytes: [UInt8], at now: UInt64) {
        guard !bytes.isEmpty, !isCut else { return }
        toHub.append(Parcel(due: after(now, toHub.last), bytes: bytes))
    }

    private func after(_ now: UInt64, _ last: Parcel?) -> UInt64 {
        // Connections overtake each other; within one, bytes never do.
        max(last?.due ?? 0, now + random.time(0...latency))
    }

    func cut() {
        isCut = true
        toHub = []
        toClient = []
    }

    var descriptor: CInt { socket.descriptor }

    /// Whether the kernel should be asked for bytes.
    func wantsToRead(at now: UInt64) -> Bool {
        !isCut && !hasEnded && now >= stalledUntil && now >= readsFrom
    }

    /// When the next thing happens that does not depend on the hub.
    var nextDue: UInt64 {
        if isCut { return 0 }
        let due = min(toHub.first?.due ?? .max, toClient.first?.due ?? .max)
        return due == .max ? .max : max(due, stalledUntil)
    }

    /// When it begins to read again, for one who waits for that.
    var readsAgain: UInt64 { hasEnded ? .max : max(stalledUntil, readsFrom) }

    /// Carries one thing that is due, to the hub or to the client.
    func carry(at now: UInt64) -> Arrival? {
        if isCut { return .ended }
        guard now >= stalledUntil else { return nil }
        if let first = toHub.first, first.due <= now,
            random.chance(0.5) || toClient.first.map({ $0.due > now }) ?? true
        {
            carryToHub(first, at: now)
            return nil
        }
        guard let first = toClient.first, first.due <= now else { return nil }
        toClient.removeFirst()
        return first.bytes.isEmpty ? .ended : .bytes(first.bytes)
    }

    private func carryToHub(_ parcel: Parcel, at now: UInt64) {
        let count =
            random.chance(0.7) ? parcel.bytes.count : random.number(1...parcel.bytes.count)
        switch socket.send(parcel.bytes[..<count]) {
        case .bytes(let sent) where sent == parcel.bytes.count:
            toHub.removeFirst()
        case .bytes(let sent):
            let due = now + random.time(0...latency)
            toHub[0] = Parcel(due: due, bytes: Array(parcel.bytes[sent...]))
        case .wouldBlock:
            toHub[0].due = now + 1_000_000
        case .ended, .failed:
            toHub = []
        }
    }

    /// Takes some of what the hub has sent; it arrives later.
    func read(at now: UInt64) {
        let limit = random.chance(0.8) ? 65_536 : random.number(1...200)
        var part = [UInt8](repeating: 0, count: limit)
        switch socket.receive(into: &part) {
        case .bytes(let count):
            toClient.append(Parcel(due: after(now, toClient.last), bytes: Array(part[..<count])))
        case .wouldBlock:
            break
        case .ended, .failed:
            hasEnded = true
            toClient.append(Parcel(due: after(now, toClient.last), bytes: []))
        }
    }
}
