import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Attempts")
struct AttemptTests {
    private static let failure = AttemptOutcome.failed(
        TaskFailure(code: "FLAKY", message: "try again", isRetryable: true)
    )

    @Test func `a failure is retried after its delay, and the last one is dead`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        for attempt in 1...2 {
            hub.end(id, Self.failure)
            let record = try hub.state.task(id)
            #expect(record.status == .pending)
            #expect(record.attempts == attempt)
            #expect(record.error?.code == "FLAKY")
            guard case .taskRetrying(_, attempt, let delay, _, nil) = hub.log.last?.event.change
            else { throw StateDecodingError(path: "", problem: "no retry") }
            #expect((0...RetryPolicy.backoffMs(afterAttempt: attempt)).contains(delay))
            if delay > 0 { #expect(hub.running.isEmpty) }
            hub.advance(.milliseconds(delay))
            #expect(hub.running.map(\.attempt.attempt) == [attempt + 1])
        }
        hub.end(id, Self.failure)

        #expect(try hub.state.task(id).status == .dead)
        #expect(hub.state.agents["worker"]?.tasksFailed == 1)
    }

    @Test func `what the failure asks for is the delay`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let failure = TaskFailure(
            code: "LIMITED",
            message: "later",
            isRetryable: true,
            retryAfter: .seconds(90)
        )
        hub.end(id, .failed(failure))
        hub.advance(.milliseconds(89_999))
        #expect(hub.running.isEmpty)
        hub.advance(.milliseconds(1))

