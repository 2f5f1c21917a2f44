import CLinux
import EventLoops
import Glibc
import WebSocketProtocol

/// Sends a message on many connections, and sends it again whenever it was answered.
struct RoundTripDriver: ~Copyable {
    /// What an answer must be.
    enum Expectation {
        case equal([UInt8])
        case beginning([UInt8])
    }

    private let poller: Poller
    private let clients: [BenchClient]
    private let descriptors: [CInt]
    private let tls: LoadTLS?
    private var inbox: FrameInbox
    private let answer: Expectation
    /// As many frames as are on their way in one connection.
    private let frames: [UInt8]
    private let frameLength: Int
    private let inFlight: Int
    /// When the messages on their way were sent: a ring for each connection.
    private var sendTimes: [UInt64]
    private var oldest: [Int]
    private var latency = LatencyHistogram()
    private var messages = 0
    private var answerLength = 0

    /// - Parameters:
    ///   - clients: Their connections, on which nothing is to come unasked.
    ///   - tls: How they are encrypted; `nil` when they are not.
    ///   - message: What is sent, as text.
    ///   - inFlight: Messages on their way in each connection.
    ///   - answer: What must come back for each.
    /// - Throws: When a connection cannot be watched.
    init(
        _ clients: [BenchClient],
        tls: LoadTLS? = nil,
        message: [UInt8],
        inFlight: Int,
        answer: Expectation
    ) throws {
        let poller = try Poller()
        for (index, client) in clients.enumerated() {
            try client.makeNonBlocking()
            try poller.add(client.descriptor, token: UInt64(index), for: .readable)
        }
        var frame: [UInt8] = []
        frame.appendFrame(.text, payload: message.span, maskingKey: BenchClient.maskingKey)
        self.poller = poller
        self.clients = clients
        self.answer = answer
        self.tls = tls
        descriptors = clients.map(\.descriptor)
        frameLength = frame.count
        frames = Array(repeatElement(frame, count: inFlight).joined())
        self.inFlight = inFlight
        inbox = FrameInbox(lanes: clients.count, longestFrame: frame.count + 1_024)
        sendTimes = Array(repeating: 0, count: clients.count * inFlight)
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
                return try Measurement(
                    messages: messages,
                    clock: clock,
                    latency: latency,
                    payloadLengths: PayloadLengths(publication: 0, answer: answerLength)
                )
            }
            for index in 0..<ready {
                try receive(Int(poller.event(index).token))
            }
        }
    }

    private mutating func receive(_ lane: Int) throws(BenchError) {
        let transfer: Transfer
        if let tls, let session = clients[lane].session {
            transfer = inbox.receive(descriptors[lane], lane: lane, by: session, tls)
        } else {
            transfer = inbox.receive(descriptors[lane], lane: lane)
        }
        switch transfer {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        let now = MonotonicClock.nanoseconds
        var returned = 0
        while let frame = try inbox.next() {
            // A ping may come between.
            if frame.opcode == 9 { continue }
            guard frame.opcode == 1, isExpected(frame.payload) else {
                throw BenchError(
                    "a message was answered '\(String(decoding: frame.payload, as: UTF8.self))'"
                )
            }
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

    @inline(__always)
    private mutating func isExpected(_ payload: UnsafeMutableRawBufferPointer) -> Bool {
        switch answer {
        case .equal(let bytes):
            return bytes.withUnsafeBytes { payload.elementsEqual(bytesOf: $0) }
        case .beginning(let bytes):
            answerLength = payload.count
            guard payload.count >= bytes.count else { return false }
            let start = UnsafeMutableRawBufferPointer(rebasing: payload[..<bytes.count])
            return bytes.withUnsafeBytes { start.elementsEqual(bytesOf: $0) }
        }
    }

    /// Sends `count` messages, which take the places of the oldest ones.
    private mutating func send(_ count: Int, _ lane: Int, _ now: UInt64) throws(BenchError) {
        for _ in 0..<count {
            sendTimes[lane * inFlight + oldest[lane]] = now
            oldest[lane] = (oldest[lane] + 1) % inFlight
        }
        let length = count * frameLength
        let descriptor = descriptors[lane]
        if let tls, let session = clients[lane].session {
            return try tls.send(frames[..<length], by: session, to: descriptor)
        }
        let transfer = frames.withUnsafeBytes { bytes in
            StreamSocket.send(descriptor, UnsafeRawBufferPointer(rebasing: bytes[..<length]))
        }
        guard transfer == .bytes(length) else { throw .disconnected }
    }
}

extension UnsafeMutableRawBufferPointer {
    func elementsEqual(bytesOf other: UnsafeRawBufferPointer) -> Bool {
        guard count == other.count else { return false }
        guard let mine = baseAddress, let others = other.baseAddress else { return true }
        return memcmp(mine, others, count) == 0
    }
}
