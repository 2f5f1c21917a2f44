import Analytics
import HubCore
import JSONRPC

@testable import AgentRuntime

/// Random life in a hub: commands, reports and time, all from one seed.
struct RandomLife {
    var hub: CoreHarness
    var random: SplitMix64
    private(set) var created: [String] = []
    private(set) var worst = 0

    init(seed: UInt64) throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 40
        configuration.retention.maximumAnswers = 30
        configuration.maximumClientChannels = 3
        configuration.maximumClientBytes = 4_000
        // Fewer than there are task types, and than are made.
        configuration.retention.maximumSeries = 2
        configuration.retention.maximumReports = 3
        hub = try CoreHarness(
            agents: ["worker", "other"],
            configuration: configuration,
            seed: seed
        )
        random = SplitMix64(seed: seed)
    }

    mutating func step() throws {
        let key = Bool.random(using: &random) ? "\(Int.random(in: 0..<50, using: &random))" : nil
        switch Int.random(in: 0..<23, using: &random) {
        case 0..<6:
            try create(key: key)
        case 6..<11:
            endSomeAttempt()
        case 11:
            if let id = created.randomElement(using: &random) {
                _ = hub.submit(.cancelTask(id: id), key: key)
            }
        case 12:
            if let id = created.randomElement(using: &random) {
                _ = hub.submit(.retryTask(id: id), key: key)
            }
        case 13:
            if let control = AgentControl.allCases.randomElement(using: &random) {
                let id = Bool.random(using: &random) ? "worker" : "other"
                _ = hub.submit(.controlAgent(id: id, control), key: key)
            }
        case 14:
            let concurrency = Int.random(in: 1...6, using: &random)
            let changes: JSONObject = ["concurrency": .integer(concurrency)]
            _ = hub.submit(.configureAgent(id: "other", changes), key: key)
        case 15:
            hub.finishStarts(failure: Int.random(in: 0..<4, using: &random) == 0 ? "no" : nil)
            hub.finishStops()
        case 16:
            if let token = hub.running.randomElement(using: &random)?.token {
                let percent = Int.random(in: 0...100, using: &random)
                hub.report(.progress(token, percent: percent, message: nil))
                hub.report(.output(token, .ok))
            }
        case 17:
            let hours = Int64.random(in: -3...3, using: &random)
            hub.stepWallClock(byMilliseconds: hours * 3_600_000)
        case 18:
            publish(key: key)
        case 19:
            let forgets = Int.random(in: 0..<5, using: &random) == 0
            if forgets { _ = hub.submit(.forgetChannels(["app.0", "app.1"])) }
        case 20:
            let request = ReportRequest(
                kind: ReportKind.allCases.randomElement(using: &random) ?? .auditSummary,
                span: WindowSpan.allCases.randomElement(using: &random) ?? .hour,
                format: ReportFormat.allCases.randomElement(using: &random) ?? .json
            )
            _ = hub.submit(.analytics(.generateReport(request)), key: key)
        default:
            hub.advance(.milliseconds(Int.random(in: 0...4000, using: &random)))
        }
        worst = max(worst, hub.core.occupied.values.max() ?? 0)
    }

    /// Publishes on a journaled channel, now and then in another life of it.
    private mutating func publish(key: String?) {
        let size = Int.random(in: 0..<400, using: &random)
        let limits = HistoryLimits(
            count: Int.random(in: 0..<20, using: &random),
            bytes: 4_096,
            milliseconds: Bool.random(using: &random) ? 5_000 : 0,
            keepsNewest: Bool.random(using: &random)
        )
        let draft = ClientPublicationDraft(
            channel: "app.\(Int.random(in: 0..<4, using: &random))",
            birth: Int.random(in: 0..<20, using: &random) == 0 ? "c" : "b",
            data: JSONText(Array("\"\(String(repeating: "x", count: size))\"".utf8)),
            publisher: .ok,
            key: Bool.random(using: &random) ? JSONText(Array("\"k\"".utf8)) : nil,
            limits: limits
        )
        _ = hub.submit(.publish(draft), key: key)
    }

    private mutating func create(key: String?) throws {
        let priority = TaskPriority.allCases.randomElement(using: &random) ?? .low
        let type = ["worker.work", "worker.once", "other.work"].randomElement(using: &random) ?? ""
        var params: JSONObject = [
            "type": .string(type), "payload": ["n": 1], "priority": .string(priority.rawValue),
            "timeoutMs": 3000,
        ]
        if Int.random(in: 0..<4, using: &random) == 0 {
            let runAt = hub.now.wall.advanced(byMilliseconds: 5000)
            params["runAt"] = .string(runAt.description)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            let deadline = hub.now.wall.advanced(byMilliseconds: 9000)
            params["deadline"] = .string(deadline.description)
        }
        let ticket = hub.submit(.createTask(params: .object(params)), key: key)
        if let id = try? hub.answer(to: ticket)?["id"]?.stringValue { created.append(id) }
    }

    private mutating func endSomeAttempt() {
        guard let token = hub.running.randomElement(using: &random)?.token else { return }
        let outcome: AttemptOutcome =
            switch Int.random(in: 0..<6, using: &random) {
            case 0: .crashed(reason: "broken")
            case 1: .failed(TaskFailure(code: "FLAKY", message: "again", isRetryable: true))
            case 2: .stopped
            default: .completed(.ok)
            }
        hub.report(.ended(token, outcome))
    }

    /// Lets everything come to its end.
    mutating func settle() {
        for _ in 0..<5000 where hub.state.tasks.values.contains(where: { !$0.status.isFinal }) {
            if let attempt = hub.running.first {
                hub.report(.ended(attempt.token, .completed(.ok)))
                continue
            }
            hub.finishStarts()
            hub.finishStops()
            for id in ["worker", "other"] where hub.state.agents[id]?.status != .active {
                _ = hub.submit(.controlAgent(id: id, .start))
                hub.finishStarts()
                _ = hub.submit(.controlAgent(id: id, .resume))
            }
            hub.advance(.seconds(120))
        }
    }
}

extension RandomLife {
    init(resuming state: RuntimeState, random: SplitMix64) {
        // The catalogue is the one of `init(seed:)`, so this cannot fail.
        guard
            let hub = try? CoreHarness(
                state: state,
                agents: ["worker", "other"],
                seed: 99,
                at: Moment(
                    wall: CoreHarness.start.wall.advanced(byMilliseconds: 60_000),
                    monotonic: .seconds(3)
                )
            )
        else { preconditionFailure("the test agents are sound") }
        self.hub = hub
        self.random = random
    }
}
