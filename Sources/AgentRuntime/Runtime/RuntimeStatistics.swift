import JSONRPC

/// What the runtime has measured in this life of the process.
package struct RuntimeStatistics: Equatable, Sendable {
    package internal(set) var events: UInt64 = 0
    /// Attempts that did not stop in time after a cancel or a timeout.
    package internal(set) var lostAttempts: UInt64 = 0
    /// Times of schedules at which something was begun, that waited, and that were left out.
    package internal(set) var firedTimes: UInt64 = 0
    package internal(set) var queuedTimes: UInt64 = 0
    package internal(set) var skippedTimes: UInt64 = 0
    /// Runs of workflows that began, and states that they entered.
    package internal(set) var startedRuns: UInt64 = 0
    package internal(set) var runSteps: UInt64 = 0
    /// Events that were to start runs, by what became of that.
    package internal(set) var triggers: [TriggerOutcome: UInt64] = [:]
    /// Attempts whose lease ran out.
    package internal(set) var stalledAttempts: UInt64 = 0
    /// Attempts whose worker has left.
    package internal(set) var lostLeases: UInt64 = 0
    /// Reports of workers that came too late.
    package internal(set) var lateReports: UInt64 = 0
    package internal(set) var deafWorkers: UInt64 = 0
    package internal(set) var snapshots: UInt64 = 0
    package internal(set) var failedSnapshots: UInt64 = 0
    /// Calls of `tasks.create` that were refused.
    package internal(set) var refusedTasks = RefusedTasks()
    /// Times that tasks waited although there was a place, because of a rate.
    package internal(set) var rateWaits: UInt64 = 0
    /// Attempts that were denied and are in the audit.
    package internal(set) var denials: UInt64 = 0
    /// Of the newest snapshot in this life: its last event and how long it took.
    package internal(set) var snapshotSequence: UInt64 = 0
    package internal(set) var snapshotMs: Int64 = 0
    /// From the moment a task could run to the beginning of the attempt.
    package internal(set) var queueWait = DurationHistogram()
    package internal(set) var attemptDuration = DurationHistogram()

    package init() {}
}

/// Calls of `tasks.create` that created nothing, by the reason.
package struct RefusedTasks: Equatable, Sendable {
    /// VALIDATION_ERROR.
    package var invalid: UInt64 = 0
    /// REQUEST_TOO_LARGE: the payload.
    package var tooLarge: UInt64 = 0
    /// CONFLICT: the dedupe key is held.
    package var duplicate: UInt64 = 0
    /// BUSY: too many tasks wait.
    package var queueFull: UInt64 = 0

    mutating func count(_ error: RPCError) {
        switch error.code {
        case .requestTooLarge: tooLarge += 1
        case .conflict: duplicate += 1
        case .busy: queueFull += 1
        default: invalid += 1
        }
    }
}

/// How often durations fell into fixed ranges: a Prometheus histogram.
package struct DurationHistogram: Equatable, Sendable {
    /// Upper bounds in milliseconds; a last bucket takes the rest.
    package static let boundsMs: [Int64] = [
        1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 30_000, 60_000,
    ]

    /// Not cumulative; one more than there are bounds.
    package private(set) var counts = [UInt64](repeating: 0, count: boundsMs.count + 1)
    package private(set) var sumMs: Int64 = 0

    package init() {}

    package var count: UInt64 { counts.reduce(0, +) }

    /// A histogram of which this is known.
    init(counts: [UInt64], sumMs: Int64) {
        self.counts = counts
        self.sumMs = sumMs
    }

    mutating func record(_ duration: Duration) {
        record(max(0, duration.wholeMilliseconds))
    }

    mutating func record(_ milliseconds: Int64) {
        let bucket = Self.boundsMs.firstIndex { milliseconds <= $0 } ?? Self.boundsMs.count
        counts[bucket] += 1
        let (sum, overflow) = sumMs.addingReportingOverflow(milliseconds)
        sumMs = overflow ? .max : sum
    }
}
