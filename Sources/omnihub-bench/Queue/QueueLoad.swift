import CLinux
import EventLoops
import Glibc

/// Lets a runtime in this process take many tasks in, begin and end them, with a journal that does
/// nothing: what the queue itself can do.
///
/// A message is a transition of a task: created, started or completed.
struct QueueLoad: Trial {
    var tasks = 100_000
    /// Waiting before the first look at the memory.
    private static let first = 5_000

    func measure(
        _ programs: Programs,
        like other: Measurement?,
        for interval: Interval
    ) throws -> Measurement {
        let count = interval.isShort ? tasks / 10 : tasks
        // What an earlier run has left would be used again, and not be seen to grow.
        clinux_release_free_memory()
        var hub = try QueueUnderLoad.start()
        try hub.submit(Self.first)
        let before = try Self.residentBytes()
        var clock = Stopwatch()
        let tenth = (count - Self.first) / 10
        var submits: [UInt64] = []
        for _ in 0..<10 {
            try hub.submit(tenth)
            submits.append(clock.lap())
        }
        let grown = Double(try Self.residentBytes() - before) / Double(10 * tenth)
        guard hub.waiting == Self.first + 10 * tenth else {
            throw BenchError("\(hub.waiting) tasks wait, not \(Self.first + 10 * tenth)")
        }
        try hub.resume()
        clock = Stopwatch()
        var ends: [UInt64] = []
        for part in 1...10 {
            try hub.run(until: hub.total * part / 10)
            ends.append(clock.lap())
        }
        guard hub.completed == hub.total, hub.waiting == 0 else {
            throw BenchError("\(hub.completed) of \(hub.total) tasks are completed")
        }
        let wall = submits.reduce(0, +) + ends.reduce(0, +)
        var measurement = Measurement(
            opened: 10 * tenth + 2 * hub.total,
            wall: wall,
            serverTime: wall,
            latency: LatencyHistogram()
        )
        measurement.figures = [
            Figure(kind: .lateOverEarlySubmits, value: Self.slowdown(submits)),
            Figure(kind: .fullOverEmptyRuns, value: Self.slowdown(ends.reversed())),
            Figure(
                kind: .residentBytesPerWaitingTask,
                value: grown - Double(QueueUnderLoad.payloadBytes)
            ),
        ]
        return measurement
    }

    /// What the last three parts took over what the first three did.
    private static func slowdown(_ parts: [UInt64]) -> Double {
        Double(parts.suffix(3).reduce(0, +)) / Double(max(1, parts.prefix(3).reduce(0, +)))
    }

    /// Of this process.
    private static func residentBytes() throws(BenchError) -> Int {
        // The second number counts pages (proc(5)).
        let fields = SmallText("/proc/self/statm").contents?.split(separator: " ") ?? []
        guard fields.count > 1, let pages = Int(fields[1]) else {
            throw BenchError("cannot read the memory of this process")
        }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}

/// Tells how long each step took.
private struct Stopwatch {
    private var last = MonotonicClock.nanoseconds

    mutating func lap() -> UInt64 {
        let now = MonotonicClock.nanoseconds
        defer { last = now }
        return now - last
    }
}
