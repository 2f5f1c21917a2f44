import EventLoops
import JSONRPC

/// A client that does what protocol.md tells a client to do, and checks all it is told: it comes back
/// after each loss, recovers with `since`, and sends again under the same key what was not answered.
final class SimulatedClient {
    let name: String
    private let path: UnixSocketPath
    let ledger: Ledger
    private let trace: Trace
    var random: SeededGenerator
    private let compresses: Bool
    private let isDeep: Bool

    var subscriptions: [Subscription] = []
    /// What is to be sent, or to be sent again.
    private var queue: [Request] = []
    private var unanswered: [Int: (request: Request, since: UInt64)] = [:]
    private var nextID = 1
    private(set) var link: SimulatedLink?
    private var socket: ClientSocket?
    private(set) var isOpen = false
    private var connectsAt: UInt64 = 0
    private(set) var connections = 0
    /// When the next command of its own comes; `.max` in the calm at the end.
    var actsAt: UInt64 = 0
    var isCalm = false
    var nextKey = 0
    /// The agent whose worker it is.
    let worksFor: String?
    var leases: [Lease] = []

    private static let answerTimeout: UInt64 = 40_000_000_000
    private static let maximumOpen = 6
    /// Methods about something that may not be there.
    private static let mayBeAbsent: Set<String> = [
        "hub.history", "workflows.start", "schedules.pause", "schedules.resume",
        "schedules.delete",
    ]

    init(
        _ name: String,
        path: UnixSocketPath,
        ledger: Ledger,
        trace: Trace,
        random: SeededGenerator,
        isDeep: Bool
    ) {
        self.name = name
        self.path = path
        self.ledger = ledger
        self.trace = trace
        self.random = random
        self.isDeep = isDeep
        compresses = self.random.chance(0.3)
        worksFor = self.random.chance(0.4) ? self.random.pick(SimulatedAgent.identities) : nil
        connectsAt = self.random.time(0...300_000_000)
        actsAt = connectsAt
    }

    // MARK: What the world asks

    /// When it does something although nothing comes.
    var nextDue: UInt64 {
        guard link != nil else { return connectsAt }
        var due = actsAt
        if isOpen {
            due = min(due, nextReport)
            for request in queue { due = min(due, request.notBefore) }
            for subscription in subscriptions where subscription.isWanted {
                due = min(due, subscription.notBefore)
            }
        }
        for (_, since) in unanswered.values { due = min(due, since + Self.answerTimeout) }
        return due
    }

    /// Tasks whose creation somebody was told of.
    var knownTasks: [String] { ledger.taskIDs }

    /// Nothing is to be done or waited for.
    var isQuiet: Bool {
        isOpen && queue.isEmpty && unanswered.isEmpty
            && subscriptions.allSatisfy { $0.isLive && !$0.isAsking }
    }

    func request(_ request: Request) { queue.append(request) }

    // MARK: What happens to it

    func timePassed(at now: UInt64) {
        guard link != nil else { return connect(at: now) }
        if unanswered.values.contains(where: { now >= $0.since + Self.answerTimeout }) {
            trace.note("\(name): no answer")
            return disconnect(at: now)
        }
        if isOpen {
            if !isCalm, now >= actsAt { act(at: now) }
            report(at: now)
            flush(at: now)
        } else if now >= actsAt {
            // It acts once it is connected.
            actsAt = now + 100_000_000
        }
    }

    private func connect(at now: UInt64) {
        guard now >= connectsAt else { return }
        let latency = random.time(0...(random.chance(0.1) ? 300_000_000 : 5_000_000))
        guard let link = SimulatedLink(to: path, latency: latency, random: random.branch()) else {
            connectsAt = now + random.time(10_000_000...1_000_000_000)
            return
        }
        trace.note("\(name): connects")
        connections += 1
        self.link = link
        var socket = ClientSocket(compresses: compresses, random: random.branch())
        link.send(socket.takeOutput(), at: now)
        self.socket = consume socket
        // The opening is waited for like an answer.
        unanswered[0] = (Request("opening", [:]), now)
    }

    /// The connection is gone, for one reason or another.
    func disconnect(at now: UInt64) {
        guard link != nil else { return }
        trace.note("\(name): is disconnected")
        link = nil
        socket = nil
        isOpen = false
        for id in unanswered.keys.sorted() {
            // What has no key may have been done, so it is not sent again.
            if let request = unanswered[id]?.request, request.key != nil { queue.append(request) }
        }
        unanswered = [:]
        leases = []
        // What is said of an attempt counts on its connection only.
        queue.removeAll { $0.kind != .command || $0.lease != nil }
        for index in subscriptions.indices { subscriptions[index].disconnected() }
        connectsAt = now + random.time(1_000_000...(isCalm ? 500_000_000 : 3_000_000_000))
    }

    func arrived(_ arrival: SimulatedLink.Arrival, at now: UInt64) {
        guard case .bytes(let bytes) = arrival else { return disconnect(at: now) }
        let outputs = socket?.receive(bytes) ?? []
        for output in outputs {
            switch output {
            case .message(let message): receive(message, at: now)
            case .closed:
                send(at: now)
                if let problem = socket?.problem { ledger.fail("\(name): \(problem)") }
                return disconnect(at: now)
            }
        }
        if let problem = socket?.problem { ledger.fail("\(name): \(problem)") }
        flush(at: now)
    }

    // MARK: Messages

