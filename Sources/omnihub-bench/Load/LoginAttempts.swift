import EventLoops
import WebSocketProtocol

/// Tries to sign in with wrong passwords, so many times a second, whatever becomes of earlier attempts.
///
/// Each attempt is for another account, so that what bounds them is the hub's pool for passwords and
/// not the patience with one account.
final class LoginAttempts {
    private static let connections = 16

    private let clients: [BenchClient]
    private var inbox = FrameInbox(lanes: LoginAttempts.connections, longestFrame: 16 * 1024)
    private let period: UInt64
    private var nextDue: UInt64
    private var number = 0
    private var frame: [UInt8] = []
    /// Since measuring began.
    private var checked = 0
    private var refused = 0

    init(_ server: ServerProcess, perSecond: Int) throws {
        clients = try (0..<Self.connections).map { _ in
            let client = try BenchClient(server)
            try client.send(text: FanoutLoad.pingRequest)
            try client.awaitMessage(containing: #""result""#)
            try client.makeNonBlocking()
            return client
        }
        period = 1_000_000_000 / UInt64(perSecond)
        nextDue = MonotonicClock.nanoseconds
    }

    /// Sends the attempts that are due, and counts the answers that have come.
    func advance(to now: UInt64) throws(BenchError) {
        guard now >= nextDue else { return }
        while nextDue <= now {
            nextDue += period
            number += 1
            let request =
                #"{"jsonrpc":"2.0","id":1,"method":"auth.login","params":"#
                + #"{"email":"nobody\#(number)@example.org","password":"correct horse"}}"#
            let text = Array(request.utf8)
            frame.removeAll(keepingCapacity: true)
            frame.appendFrame(.text, payload: text.span, maskingKey: BenchClient.maskingKey)
            let descriptor = clients[number % clients.count].descriptor
            let transfer = frame.withUnsafeBytes { StreamSocket.send(descriptor, $0) }
            guard transfer == .bytes(frame.count) else { throw .disconnected }
        }
        try receive(number % clients.count)
    }

    private func receive(_ lane: Int) throws(BenchError) {
        switch inbox.receive(clients[lane].descriptor, lane: lane) {
        case .bytes: break
        case .wouldBlock: return
        case .ended, .failed: throw .disconnected
        }
        while let frame = try inbox.next() {
            guard frame.opcode == 1 else { continue }
            if frame.payload.firstRange(of: Self.wrong) != nil {
                checked += 1
            } else if frame.payload.firstRange(of: Self.busy) != nil {
                refused += 1
            } else {
                let text = String(decoding: frame.payload, as: UTF8.self)
                throw BenchError("an attempt to sign in was answered '\(text)'")
            }
        }
    }

    private static let wrong = Array("UNAUTHENTICATED".utf8)
    private static let busy = Array(#""BUSY""#.utf8)

    func begin() {
        checked = 0
        refused = 0
    }

    /// What has become of the attempts, `wall` nanoseconds after ``begin()``.
    func figures(after wall: UInt64) -> [Figure] {
        let seconds = Double(wall) / 1e9
        return [
            Figure(kind: .loginsChecked, value: Double(checked) / seconds),
            Figure(kind: .loginsRefused, value: Double(refused) / seconds),
        ]
    }
}
