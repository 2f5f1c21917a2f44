import EventLoops
import Glibc
import WebSocketProtocol

/// Sends messages on many connections and sends each one again when it has come back.
struct EchoLoad: Load {
    var connections = 100
    var payloadLength: Int
    /// Messages on their way in each connection; they are sent together as they come back.
    var inFlight = 1

    func startServer(_ programs: Programs) throws -> ServerProcess {
        try ServerProcess([programs.echo, "--listen", "127.0.0.1:0"])
    }

    func startFloor(_ programs: Programs, like server: Measurement) throws -> ServerProcess {
        try ServerProcess([programs.bench, "floor-echo"])
    }

    func run(on server: ServerProcess, for interval: Interval) throws -> Measurement {
        let clients = try (0..<connections).map { _ in try BenchClient(server) }
        var driver = try EchoDriver(self, clients)
        return try driver.run(RunClock(interval, server: server.clock))
    }
}

/// The client side of an echo run.
private struct EchoDriver: ~Copyable {
    private let poller: Poller
    private let clients: [BenchClient]
    private let descriptors: [CInt]
    private var inbox: FrameInbox
    private let payload: [UInt8]
    /// As many frames as are on their way in one connection.
    private let frames: [UInt8]
    private let frameLength: Int
    private let inFlight: Int
    /// When the messages on their way were sent: a ring for each connection.
    private var sendTimes: [UInt64]
    private var oldest: [Int]
    private var latency = LatencyHistogram()
    private var messages = 0

    init(_ load: EchoLoad, _ clients: [BenchClient]) throws {
        let poller = try Poller()
        for (index, client) in clients.enumerated() {
            try client.makeNonBlocking()
            try poller.add(client.descriptor, token: UInt64(index), for: .readable)
        }
        let payload = (0..<load.payloadLength).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        var frame: [UInt8] = []
        frame.appendFrame(.text, payload: payload.span, maskingKey: BenchClient.maskingKey)
        self.poller = poller
        self.clients = clients
        self.payload = payload
        descriptors = clients.map(\.descriptor)
        frameLength = frame.count
        frames = Array(repeatElement(frame, count: load.inFlight).joined())
        inFlight = load.inFlight
        inbox = FrameInbox(lanes: clients.count, longestFrame: frame.count)
        sendTimes = Array(repeating: 0, count: clients.count * load.inFlight)
        oldest = Array(repeating: 0, count: clients.count)
    }

    /// Never sleeps, so that the server has nobody to wake.
    mutating func run(_ clock: consuming RunClock) throws -> Measurement {
        let start = MonotonicClock.nanoseconds
        for lane in descriptors.indices { try send(inFlight, lane, start) }
        while true {
            let ready = poller.wait(timeout: 0)
            switch clock.advance(to: MonotonicClock.nanoseconds) {
            case .warmingUp, .measuring:
                break
            case .begins:
                latency.removeAll()
                messages = 0
            case .over:
                return try Measurement(messages: messages, clock: clock, latency: latency)
            }
            for index in 0..<ready {
                try receive(Int(poller.event(index).token))
            }
        }
    }

    private mutating func receive(_ lane: Int) throws(BenchError) {
        switch inbox.receive(descriptors[lane], lane: lane) {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        let now = MonotonicClock.nanoseconds
        var returned = 0
        while let frame = try inbox.next() {
            // A ping may come between.
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1,
                payload.withUnsafeBytes({ frame.payload.elementsEqual(bytesOf: $0) })
            else { throw BenchError("an echo differs from what was sent") }
            let place = lane * inFlight + (oldest[lane] + returned) % inFlight
            latency.record(now &- sendTimes[place])
            returned += 1
            guard returned <= inFlight else {
                throw BenchError("more came back than was sent")
            }
        }
        messages += returned
        if returned > 0 { try send(returned, lane, now) }
    }

    /// Sends `count` messages, which take the places of the oldest ones.
    private mutating func send(_ count: Int, _ lane: Int, _ now: UInt64) throws(BenchError) {
        for _ in 0..<count {
            sendTimes[lane * inFlight + oldest[lane]] = now
            oldest[lane] = (oldest[lane] + 1) % inFlight
        }
        let length = count * frameLength
        let descriptor = descriptors[lane]
        let transfer = frames.withUnsafeBytes { bytes in
            StreamSocket.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        }
        guard transfer == .bytes(length) else { throw .disconnected }
    }
}

extension UnsafeMutableRawBufferPointer {
    fileprivate func elementsEqual(bytesOf other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let mine = baseAddress, let others = other.baseAddress else { return true }
        return memcmp(mine, others, count) == 0
    }
}