    private func flush(at now: UInt64) {
        guard isOpen else { return }
        subscribe(at: now)
        var waiting: [Request] = []
        for request in queue {
            let isFree = unanswered.count < Self.maximumOpen || request.kind != .command
            guard request.notBefore <= now, isFree else {
                waiting.append(request)
                continue
            }
            let id = nextID
            nextID += 1
            unanswered[id] = (request, now)
            var message: [UInt8] = []
            message.appendRequest(
                id: Array("\(id)".utf8),
                method: request.method,
                params: request.params.encoded()
            )
            trace.note("\(name): \(id) \(request.method) \(request.key ?? "")")
            socket?.send(message)
        }
        queue = waiting
        send(at: now)
    }

    private func send(at now: UInt64) {
        if let output = socket?.takeOutput() { link?.send(output, at: now) }
    }

    private func subscribe(at now: UInt64) {
        for index in subscriptions.indices
        where subscriptions[index].isWanted && subscriptions[index].notBefore <= now {
            subscriptions[index].isAsking = true
            let params = subscriptions[index].params(presenceID: name)
            queue.append(
                Request(
                    "hub.subscribe",
                    params.objectValue ?? [:],
                    kind: .subscribe(index)
                )
            )
        }
    }

    private func receive(_ message: JSONValue, at now: UInt64) {
        if let method = message["method"]?.stringValue {
            if let id = message["id"] {
                return requested(method, message["params"] ?? [:], id: id, at: now)
            }
            return notified(method, message["params"] ?? [:], at: now)
        }
        guard let id = message["id"]?.intValue, let (request, _) = unanswered[id] else {
            return ledger.fail("\(name): an answer to nothing: \(message)")
        }
        unanswered[id] = nil
        if let result = message["result"] {
            trace.note("\(name): \(id) is answered")
            answered(request, result, at: now)
        } else {
            let error = message["error"] ?? [:]
            trace.note("\(name): \(id) \(error["data"]?["code"]?.stringValue ?? "")")
            refused(request, error, at: now)
        }
    }

    private func requested(_ method: String, _ params: JSONValue, id: JSONValue, at now: UInt64) {
        guard method == "worker.execute" else {
            return ledger.fail("\(name): is asked for \(method)")
        }
        trace.note("\(name): is given lease \(params["leaseId"]?.stringValue ?? "")")
        if let answer = execute(params, id: id, at: now) { socket?.send(answer) }
    }

    private func notified(_ method: String, _ params: JSONValue, at now: UInt64) {
        switch method {
        case "session.welcome":
            isOpen = true
            unanswered[0] = nil
            register(at: now)
        case "worker.cancel":
            cancelled(params)
        case "worker.dismissed":
            dismissed(at: now)
        case "hub.event":
            let channel = (params["pattern"] ?? params["channel"])?.stringValue
            guard let index = subscriptions.firstIndex(where: { $0.channel == channel }),
                subscriptions[index].isLive
            else { return ledger.fail("\(name): not subscribed to what came: \(params)") }
            subscriptions[index].received(params, ledger)
            trace.note("\(name): \(channel ?? "") \(subscriptions[index].reached)")
        case "hub.lagged":
            guard let index = index(of: params), subscriptions[index].isLive else {
                return ledger.fail("\(name): not subscribed to what lags: \(params)")
            }
            subscriptions[index].lagged(params, ledger)
            trace.note("\(name): lags to \(params["to"]?.intValue ?? 0)")
        case "hub.presence":
            guard let index = index(of: params), let id = params["member"]?["id"]?.stringValue
            else { return ledger.fail("\(name): no such presence: \(params)") }
            if params["action"] == "leave" {
                subscriptions[index].members.remove(id)
            } else {
                subscriptions[index].members.insert(id)
            }
        case "session.draining", "session.heartbeat", "hub.storage":
            break
        default:
            ledger.fail("\(name): what is \(method)?")
        }
    }

    private func index(of params: JSONValue) -> Int? {
        subscriptions.firstIndex { $0.channel == params["channel"]?.stringValue }
    }

    private func answered(_ request: Request, _ result: JSONValue, at now: UInt64) {
        switch request.kind {
        case .subscribe(let index):
            subscriptions[index].subscribed(result, ledger, isDeep: isDeep)
            trace.note("\(name): \(subscriptions[index].channel) \(subscriptions[index].reached)")
            guard subscriptions[index].watchesPresence else { return }
            let channel = subscriptions[index].channel
            queue.append(
                Request("hub.presence", ["channel": .string(channel)], kind: .members(index))
            )
        case .unsubscribe(let index):
            subscriptions[index].unsubscribed()
        case .members(let index):
            let members = result["members"]?.arrayValue ?? []
            subscriptions[index].members = Set(members.compactMap { $0["id"]?.stringValue })
        case .registration:
            break
        case .command:
            if let lease = request.lease {
                return ledger.acknowledged(request.method, of: lease, result)
            }
            guard let key = request.key else { return }
            ledger.answer(request.method, key: key, channel: request.channel, result)
            if !isCalm, random.chance(0.15) {
                request.notBefore = now + random.time(0...2_000_000_000)
                queue.append(request)
            }
        }
    }

    private func refused(_ request: Request, _ error: JSONValue, at now: UInt64) {
        let code = error["data"]?["code"]?.stringValue ?? ""
        switch code {
        case "BUSY", "STORAGE_UNAVAILABLE", "RATE_LIMITED":
            let later = now + random.time(50_000_000...1_000_000_000)
            if case .subscribe(let index) = request.kind {
                subscriptions[index].isAsking = false
                subscriptions[index].notBefore = later
            } else if request.key != nil || request.kind == .registration {
                request.notBefore = later
                queue.append(request)
            }
        case "CONFLICT" where request.kind == .command:
            break
        case "NOT_FOUND" where Self.mayBeAbsent.contains(request.method):
            break
        default:
            ledger.fail("\(name): \(request.method) \(request.params) is refused: \(error)")
        }
    }
}
