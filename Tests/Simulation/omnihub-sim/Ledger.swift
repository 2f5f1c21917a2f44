import AgentRuntime
import JSONRPC

/// What was promised in a run, by all lives of the hub to all clients, and whether it was kept.
///
/// It knows the promises of protocol.md and nothing of how the hub keeps them.
final class Ledger {
    /// The first promise that was broken.
    private(set) var violation: Violation?

    /// A publication's place.
    private struct Place: Hashable {
        var channel: String
        var epoch: String
        var offset: Int
    }

    /// What clients were sent, by place.
    private var delivered: [Place: JSONValue] = [:]
    /// Where data that is published once was seen, within an epoch.
    private var places: [String: Place] = [:]
    /// The first answer to each idempotency key, by method and key.
    private var answers: [String: JSONValue] = [:]
    /// Tasks whose creation was answered, by marker.
    private(set) var createdTasks: [String: String] = [:]
    private(set) var taskIDs: [String] = []
    /// Events that left the runtime, by sequence; the first is that of sequence 1.
    private(set) var released: [[UInt8]] = []
    /// Which event is where, in channels of the runtime.
    private var runtimePlaces: [String: [Int: Int]] = [:]
    private var tasks: [String: TaskHistory] = [:]
    private var heads: [String: Int] = [:]
    private(set) var epoch = ""
    var automation = Automation()
    /// Runs whose start was answered.
    private(set) var runIDs: [String] = []

    private(set) var deliveries = 0
    private(set) var repeatedAnswers = 0

    /// What the events of a task say so far.
    private struct TaskHistory {
        var attempt = 0
        var isFinal = false
        var isRunning = false
    }

    func fail(_ description: String) {
        if violation == nil { violation = Violation(description) }
    }

    // MARK: The runtime's side

    /// An event is on the disk.
    ///
    /// - Returns: Whether it left the runtime before; what did not may still be lost.
    func find(_ event: RecordedEvent) -> Bool {
        let sequence = Int(clamping: event.event.sequence)
        guard sequence <= released.count else { return false }
        if released[sequence - 1] != event.json {
            fail("event \(sequence) is another one than before: \(text(event.json))")
        }
        return true
    }

    /// The runtime let an event out, or begins with it as one that an earlier life could not.
    func release(_ event: RecordedEvent) {
        if find(event) { return }
        let sequence = Int(clamping: event.event.sequence)
        guard sequence == released.count + 1 else {
            return fail("event \(sequence) follows event \(released.count)")
        }
        released.append(event.json)
        for place in event.positions {
            let offset = Int(clamping: place.offset)
            let known = runtimePlaces[place.channel]?.count ?? 0
            if offset != known + 1 {
                fail("offset \(offset) follows offset \(known) in \(place.channel)")
            }
            runtimePlaces[place.channel, default: [:]][offset] = sequence
        }
        if case .systemStarted(let epoch, _, _) = event.event.change {
            if !self.epoch.isEmpty, epoch != self.epoch { fail("the runtime's epoch changed") }
            self.epoch = epoch
        }
        // The audit tells of tasks too, and changes none.
        if let id = event.event.taskID, event.event.type.rawValue.hasPrefix("task.") {
            follow(id, event.event.change)
        }
        switch event.event.change {
        case .workflow(let change): follow(change)
        case .schedule(let change): follow(change)
        case .taskCompleted(let result, _, _):
            if let id = event.event.taskID { followResult(result, ofTask: id) }
        default: break
        }
    }

    /// Offset of the newest publication in a channel of the runtime.
    func head(of channel: String) -> Int { runtimePlaces[channel]?.count ?? 0 }

    func isTask(_ id: String) -> Bool { tasks[id] != nil }

    private func follow(_ id: String, _ change: Change) {
        if case .taskCreated = change {
            if tasks.updateValue(TaskHistory(), forKey: id) != nil {
                fail("task \(id) was created twice")
            }
            return
        }
        guard var task = tasks[id] else { return fail("task \(id) was never created") }
        let wasFinal = task.isFinal
        switch change {
        case .taskStarted(let attempt, _, _):
            if attempt != task.attempt + 1 || task.isRunning {
                fail("task \(id): attempt \(attempt) follows attempt \(task.attempt)")
            }
            task.attempt = attempt
            task.isRunning = true
        case .taskCompleted, .taskFailed, .taskCancelled, .taskAbandoned, .taskDead:
            task.isFinal = true
            task.isRunning = false
        case .taskRetrying(_, _, _, _, .some):
            if !wasFinal { fail("task \(id) was retried by hand and was not final") }
            task = TaskHistory()
        case .taskRetrying:
            task.isRunning = false
        case .taskReleased(let attempt, _):
            // It does not count.
            if attempt != task.attempt { fail("task \(id): attempt \(attempt) is released") }
            task.attempt -= 1
            task.isRunning = false
        default:
            break
        }
        if wasFinal, task.isFinal { fail("task \(id) was final, and then \(change.type.rawValue)") }
        tasks[id] = task
    }

