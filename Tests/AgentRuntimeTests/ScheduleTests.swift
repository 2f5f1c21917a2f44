import JSONRPC
import Testing

@testable import AgentRuntime

struct ScheduleTests {
    /// 15 January 2027, 08:00 UTC: a whole hour.
    static let start = Moment(
        wall: Timestamp(millisecondsSince1970: 1_800_000_000_000),
        monotonic: .seconds(1000)
    )

    private static func harness(
        _ change: (inout RuntimeConfiguration) -> Void = { _ in }
    ) throws -> CoreHarness {
        var configuration = RuntimeConfiguration()
        configuration.isForDevelopment = true
        change(&configuration)
        return try CoreHarness(configuration: configuration)
    }

    private static let work: JSONValue = [
        "type": "worker.work", "payload": ["n": 1], "timeoutMs": 3_600_000,
    ]

    private static func create(_ params: JSONObject) throws(RPCError) -> Command {
        var all: JSONObject = ["cron": "*/10 * * * *", "task": work]
        for member in params.members { all[member.name] = member.value }
        return .schedule(.create(try ScheduleDraft(params: all)))
    }

    private static func times(_ harness: CoreHarness, _ type: String) -> [String] {
        harness.recorded.filter { $0.event.type.rawValue == type }.compactMap { recorded in
            (try? JSONValue(parsing: recorded.json))?["data"]?["dueAt"]?.stringValue
        }
    }

    private static func time(_ milliseconds: Int64) -> String {
        Timestamp(millisecondsSince1970: start.wall.millisecondsSince1970 + milliseconds)
            .description
    }

    @Test func `a schedule begins its task at each of its times`() throws {
        var hub = try Self.harness()
        let schedule = try hub.call(Self.create(["description": "Every ten minutes"]))
        #expect(schedule["next"]?.arrayValue?.count == 3)
        #expect(schedule["next"]?.arrayValue?.first == .string(Self.time(600_000)))
        hub.advance(.seconds(599))
        #expect(hub.running.isEmpty)
        hub.advance(.seconds(1))
        let task = try #require(hub.running.first?.attempt.taskID)
        #expect(Self.times(hub, "schedule.fired") == [Self.time(600_000)])
        #expect(try hub.state.task(task).definition.createdBy == "anna")
        let id = schedule["id"]?.stringValue ?? ""
        let shown = try hub.call(.schedule(.get(id: id)))
        #expect(shown["running"]?["taskId"] == .string(task))
        hub.end(task)
        #expect(try hub.call(.schedule(.get(id: id)))["running"] == nil)
        hub.advance(.seconds(600))
        #expect(hub.running.count == 1)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `what is wrong is named with its place, and nothing is created`() throws {
        var hub = try Self.harness()
        let wrong: [(JSONObject, String)] = [
            (["cron": "0 0 30 2 *"], "/cron"),
            (["cron": "61 * * * *"], "/cron"),
            (["timeZone": "Mars/Olympus"], "/timeZone"),
            (["workflow": ["name": "x"]], ""),
            (["task": ["type": "worker.work", "payload": [:]]], "/task/payload/n"),
            (["task": ["type": "nothing.known", "payload": [:]]], "/task/type"),
            (
                ["task": ["type": "worker.work", "payload": ["n": 1], "runAt": "x"]],
                "/task/runAt"
            ),
        ]
        for (params, path) in wrong {
            do {
                let answer = try hub.call(Self.create(params))
                Issue.record("accepted: \(answer)")
            } catch {
                #expect(error.code == .validationError)
                #expect(error.details.map(\.path).contains(path), "\(params): \(error)")
            }
        }
        #expect(hub.state.schedules.records.isEmpty)
    }

