import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Start rates")
struct StartRateTests {
    private func rate(_ value: JSONValue) -> StartRate? { StartRate(value) }

    @Test func `a rate says how many there are in a second or a minute, and at once`() {
        #expect(rate(["perSecond": 5])?.burst == 5)
        #expect(rate(["perMinute": 30])?.burst == 1)
        #expect(rate(["perMinute": 600])?.burst == 10)
        #expect(rate(["perMinute": 600, "burst": 3])?.burst == 3)
    }

    @Test(
        arguments: [
            ([:], [""]), ("5", [""]), (["perSecond": 1, "perMinute": 1], [""]),
            (["perSecond": 0], ["/perSecond"]), (["perSecond": 1.5], ["/perSecond"]),
            (["perSecond": 1, "burst": 0], ["/burst"]),
            (["perSecond": 1, "perHour": 1], ["/perHour"]),
            (["perMinute": 1_000_001], ["/perMinute"]),
        ] as [(JSONValue, [String])]
    )
    func `what is no rate is told with its path`(value: JSONValue, paths: [String]) {
        var told: [String] = []
        #expect(StartRate(value) { path, _ in told.append(path) } == nil)
        #expect(told == paths)
    }

    @Test(arguments: [
        ("perSecond", 1, 1), ("perSecond", 7, 3), ("perSecond", 1_000_000, 1_000_000),
        ("perMinute", 1, 1), ("perMinute", 45, 10), ("perMinute", 1_000_000, 1),
    ])
    func `no window of time has more than the burst and what has come in`(
        period: String,
        count: Int,
        burst: Int
    ) throws {
        let rate = try #require(
            StartRate(.object([period: .integer(count), "burst": .integer(burst)]))
        )
        var random = SplitMix64(seed: UInt64(count + burst))
        var now = Duration.seconds(5)
        var bucket = StartBucket(rate, at: now)
        var taken: [Duration] = []
        var misses = 0
        for _ in 0..<2000 {
            if bucket.hasToken(at: now) {
                bucket.take()
                taken.append(now)
                continue
            }
            let wait = bucket.wait
            // Just before it there is none, and then there is.
            if bucket.hasToken(at: now + wait - .nanoseconds(1)) { misses += 1 }
            now += Bool.random(using: &random) ? wait : wait * Int.random(in: 1...5, using: &random)
            if !bucket.hasToken(at: now) { misses += 1 }
        }
        #expect(misses == 0)
        #expect(taken.count > 900)
        let token = Double(rate.period.nanoseconds) / Double(count)
        var exceeded = 0
        for first in stride(from: 0, to: taken.count, by: 37) {
            for last in stride(from: first, to: taken.count, by: 31) {
                let elapsed = Double((taken[last] - taken[first]) / .nanoseconds(1))
                if Double(last - first + 1) > Double(burst) + elapsed / token + 0.001 {
                    exceeded += 1
                }
            }
        }
        #expect(exceeded == 0)
    }

    @Test func `a bucket survives any length of time and any rate`() throws {
        for value: JSONValue in [
            ["perMinute": 1_000_000, "burst": 1_000_000], ["perMinute": 1, "burst": 1_000_000],
            ["perSecond": 1_000_000, "burst": 1_000_000],
        ] {
            let rate = try #require(StartRate(value))
            var bucket = StartBucket(rate, at: .zero)
            bucket.take()
            var empty = StartBucket(rate, emptyBefore: .zero, at: .zero)
            let answers = [
                bucket.hasToken(at: .seconds(Int64.max)), bucket.hasToken(at: .zero),
                empty.hasToken(at: .zero), empty.hasToken(at: .seconds(Int64.max)),
            ]
            #expect(answers == [true, true, false, true])
        }
    }

    @Test func `attempts of an agent begin at its rate`() throws {
        var hub = try CoreHarness()
        try hub.configure(["concurrency": 64, "rate": ["perSecond": 2, "burst": 3]])
        for _ in 0..<10 { _ = try hub.create() }
        #expect(hub.running.count == 3)
        hub.advance(.milliseconds(499))
        #expect(hub.running.count == 3)
        hub.advance(.milliseconds(1))
        #expect(hub.running.count == 4)
        for _ in 0..<6 { hub.advance(.milliseconds(500)) }

        #expect(hub.running.count == 10)
        #expect(hub.core.statistics.rateWaits > 0)
    }

    @Test func `a type that has to wait holds up no other`() throws {
        var hub = try CoreHarness()
        try hub.configure([
            "concurrency": 64, "typeRates": ["worker.work": ["perMinute": 1]],
        ])
        for _ in 0..<3 { _ = try hub.create("worker.work", ["priority": "critical"]) }
        for _ in 0..<3 { _ = try hub.create("worker.once", ["priority": "low"]) }
        #expect(
            hub.running.map(\.attempt.type)
                == ["worker.work", "worker.once", "worker.once", "worker.once"]
        )
        hub.advance(.seconds(59))
        #expect(hub.running.count == 4)
        hub.advance(.seconds(1))

        #expect(hub.running.count == 5)
    }

    @Test func `a restart does not give the rate anew`() throws {
        var hub = try CoreHarness()
        try hub.configure(["rate": ["perMinute": 1]])
        hub.end(try hub.create())
        _ = try hub.create()
        #expect(hub.running.isEmpty)
        let later = Moment(
            wall: hub.now.wall.advanced(byMilliseconds: 20_000),
            monotonic: .seconds(7)
        )
        var next = try CoreHarness(state: hub.state.storedAndRead(), at: later)
        #expect(next.running.isEmpty)
        next.advance(.milliseconds(39_999))
        #expect(next.running.isEmpty)
        next.advance(.milliseconds(1))

        #expect(next.running.count == 1)
    }

    @Test func `a new rate holds at once, and taking it away lets go`() throws {
        var hub = try CoreHarness()
        try hub.configure(["concurrency": 64, "rate": ["perMinute": 60, "burst": 10]])
        for _ in 0..<20 { _ = try hub.create() }
        #expect(hub.running.count == 10)
        try hub.configure(["rate": ["perSecond": 1, "burst": 20]])
        #expect(hub.running.count == 10)
        try hub.configure(["rate": nil])

        #expect(hub.running.count == 20)
    }

    @Test(
        arguments: [
            (["rate": 5], "/config/rate"),
            (["rate": ["perSecond": 0]], "/config/rate/perSecond"),
            (["typeRates": []], "/config/typeRates"),
            (["typeRates": ["worker.other": ["perSecond": 1]]], "/config/typeRates/worker.other"),
            (["typeRates": ["a/b": ["perSecond": 1]]], "/config/typeRates/a~1b"),
            (
                ["typeRates": ["worker.work": ["perSecond": -1]]],
                "/config/typeRates/worker.work/perSecond"
            ),
            (["concurrency": 0], "/config/concurrency"),
        ] as [(JSONObject, String)]
    )
    func `a configuration that makes no sense is refused whole`(
        changes: JSONObject,
        path: String
    ) throws {
        var hub = try CoreHarness()
        let error = hub.refusal(of: .configureAgent(id: "worker", changes))

        #expect(error?.code == .validationError)
        #expect(error?.details.map(\.path) == [path])
        #expect(hub.state.agents["worker"]?.configuration.isEmpty == true)
    }
}