    var openTasks: Int { tasks.values.count { !$0.isFinal } }

    // MARK: The clients' side

    /// The newest offset that anybody knows of a channel of clients, or of a pattern.
    func head(of channel: String, epoch: String) -> Int { heads["\(channel) \(epoch)"] ?? 0 }

    func note(_ offset: Int, of channel: String, epoch: String) {
        heads["\(channel) \(epoch)"] = max(offset, head(of: channel, epoch: epoch))
    }

    /// A client was sent the publication of a place.
    func deliver(_ params: JSONValue, channel: String, epoch: String, offset: Int) {
        deliveries += 1
        note(offset, of: channel, epoch: epoch)
        let place = Place(channel: channel, epoch: epoch, offset: offset)
        if let known = delivered.updateValue(params, forKey: place), known != params {
            fail(
                "offset \(offset) of \(channel) was two publications: "
                    + "\(text(known.encoded())) and \(text(params.encoded()))"
            )
        }
        if let marker = params["data"]?["marker"]?.stringValue {
            let name = "\(channel) \(epoch) \(marker)"
            if let known = places.updateValue(place, forKey: name), known != place {
                fail("'\(marker)' was published twice in \(channel)")
            }
        }
        guard let event = params["event"] else { return }
        // In a pattern the offset is the pattern's; the publication has its own as well.
        guard let name = params["channel"]?.stringValue, let own = params["offset"]?.intValue,
            let sequence = runtimePlaces[name]?[own]
        else { return fail("a client got what the runtime never let out: \(params)") }
        let bytes = released[sequence - 1]
        if event.encoded() != bytes, (try? JSONValue(parsing: bytes)) != event {
            fail(
                "offset \(own) of \(name) is \(text(bytes)), "
                    + "and a client got \(text(event.encoded()))"
            )
        }
    }

    /// A command with an idempotency key was answered well.
    func answer(_ method: String, key: String, channel: String, _ result: JSONValue) {
        let name = "\(method) \(key)"
        if method == "hub.publish" {
            // A hub that was started anew has forgotten the channel, and with it the key.
            let epoch = result["epoch"]?.stringValue ?? ""
            check("\(name) \(epoch)", result)
            note(result["offset"]?.intValue ?? 0, of: channel, epoch: epoch)
            return
        }
        check(name, result)
        if method == "workflows.start", let id = result["id"]?.stringValue {
            if !runIDs.contains(id) { runIDs.append(id) }
            if automation.runs[id] == nil { fail("run \(id) was acknowledged and is no event yet") }
        }
        guard method == "tasks.create", let id = result["id"]?.stringValue else { return }
        if createdTasks.updateValue(id, forKey: key) == nil { taskIDs.append(id) }
        if !isTask(id) { fail("task \(id) was acknowledged and is no event yet") }
    }

    private func check(_ name: String, _ result: JSONValue) {
        guard let first = answers[name] else {
            answers[name] = result
            return
        }
        repeatedAnswers += 1
        if first != result {
            fail(
                "\(name) was answered with \(text(first.encoded())) "
                    + "and, repeated, with \(text(result.encoded()))"
            )
        }
    }

    // MARK: The state

    /// Checks a state that holds everything that was promised so far.
    func check(_ state: RuntimeState) {
        if state.sequence < released.count {
            fail("the state ends at event \(state.sequence), and \(released.count) was seen")
        }
        for marker in createdTasks.keys.sorted() {
            guard let id = createdTasks[marker] else { continue }
            guard let record = state.taskRecord(id) else {
                fail("task \(id) was acknowledged and is gone")
                continue
            }
            let payload = try? JSONValue(parsing: record.definition.payload.bytes)
            if payload?["marker"]?.stringValue != marker { fail("task \(id) is another one") }
        }
        var markers: Set<[UInt8]> = []
        for record in state.allTasks {
            let payload = record.definition.payload.bytes
            let isScheduled = payload.count < 40 && text(payload).contains(Self.scheduledMarker)
            if !isScheduled, !markers.insert(payload).inserted {
                fail("two tasks have the payload \(text(record.definition.payload.bytes))")
            }
            if let history = tasks[record.id], history.isFinal != record.status.isFinal,
                state.sequence == released.count
            {
                fail("task \(record.id) is \(record.status), which its events do not say")
            }
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