    @Test func `with skip, a time whose predecessor has not ended is left out`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.create(["overlap": "skip"]))
        hub.advance(.seconds(600))
        hub.advance(.seconds(600))
        #expect(hub.running.count == 1)
        #expect(Self.times(hub, "schedule.skipped") == [Self.time(1_200_000)])
    }

    @Test func `with queue, times wait for the end of their predecessors`() throws {
        var hub = try Self.harness { $0.maximumQueuedTimes = 2 }
        _ = try hub.call(Self.create(["overlap": "queue"]))
        for _ in 0..<4 { hub.advance(.seconds(600)) }
        #expect(hub.running.count == 1)
        #expect(Self.times(hub, "schedule.queued") == [1_200_000, 1_800_000].map(Self.time))
        #expect(Self.times(hub, "schedule.skipped") == [Self.time(2_400_000)])
        for _ in 0..<3 {
            let task = try #require(hub.running.first?.attempt.taskID)
            hub.end(task)
        }
        #expect(hub.running.isEmpty)
        let due = [600_000, 1_200_000, 1_800_000].map(Self.time)
        #expect(Self.times(hub, "schedule.fired") == due)
        #expect(try RuntimeState.replaying(hub.log) == hub.state)
    }

    @Test func `with replace, the work of the time before is cancelled`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.create(["overlap": "replace"]))
        hub.advance(.seconds(600))
        let first = try #require(hub.running.first)
        hub.advance(.seconds(600))
        #expect(hub.running.count == 2)
        #expect(hub.cancelled == [first.token])
        hub.report(.ended(first.token, .stopped))
        #expect(try hub.state.task(first.attempt.taskID).status == .cancelled)
        #expect(Self.times(hub, "schedule.fired").count == 2)
    }

    @Test(
        arguments: [
            ("none", [Int64](), [3_600_000]),
            ("one", [3_600_000], []),
            ("all", [600_000, 1_200_000, 1_800_000], [3_600_000]),
        ] as [(String, [Int64], [Int64])]
    )
    func `times that passed while the hub was down are made up for as the schedule says`(
        policy: String,
        fired: [Int64],
        skipped: [Int64]
    ) throws {
        var hub = try Self.harness { $0.maximumCatchUp = 3 }
        _ = try hub.call(Self.create(["catchUp": .string(policy)]))
        var configuration = hub.core.configuration
        configuration.maximumCatchUp = 3
        var later = hub.now
        later.wall = later.wall.advanced(byMilliseconds: 3_660_001)
        hub = try CoreHarness(state: hub.state, configuration: configuration, at: later)
        hub.advance(.zero)
        while let task = hub.running.first?.attempt.taskID { hub.end(task) }
        #expect(Self.times(hub, "schedule.fired") == fired.map(Self.time))
        #expect(Self.times(hub, "schedule.skipped") == skipped.map(Self.time))
        // And it goes on.
        hub.advance(.seconds(540))
        #expect(Self.times(hub, "schedule.fired") == (fired + [4_200_000]).map(Self.time))
    }

    @Test func `no step of the wall clock lets a time come twice`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.create([:]))
        func turn(_ duration: Duration) {
            hub.advance(duration)
            while let task = hub.running.first?.attempt.taskID { hub.end(task) }
        }
        turn(.seconds(600))
        hub.stepWallClock(byMilliseconds: -7_200_000)
        turn(.seconds(7_200))
        turn(.seconds(599))
        #expect(Self.times(hub, "schedule.fired") == [Self.time(600_000)])
        turn(.seconds(1))
        #expect(Self.times(hub, "schedule.fired").count == 2)
        // Forward over many: the last is made up for, and noticed within seconds.
        hub.stepWallClock(byMilliseconds: 3_600_000 + 120_000)
        turn(.seconds(10))
        #expect(Self.times(hub, "schedule.fired").last == Self.time(4_800_000))
        hub.stepWallClock(byMilliseconds: -3_600_000 - 120_000)
        turn(.seconds(3_600))
        #expect(Self.times(hub, "schedule.fired").count == 3)
    }

    @Test func `a paused schedule is not due, and makes up for nothing`() throws {
        var hub = try Self.harness()
        let id = try hub.call(Self.create(["catchUp": "all"]))["id"]?.stringValue ?? ""
        let paused = try hub.call(.schedule(.pause(id: id)))
        #expect(paused["enabled"] == false && paused["next"] == [])
        hub.advance(.seconds(3_600))
        #expect(hub.running.isEmpty)
        #expect(try hub.call(.schedule(.resume(id: id)))["enabled"] == true)
        hub.advance(.seconds(599))
        #expect(hub.running.isEmpty)
        hub.advance(.seconds(1))
        #expect(hub.running.count == 1)
        #expect(try hub.call(.schedule(.delete(id: id))) == [:])
        #expect(hub.refusal(of: .schedule(.get(id: id)))?.code == .notFound)
        hub.advance(.seconds(3_600))
        #expect(hub.running.count == 1)
    }

    @Test func `a repeated command with its key gets the schedule that it made`() throws {
        var hub = try Self.harness()
        let command = try Self.create([:])
        let first = try hub.call(command, key: "once")
        // Its next times are others by now.
        hub.advance(.seconds(900))
        let second = try hub.call(command, key: "once")
        #expect(first == second)
        #expect(hub.state.schedules.records.count == 1)
    }

    @Test func `what cannot be begun is told, and the schedule goes on`() throws {
        var hub = try Self.harness { $0.maximumWaitingTasks = 1 }
        let paused = hub.submit(.controlAgent(id: "worker", .pause))
        #expect(hub.error(of: paused) == nil)
        _ = try hub.create()
        _ = try hub.call(Self.create([:]))
        hub.advance(.seconds(600))
        #expect(Self.times(hub, "schedule.skipped") == [Self.time(600_000)])
        _ = hub.submit(.controlAgent(id: "worker", .resume))
        hub.advance(.seconds(600))
        #expect(Self.times(hub, "schedule.fired") == [Self.time(1_200_000)])
    }

    @Test func `without the rights of its owner a schedule begins nothing`() throws {
        var hub = try Self.harness { $0.isForDevelopment = false }
        _ = try hub.call(Self.create([:]))
        hub.advance(.seconds(600))
        #expect(hub.running.isEmpty)
        #expect(Self.times(hub, "schedule.skipped") == [Self.time(600_000)])
    }

    @Test func `what is known to be begun and was lost with the power is begun once`() throws {
        var hub = try Self.harness()
        _ = try hub.call(Self.create([:]))
        hub.advance(.seconds(600))
        let fired = try #require(hub.types.firstIndex(of: "schedule.fired"))
        let sequence = hub.recorded[fired].event.sequence
        let cut = hub.log.filter { $0.event.sequence <= sequence }
        let state = try RuntimeState.replaying(cut)
        #expect(state.tasks.count == 0)
        let again = try CoreHarness(
            state: state,
            configuration: hub.core.configuration,
            at: hub.now
        )
        #expect(again.running.count == 1)
        #expect(again.state.tasks.count == 1)
        #expect(!again.types.contains("schedule.fired"))
    }

    @Test func `there are as many schedules as the configuration allows`() throws {
        var hub = try Self.harness { $0.maximumSchedules = 1 }
        _ = try hub.call(Self.create([:]))
        #expect(try hub.refusal(of: Self.create([:]))?.code == .busy)
    }
}