        #expect(hub.running.count == 1)
    }

    @Test(
        arguments: [
            ("worker.work", AttemptOutcome.failed(TaskFailure(code: "X", message: "")), "X"),
            ("worker.once", failure, "FLAKY"),
            ("worker.once", .crashed(reason: "broken"), "AGENT_ERROR"),
            ("worker.once", .stopped, "STOPPED"),
        ] as [(String, AttemptOutcome, String)]
    )
    func `what another attempt would not mend has failed`(
        type: String,
        outcome: AttemptOutcome,
        code: String
    ) throws {
        var hub = try CoreHarness()
        let id = try hub.create(type)
        hub.end(id, outcome)

        #expect(try hub.state.task(id).status == .failed)
        #expect(try hub.state.task(id).error?.code == code)
        #expect(try hub.state.task(id).error?.isRetryable == false)
    }

    @Test func `a result that is too large has failed, and is not asked for again`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work")
        hub.end(id, .completed(JSONText([UInt8](repeating: 0x31, count: 2 << 20))))

        #expect(try hub.state.task(id).status == .failed)
        #expect(try hub.state.task(id).error?.code == "RESULT_TOO_LARGE")
        #expect(try hub.state.task(id).error?.isRetryable == false)
    }

    @Test func `an attempt that takes too long is stopped and its late result refused`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["timeoutMs": 200, "maxAttempts": 2])
        let token = try #require(hub.running.first?.token)
        hub.advance(.milliseconds(200))
        #expect(hub.cancelled == [token])
        #expect(try hub.state.task(id).error?.code == "TIMEOUT")
        hub.advance(.seconds(1))
        hub.report(.ended(token, .completed(.ok)))

        let record = try hub.state.task(id)
        #expect(record.status == .running)
        #expect(record.attempts == 2)
        #expect(record.result == nil)
        hub.end(id, .completed(JSONText(Array("2".utf8))))
        #expect(try hub.state.task(id).result == JSONText(Array("2".utf8)))
    }

    @Test(arguments: [
        AttemptOutcome.stopped, .completed(.ok), .crashed(reason: "broken"), failure,
    ])
    func `a cancelled attempt that stops is cancelled, however it ends`(
        outcome: AttemptOutcome
    ) throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let first = hub.submit(.cancelTask(id: id))
        let second = hub.submit(.cancelTask(id: id))
        #expect(hub.cancelled.count == 1)
        #expect(hub.replies[first] == nil)
        hub.advance(.milliseconds(4_999))
        hub.end(id, outcome)

        #expect(try hub.answer(to: first)?["status"] == "cancelled")
        #expect(try hub.answer(to: second)?["status"] == "cancelled")
        #expect(try hub.state.task(id).result == nil)
    }

    @Test func `a cancelled attempt that does not stop is abandoned after the grace`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["timeoutMs": 5_001])
        hub.advance(.milliseconds(500))
        let ticket = hub.submit(.cancelTask(id: id))
        hub.advance(.seconds(5))
        #expect(try hub.answer(to: ticket)?["status"] == "abandoned")
        let events = hub.types.count
        hub.end(id)
        hub.advance(.seconds(60))

        #expect(hub.types.count == events)
    }

    @Test func `never more attempts than the agent may have, lost ones included`() throws {
        var hub = try CoreHarness()
        for _ in 0..<10 { _ = try hub.create("worker.work", ["timeoutMs": 1000]) }
        #expect(hub.running.count == 4)
        hub.advance(.seconds(1))
        #expect(hub.core.attempts.count == 4)
        #expect(hub.state.agents["worker"]?.running == 0)
        // Timed out attempts keep their places until they stop, or until the grace is over.
        let token = try #require(hub.running.first?.token)
        hub.report(.ended(token, .stopped))
        #expect(hub.core.attempts.count == 4)
        #expect(hub.state.agents["worker"]?.running == 1)
        hub.advance(.seconds(5))

        #expect(hub.core.attempts.count == 4)
        #expect(hub.core.statistics.lostAttempts == 4 - 1)
    }

    @Test func `concurrency is configured while tasks wait`() throws {
        var hub = try CoreHarness()
        for _ in 0..<10 { _ = try hub.create() }
        _ = try hub.call(.configureAgent(id: "worker", ["concurrency": 7]))
        #expect(hub.running.count == 7)
        _ = try hub.call(.configureAgent(id: "worker", ["concurrency": 1]))
        for _ in 0..<6 { hub.end(hub.running[0].attempt.taskID) }

        #expect(hub.running.count == 1)
        hub.end(hub.running[0].attempt.taskID)
        #expect(hub.running.count == 1)
    }

    @Test func `all attempts of a task get the same seed, and other tasks another`() throws {
        var hub = try CoreHarness()
        let first = try hub.create()
        _ = try hub.create()
        let seeds = hub.running.map(\.attempt.randomSeed)
        hub.end(first, Self.failure)
        hub.advance(.seconds(2))

        #expect(hub.running.last?.attempt.taskID == first)
        #expect(hub.running.last?.attempt.randomSeed == seeds[0])
        #expect(seeds[0] != seeds[1])
    }

    @Test func `progress is passed on ten times a second, the last one wins`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let token = try #require(hub.running.first?.token)
        for percent in 0..<50 {
            hub.report(.progress(token, percent: percent, message: nil))
            hub.advance(.milliseconds(10))
        }
        hub.report(.progress(token, percent: 400, message: "done"))
        hub.end(id)
        let percents = hub.log.compactMap { logged -> Int? in
            if case .taskProgress(let percent, _, _) = logged.event.change { percent } else { nil }
        }

        #expect(percents == [0, 9, 19, 29, 39, 49])
        #expect(hub.types.last == "task.completed")
        hub.advance(.seconds(1))
        #expect(hub.types.last == "task.completed")
    }

    @Test func `output comes in order and is bounded`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumOutputEvents = 3
        var hub = try CoreHarness(configuration: configuration)
        _ = try hub.create()
        let token = try #require(hub.running.first?.token)
        hub.report(.progress(token, percent: 1, message: nil))
        hub.report(.progress(token, percent: 2, message: nil))
        for number in 0..<6 {
            hub.report(.output(token, JSONText(Array("\(number)".utf8))))
        }
        let told = hub.log.compactMap { logged -> String? in
            switch logged.event.change {
            case .taskProgress(let percent, _, _): "\(percent)%"
            case .taskOutput(let text, _, let isTruncated):
                String(decoding: text.bytes, as: UTF8.self) + (isTruncated ? "!" : "")
            default: nil
            }
        }

        #expect(told == ["1%", "2%", "0", "1", "2", "null!"])
    }

    @Test func `reports of unknown attempts change nothing`() throws {
        var hub = try CoreHarness()
        let state = hub.state
        hub.report(.ended(99, .completed(.ok)))
        hub.report(.progress(99, percent: 1, message: nil))
        hub.report(.output(99, .ok))
        hub.report(.started(agentID: "worker", generation: 99, failure: nil))
        hub.report(.stopped(agentID: "worker", generation: 99))

        #expect(hub.state == state)
    }

    @Test func `a step of the wall clock changes no duration and expires nothing`() throws {
        var hub = try CoreHarness()
        let id = try hub.create("worker.work", ["timeoutMs": 10_000])
        hub.stepWallClock(byMilliseconds: 7_200_000)
        hub.advance(.seconds(4))
        hub.stepWallClock(byMilliseconds: -14_400_000)
        hub.advance(.seconds(4))
        hub.end(id)

        #expect(
            hub.log.last?.event.change
                == .taskCompleted(result: .ok, attempt: 1, durationMs: 8_000)
        )
        #expect(hub.state.agents["worker"]?.totalDurationMs == 8_000)
    }
}
