import Testing

@testable import Analytics

@Suite("Figures by time")
struct ActivityTests {
    private static let minute: Int64 = 60_000
    private static let hour: Int64 = 60 * minute
    private static let day: Int64 = 24 * hour
    /// Midnight of a day, and so a boundary of all buckets.
    private static let midnight: Int64 = 20_000 * day

    private static let series = TaskSeries(agent: "content", type: "content.analyze")

    private func created(at times: [Int64]) -> WindowedFigures<TaskFigures> {
        var activity = Activity()
        for time in times {
            activity.count(.created(payloadBytes: 2), of: Self.series, at: time, limit: 10)
        }
        return activity.tasks.series[Self.series] ?? WindowedFigures()
    }

    @Test func `a millisecond decides into which bucket a moment falls`() {
        let figures = created(at: [Self.midnight - 1, Self.midnight, Self.midnight + 59_999])
        #expect(
            figures.minutes.buckets.map(\.start) == [Self.midnight - Self.minute, Self.midnight]
        )
        #expect(figures.minutes.buckets.map(\.figures.created) == [1, 2])
    }

    @Test func `moments before 1970 fall into whole buckets too`() {
        #expect(WindowSpan.hour.start(of: -1) == -60_000)
        #expect(WindowSpan.hour.start(of: -60_000) == -60_000)
        #expect(WindowSpan.month.start(of: .min) <= .min + WindowSpan.month.resolutionMs)
        #expect(WindowSpan.month.window(at: .min).start == .min)
    }

    @Test(arguments: WindowSpan.allCases)
    func `a window has as many whole buckets as its name says`(span: WindowSpan) {
        let names: [WindowSpan: Int64] = [
            .hour: Self.hour, .day: Self.day, .week: 7 * Self.day, .month: 30 * Self.day,
        ]
        #expect(Int64(span.bucketCount) * span.resolutionMs == names[span])
        let now = Self.midnight + 12_345
        let window = span.window(at: now)
        #expect(window.bucketStarts.count == span.bucketCount)
        #expect(window.bucketStarts.last == span.start(of: now))
        #expect(window.bucketStarts.first == window.start)
    }

    @Test(arguments: WindowSpan.allCases)
    func `a window counts what is in its buckets and nothing else`(span: WindowSpan) {
        let now = Self.midnight + 7 * Self.hour + 1234
        let window = span.window(at: now)
        let figures = created(at: [window.start - 1, window.start, now - 1, now])
        #expect(figures.total(in: window).created == 3)
        #expect(figures.total(in: span.window(at: now + 10 * span.resolutionMs)).created <= 2)
        let later = now + Int64(span.bucketCount) * span.resolutionMs
        #expect(figures.total(in: span.window(at: later)).created == 0)
    }

    @Test func `what is ahead of a clock that was set back shows when its time comes`() {
        let figures = created(at: [Self.midnight, Self.midnight + 3 * Self.hour, Self.midnight + 1])
        #expect(figures.total(in: WindowSpan.hour.window(at: Self.midnight + 2)).created == 2)
        let later = Self.midnight + 3 * Self.hour
        #expect(figures.total(in: WindowSpan.hour.window(at: later)).created == 1)
        #expect(figures.total(in: WindowSpan.day.window(at: later)).created == 3)
    }

    @Test func `buckets stay bounded, and years ahead are outlived`() {
        var times = (0..<500).map { Self.midnight + Int64($0) * Self.minute }
        times += (0..<500).map { Self.midnight + 1000 * Self.day + Int64($0) * Self.minute }
        let back = (0..<70).map { Self.midnight + 9 * Self.hour + Int64($0) * Self.minute }
        let figures = created(at: times + back)
        #expect(figures.minutes.buckets.count == WindowSpan.hour.capacity)
        let window = WindowSpan.hour.window(at: back[69])
        #expect(figures.total(in: window).created == 60)
    }

    @Test(arguments: 1...10 as ClosedRange<UInt64>)
    func `a clock that steps leaves buckets in order`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var now = Self.midnight
        var times: [Int64] = []
        for _ in 0..<3000 {
            now += Int64.random(in: 0...3, using: &random) * 20_000
            if Int.random(in: 0..<50, using: &random) == 0 {
                now += Int64.random(in: -5...5, using: &random) * Self.hour
            }
            times.append(now)
        }
        let figures = created(at: times)
        for span in WindowSpan.allCases {
            let buckets = figures.ring(of: span).buckets
            #expect(buckets.count <= WindowSpan.month.capacity)
            #expect(BucketRing(buckets, span: span == .week ? .month : span) != nil)
        }
        // Months are long enough for all of these steps.
        #expect(figures.total(in: WindowSpan.month.window(at: times.max() ?? 0)).created == 3000)
    }

    @Test func `what finds no place of its own is counted with the others`() {
        var activity = Activity()
        for name in ["a", "b", "c"] {
            let series = TaskSeries(agent: name, type: "t")
            activity.count(.failed, of: series, at: Self.midnight, limit: 2)
        }
        let window = WindowSpan.hour.window(at: Self.midnight)
        #expect(activity.tasks.series.count == 2)
        #expect(activity.tasks.others.total(in: window).failed == 1)
        #expect(activity.tasks.total(in: window).failed == 3)

        // A month later there is room again.
        let later = Self.midnight + 31 * Self.day
        activity.count(.failed, of: TaskSeries(agent: "c", type: "t"), at: later, limit: 2)
        #expect(activity.tasks.series.keys.map(\.agent) == ["c"])
    }

    @Test func `steps of a task are counted where they belong`() {
        var activity = Activity()
        let steps: [TaskStep] = [
            .created(payloadBytes: 5), .started(waitMs: 4), .retrying, .started(waitMs: 6),
            .completed(durationMs: 9, resultBytes: 7), .failed, .dead, .dead, .cancelled,
            .abandoned,
        ]
        for step in steps { activity.count(step, of: Self.series, at: Self.midnight, limit: 9) }
        let total = activity.tasks.total(in: WindowSpan.day.window(at: Self.midnight))
        #expect((total.created, total.attempts, total.retries, total.ended) == (1, 2, 1, 6))
        #expect((total.payloadBytes, total.resultBytes) == (5, 7))
        #expect(total.successRate == 0.25)
        #expect(total.waits.sum == 10 && total.durations.sum == 9)
        #expect(TaskFigures().successRate == nil)
    }

    @Test func `attempts are counted by method, by user and for the hub`() {
        var activity = Activity()
        let time = Self.midnight
        for (isAllowed, attempts) in [(true, 1), (false, 40)] as [(Bool, UInt64)] {
            activity.count(
                method: "tasks.create",
                user: "anna",
                isAllowed: isAllowed,
                attempts: attempts,
                at: time,
                limit: 5
            )
        }
        let window = WindowSpan.week.window(at: time)
        #expect(activity.methods.series["tasks.create"]?.total(in: window).denied == 40)
        #expect(activity.users.series["anna"]?.total(in: window).allowed == 1)
        let hub = activity.hub.total(in: window)
        #expect((hub.commands, hub.denied) == (1, 40))
    }

    @Test func `stored buckets out of order or place are refused`() {
        typealias Ring = BucketRing<AccessFigures>
        func ring(_ starts: [Int64]) -> Ring? {
            Ring(starts.map { .init(start: $0, figures: .init()) }, span: .hour)
        }
        #expect(ring([0, 60_000]) != nil)
        #expect(ring([60_000, 0]) == nil && ring([0, 0]) == nil && ring([1]) == nil)
        #expect(ring((0..<65).map { Int64($0) * 60_000 }) == nil)
    }
}
