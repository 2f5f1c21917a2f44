/// When the sessions of a loop are told that the hub stops and when they are closed: one after the
/// other, so that neither the hub nor those who come back have everything to do at once.
///
/// The notices fill the first quarter of the time and the closings its second half; each session
/// has at least half of the time between the two to finish what it is at.
struct DrainSchedule<Session> {
    /// Nobody is asked to come back sooner: a hub that starts again needs a moment.
    private static var firstDelay: UInt64 { 250 }
    private static var smallestWindow: UInt64 { 250 }
    /// With how many that come back in a second a hub copes in any case.
    private static var returnsPerSecond: Int { 1_000 }

    private let sessions: [Session]
    private let start: UInt64
    private let duration: UInt64
    /// Milliseconds over which the sessions come back.
    private let window: UInt64
    private var told = 0
    private var closed = 0

    /// - Parameters:
    ///   - sessions: In the order of their turns.
    ///   - now: Milliseconds of a clock that never steps.
    ///   - duration: From the first notice to the last closing, in milliseconds.
    ///   - loops: How many loops drain as many sessions at the same time.
    ///   - connectionsPerSecond: What the hub accepts; 0 is without limit.
    init(
        _ sessions: [Session],
        from now: UInt64,
        over duration: UInt64,
        loops: Int,
        connectionsPerSecond: Int
    ) {
        self.sessions = sessions
        start = now
        self.duration = duration
        // Half of what is accepted, since others come too.
        let rate = connectionsPerSecond > 0 ? max(1, connectionsPerSecond / 2) : .max
        let returns = sessions.count * loops * 1_000 / min(rate, Self.returnsPerSecond)
        window = max(Self.smallestWindow, UInt64(returns))
    }

    /// Whether every session was told and closed.
    var isOver: Bool { closed == sessions.count }

    /// Sessions whose turn to be told has come, by the ranks that ``reconnectDelay(of:using:)``
    /// takes.
    mutating func takeNotices(at now: UInt64) -> Range<Int> {
        let elapsed = now - min(start, now)
        let span = duration / 4
        let due = elapsed >= span ? sessions.count : share(of: elapsed, in: span) + 1
        defer { told = max(told, min(due, sessions.count)) }
        return told..<max(told, min(due, sessions.count))
    }

    /// Sessions whose turn to be closed has come.
    mutating func takeClosings(at now: UInt64) -> Range<Int> {
        let elapsed = now - min(start, now)
        let span = duration / 2
        let due =
            elapsed >= duration ? sessions.count : share(of: elapsed - min(span, elapsed), in: span)
        defer { closed = max(closed, due) }
        return closed..<max(closed, due)
    }

    subscript(rank: Int) -> Session { sessions[rank] }

    /// How long after its end a session should come back, in milliseconds: each at another time.
    func reconnectDelay(
        of rank: Int,
        using random: inout some RandomNumberGenerator
    ) -> UInt64 {
        let step = max(1, window / UInt64(max(1, sessions.count)))
        let turn = window * UInt64(rank) / UInt64(max(1, sessions.count))
        return Self.firstDelay + turn + UInt64.random(in: 0..<step, using: &random)
    }

    private func share(of elapsed: UInt64, in span: UInt64) -> Int {
        span == 0 ? sessions.count : Int(elapsed) * sessions.count / Int(span)
    }
}
