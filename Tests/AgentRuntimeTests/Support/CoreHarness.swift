import HubCore
import Identity
import JSONRPC
import JSONSchema
import Journal

@testable import AgentRuntime

/// A core with a clock, a random source and agents that the test plays itself.
struct CoreHarness {
    var core: RuntimeCore
    var now: Moment
    private(set) var catalogue: TaskCatalogue
    /// All events since the state was empty, or since the harness resumed.
    private(set) var log: [LoggedEvent] = []
    /// But for those of the audit.
    private(set) var recorded: [RecordedEvent] = []
    private(set) var audited: [RecordedEvent] = []
    private(set) var replies: [UInt64: Result<Reply, RPCError>] = [:]
    /// Begun, and neither ended nor lost.
    private(set) var running: [(token: UInt64, attempt: PreparedAttempt)] = []
    private(set) var cancelled: Set<UInt64> = []
    private(set) var starts: [(id: String, generation: UInt64)] = []
    private(set) var stops: [(id: String, generation: UInt64)] = []
    private(set) var snapshots: [RuntimeState] = []
    private(set) var approvals: [UInt64] = []
    /// What workers were told since somebody took it.
    var told: [(link: WorkerLink, message: WorkerMessage)] = []
    private var nextTicket: UInt64 = 1

    static let start = Moment(
        wall: Timestamp(millisecondsSince1970: 1_800_000_000_000),
        monotonic: .seconds(1000)
    )

    /// A hub that has booted; `startsAgents` lets every agent start at once.
    init(
        state: RuntimeState = RuntimeState(),
        agents: [String] = ["worker"],
        configuration: RuntimeConfiguration = RuntimeConfiguration(),
        seed: UInt64 = 1,
        at now: Moment = start,
        startsAgents: Bool = true
    ) throws {
        catalogue = try TaskCatalogue(agents.map { .test($0) })
        self.now = now
        core = RuntimeCore(
            state: state,
            catalogue: catalogue,
            configuration: configuration,
            at: now,
            random: RandomSource(SplitMix64(seed: seed))
        )
        // What workers have declared is in the state.
        catalogue = core.catalogue
        core.boot(at: now, epoch: state.epoch.isEmpty ? "epoch" : state.epoch)
        collect()
        if startsAgents { finishStarts() }
    }

    var state: RuntimeState { core.state }
    var types: [String] { recorded.map(\.event.type.rawValue) }

    mutating func submit(
        _ command: Command,
        user: String = "anna",
        session: String = "session",
        principal: Principal? = nil,
        key: String? = nil
    ) -> UInt64 {
        let ticket = nextTicket
        nextTicket += 1
        var order = Order(
            command: command,
            caller: Caller(
                userID: user,
                sessionID: session,
                address: "192.0.2.1",
                transport: "websocket",
                principal: principal
            ),
            idempotencyKey: key,
            ticket: ticket
        )
        if case .createTask(let params) = command {
            order.draft = Result { () throws(RPCError) in
                try TaskDraft(
                    params: params,
                    catalogue: catalogue,
                    configuration: core.configuration
                )
            }
        }
        core.execute(order, at: now)
        collect()
        return ticket
    }

    /// Submits a command that does not wait, and gives its answer.
    mutating func call(
        _ command: Command,
        user: String = "anna",
        session: String = "session",
        key: String? = nil
    ) throws(RPCError) -> JSONValue {
        let ticket = submit(command, user: user, session: session, key: key)
        return try answer(to: ticket) ?? "no answer"
    }

    func answer(to ticket: UInt64) throws(RPCError) -> JSONValue? {
        try replies[ticket]?.get().value
    }

    func error(of ticket: UInt64) -> RPCError? {
        if case .failure(let error) = replies[ticket] { error } else { nil }
    }

    /// Submits a command and gives the error that it is answered with at once, if it is.
    mutating func refusal(of command: Command) -> RPCError? {
        let ticket = submit(command)
        return error(of: ticket)
    }

