import EventLoops

/// How long a run takes, in nanoseconds.
struct Interval: Sendable {
    /// Before anything is measured: caches, buffers and windows grow to what they will be.
    var warmUp: UInt64
    var measured: UInt64

    /// Whether it is only to be seen that everything works.
    var isShort: Bool { measured < 500_000_000 }
}

/// Leads a run through its interval and reads the clocks at both ends of what is measured.
struct RunClock {
    enum Step {
        case warmingUp
        /// Measuring begins: what was counted so far is to be forgotten.
        case begins
        case measuring
        case over
    }

    private let server: ProcessClock
    private let probe: (any Probe)?
    private let duration: UInt64
    private let begin: UInt64
    private var end: UInt64
    private var isMeasuring = false
    private var wallAtBegin: UInt64 = 0
    private var serverAtBegin: UInt64 = 0
    /// Nanoseconds that were measured.
    private(set) var wall: UInt64 = 0
    /// Nanoseconds that the server computed meanwhile.
    private(set) var serverTime: UInt64 = 0

    init(_ interval: Interval, _ server: ServerProcess) {
        self.server = server.clock
        probe = server.probe
        duration = interval.measured
        begin = MonotonicClock.nanoseconds + interval.warmUp
        end = .max
    }

    @inline(__always)
    mutating func advance(to now: UInt64) -> Step {
        if now < begin { return .warmingUp }
        if now < end, isMeasuring { return .measuring }
        return turn(now)
    }

    private mutating func turn(_ now: UInt64) -> Step {
        if isMeasuring {
            serverTime = server.nanoseconds - serverAtBegin
            wall = now - wallAtBegin
            probe?.end()
            return .over
        }
        isMeasuring = true
        probe?.begin()
        serverAtBegin = server.nanoseconds
        // A probe may have taken its time.
        wallAtBegin = probe == nil ? now : MonotonicClock.nanoseconds
        end = wallAtBegin + duration
        return .begins
    }
}

/// Counts what a server does while it is measured, beside its processor time.
protocol Probe: AnyObject {
    func begin()
    func end()
}
