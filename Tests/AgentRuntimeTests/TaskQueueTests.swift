import Testing

@testable import AgentRuntime

@Suite("TaskQueue")
struct TaskQueueTests {
    private func drain(_ queue: TaskQueue, at seconds: Int) -> [String] {
        var queue = queue
        var order: [String] = []
        while let next = queue.popFirst(at: .seconds(seconds)) { order.append(next.task.text) }
        return order
    }

    @Test func `the most urgent comes first, and within a priority the oldest`() {
        var queue = TaskQueue()
        queue.insert("low", priority: .low, since: .seconds(0))
        queue.insert("medium", priority: .medium, since: .seconds(1))
        queue.insert("high 1", priority: .high, since: .seconds(2))
        queue.insert("high 2", priority: .high, since: .seconds(3))
        queue.insert("critical", priority: .critical, since: .seconds(4))

        #expect(drain(queue, at: 5) == ["critical", "high 1", "high 2", "medium", "low"])
    }

    @Test(arguments: [
        (59, ["high", "medium"]), (60, ["medium", "high"]), (100, ["medium", "high"]),
    ])
    func `a task counts one priority higher after each minute`(
        now: Int,
        expected: [String]
    ) {
        var queue = TaskQueue()
        queue.insert("medium", priority: .medium, since: .seconds(0))
        queue.insert("high", priority: .high, since: .seconds(50))

        #expect(drain(queue, at: now) == expected)
    }

    @Test func `a low task runs after three minutes although critical ones keep coming`() {
        var queue = TaskQueue()
        queue.insert("low", priority: .low, since: .seconds(0))
        var ranAt: Int?
        for second in 0..<400 where ranAt == nil {
            queue.insert("critical \(second)", priority: .critical, since: .seconds(second))
            if queue.popFirst(at: .seconds(second))?.task == Identifier("low") { ranAt = second }
        }

        #expect(ranAt == 180)
    }

    @Test func `a removed task is passed over and can come back at the end`() {
        var queue = TaskQueue()
        for name in ["a", "b", "c"] { queue.insert(name, priority: .medium, since: .zero) }
        queue.remove("a")
        queue.remove("b")
        queue.insert("a", priority: .medium, since: .zero)

        #expect(queue.count == 2)
        #expect(drain(queue, at: 1) == ["c", "a"])
    }

    @Test func `removing thousands leaves the rest in order`() {
        var queue = TaskQueue()
        for number in 0..<5000 {
            queue.insert("\(number)", priority: .medium, since: .zero)
        }
        for number in 0..<5000 where number % 10 != 0 { queue.remove("\(number)") }

        #expect(drain(queue, at: 1) == stride(from: 0, to: 5000, by: 10).map { "\($0)" })
    }

    @Test func `a monotonic clock that seems to stand still ages nothing`() {
        var queue = TaskQueue()
        queue.insert("low", priority: .low, since: .seconds(1000))
        queue.insert("high", priority: .high, since: .seconds(1000))

        #expect(drain(queue, at: 0) == ["high", "low"])
    }
}

extension TaskQueue {
    mutating func insert(_ id: String, priority: TaskPriority, since: Duration) {
        insert(Identifier(id), type: "work", priority: priority, since: since)
    }

    mutating func remove(_ id: String) { remove(Identifier(id)) }
}

@Suite("TimerHeap")
struct TimerHeapTests {
    @Test func `timers come in the order of their moments, then of setting`() {
        var timers = TimerHeap<Int>()
        let moments = [5, 1, 3, 1, 4, 2, 5, 0]
        for (key, moment) in moments.enumerated() { timers.set(key, at: .seconds(moment)) }
        var order: [Int] = []
        while let key = timers.popDue(at: .seconds(9)) { order.append(key) }

        #expect(order == [7, 1, 3, 5, 2, 4, 0, 6])
    }

    @Test func `only the last setting of a key counts, and none after a cancel`() {
        var timers = TimerHeap<String>()
        timers.set("moved", at: .seconds(1))
        timers.set("moved", at: .seconds(5))
        timers.set("cancelled", at: .seconds(2))
        timers.cancel("cancelled")

        #expect(timers.nextDeadline() == .seconds(5))
        #expect(timers.popDue(at: .seconds(4)) == nil)
        #expect(timers.popDue(at: .seconds(5)) == "moved")
        #expect(timers.popDue(at: .seconds(9)) == nil)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `it agrees with sorting on random settings and cancels`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var timers = TimerHeap<Int>()
        var expected: [Int: Int] = [:]
        for _ in 0..<2000 {
            let key = Int.random(in: 0..<300, using: &random)
            if Int.random(in: 0..<3, using: &random) == 0 {
                timers.cancel(key)
                expected[key] = nil
            } else {
                let moment = Int.random(in: 0..<1000, using: &random)
                timers.set(key, at: .seconds(moment))
                expected[key] = moment
            }
        }
        var moments: [Int] = []
        while let key = timers.popDue(at: .seconds(1000)) { moments.append(expected[key] ?? -1) }

        #expect(moments == expected.values.sorted())
        #expect(timers.count == 0)
    }
}

@Suite("RetryPolicy")
struct RetryPolicyTests {
    @Test(arguments: [
        (1, 1000), (2, 2000), (3, 4000), (9, 256_000), (10, 300_000), (1000, 300_000),
    ])
    func `the bound doubles up to five minutes`(attempt: Int, bound: Int64) {
        #expect(RetryPolicy.backoffMs(afterAttempt: attempt) == bound)
    }

    @Test func `the delay is spread over all of its range`() {
        var random = SplitMix64(seed: 7)
        let delays = (0..<1000).map { _ in
            RetryPolicy.delayMs(afterAttempt: 3, retryAfter: nil, using: &random)
        }

        #expect(delays.allSatisfy { (0...4000).contains($0) })
        #expect(delays.count { $0 < 1000 } > 150)
        #expect(delays.count { $0 > 3000 } > 150)
    }

    @Test(arguments: [
        (Duration.seconds(17), Int64(17_000)), (.seconds(-3), 0),
        (.seconds(10_000_000), 86_400_000),
    ])
    func `what the failure asks for wins, within a day`(retryAfter: Duration, expected: Int64) {
        var random = SplitMix64(seed: 7)
        let delay = RetryPolicy.delayMs(afterAttempt: 1, retryAfter: retryAfter, using: &random)

        #expect(delay == expected)
    }
}