@Suite("Figures")
struct FigureTests {
    @Test func `each type has its own figures, which the events alone give again`() throws {
        var hub = try CoreHarness()
        try hub.configure(["concurrency": 1])
        let first = try hub.create()
        let second = try hub.create()
        hub.advance(.milliseconds(30))
        hub.end(first)
        hub.advance(.milliseconds(7))
        hub.end(second, .stopped)
        hub.advance(.seconds(1))
        hub.end(second)
        hub.end(try hub.create("worker.once"), .stopped)
        _ = hub.submit(
            .cancelTask(id: try hub.create("worker.once", ["runAt": "2030-01-01T00:00:00Z"]))
        )
        let metrics = try hub.call(.agentMetrics(id: "worker"))
        let types = metrics["types"]?.arrayValue ?? []

        #expect(types.map { $0["type"] } == ["worker.once", "worker.work"])
        #expect(types.map { $0["tasksCompleted"] } == [0, 2])
        #expect(types.map { $0["tasksFailed"] } == [1, 0])
        #expect(types.map { $0["tasksCancelled"] } == [1, 0])
        #expect(types.map { $0["retries"] } == [0, 1])
        #expect(types.map { $0["successRate"] } == [0.0, 1.0])
        #expect(types[1]["duration"]?["count"] == 2)
        #expect(types[1]["queueWait"]?["count"] == 3)
        let waits = types[1]["queueWait"]?["buckets"]?.arrayValue ?? []
        #expect(waits.contains(["upToMs": 50, "count": 1]))
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
        #expect(try hub.state.storedAndRead() == hub.state)
    }

    @Test func `figures are told once an interval, and only when they have changed`() throws {
        var hub = try CoreHarness(agents: ["worker", "other"])
        for _ in 0..<3 { hub.advance(.seconds(60)) }
        #expect(!hub.types.contains("agent.metrics"))
        let id = try hub.create()
        hub.end(id)
        hub.end(try hub.create())
        hub.advance(.seconds(59))
        #expect(!hub.types.contains("agent.metrics"))
        hub.advance(.seconds(1))
        let told = hub.recorded.filter { $0.event.type == .agentMetrics }
        #expect(told.map(\.event.agentID) == ["worker"])
        guard case .agentMetrics(let metrics)? = told.first?.event.change else {
            Issue.record("not told")
            return
        }
        #expect(try JSONValue(parsing: metrics.bytes)["tasksCompleted"] == 2)
        for _ in 0..<3 { hub.advance(.seconds(60)) }

        #expect(hub.types.filter { $0 == "agent.metrics" }.count == 1)
    }

    @Test func `an interval of zero tells nothing`() throws {
        var configuration = RuntimeConfiguration()
        configuration.metricsInterval = .zero
        var hub = try CoreHarness(configuration: configuration)
        hub.end(try hub.create())
        hub.advance(.seconds(600))

        #expect(!hub.types.contains("agent.metrics"))
    }
}

extension CoreHarness {
    mutating func configure(_ changes: JSONObject, agent: String = "worker") throws {
        _ = try call(.configureAgent(id: agent, changes))
    }
}