    /// Creates a task of the worker and gives its id.
    mutating func create(
        _ type: String = "worker.work",
        _ extra: JSONObject = [:],
        n: Int = 1
    ) throws -> String {
        var params: JSONObject = ["type": .string(type), "payload": ["n": .integer(n)]]
        for member in extra.members { params[member.name] = member.value }
        return try call(.createTask(params: .object(params)))["id"]?.stringValue ?? ""
    }

    mutating func report(_ report: AgentReport) {
        if case .ended(let token, _) = report { running.removeAll { $0.token == token } }
        core.handle(report, at: now)
        collect()
    }

    mutating func report(_ report: WorkerReport) {
        core.handle(report, at: now)
        collect()
    }

    mutating func end(_ taskID: String, _ outcome: AttemptOutcome = .completed(.ok)) {
        guard let token = running.last(where: { $0.attempt.taskID == taskID })?.token else {
            return
        }
        report(.ended(token, outcome))
    }

    /// Lets time pass on both clocks, and what is due happen.
    mutating func advance(_ duration: Duration) {
        now.monotonic += duration
        now.wall = now.wall.advanced(byMilliseconds: duration.wholeMilliseconds)
        core.advance(to: now)
        collect()
    }

    mutating func stepWallClock(byMilliseconds milliseconds: Int64) {
        now.wall = now.wall.advanced(byMilliseconds: milliseconds)
    }

    mutating func finishStarts(failure: String? = nil) {
        let waiting = starts
        starts = []
        for (id, generation) in waiting {
            report(.started(agentID: id, generation: generation, failure: failure))
        }
    }

    mutating func finishStops() {
        let waiting = stops
        stops = []
        for (id, generation) in waiting { report(.stopped(agentID: id, generation: generation)) }
    }

    mutating func collect() {
        let output = core.takeOutput()
        for (recorded, keys) in output.events {
            log.append(
                LoggedEvent(event: recorded.event, json: recorded.json, idempotencyKeys: keys)
            )
            if case .audit = recorded.event.change {
                audited.append(recorded)
            } else {
                self.recorded.append(recorded)
            }
        }
        for action in output.actions {
            switch action {
            case .reply(let ticket, let result):
                precondition(replies.updateValue(result, forKey: ticket) == nil, "answered twice")
            case .startAttempt(let token, let attempt): running.append((token, attempt))
            case .cancelAttempt(let token): cancelled.insert(token)
            case .tellWorker(let link, let message): told.append((link, message))
            case .publishCatalogue(let new): catalogue = new
            case .startAgent(let id, let generation, _): starts.append((id, generation))
            case .stopAgent(let id, let generation): stops.append((id, generation))
            case .writeSnapshot(let state): snapshots.append(state)
            case .tell(let completion): completion()
            case .approveRemoval(let sequence): approvals.append(sequence)
            }
        }
    }
}

extension JSONText {
    static let ok = JSONText(Array(#"{"ok":true}"#.utf8))
}

extension Reply {
    var value: JSONValue { (try? JSONValue(parsing: result)) ?? "not JSON" }
}

extension RuntimeState {
    /// The state that the events leave behind, each of them written and read again.
    static func replaying(_ log: [LoggedEvent], from start: RuntimeState = .init()) throws
        -> RuntimeState
    {
        var state = start
        for logged in log {
            var copy = state
            let places = copy.apply(logged)
            let recorded = RecordedEvent(
                event: logged.event,
                json: logged.event.encoded(),
                positions: places
            )
            let (decoded, decodedRecord) = try LoggedEvent.decode(.encoding(logged, recorded))
            precondition(decodedRecord == recorded, "lost in the record: \(recorded)")
            _ = state.apply(decoded)
        }
        return state
    }

    func task(_ id: String) throws -> TaskRecord {
        guard let record = tasks[id] else { throw StateDecodingError(path: id, problem: "gone") }
        return record
    }
}

extension JournalRecord {
    static func encoding(_ logged: LoggedEvent, _ recorded: RecordedEvent) -> JournalRecord {
        LoggedEvent.encode(recorded, answering: logged.idempotencyKeys)
    }
}
