/// Where a task stands.
package enum TaskStatus: String, CaseIterable, Hashable, Sendable {
    /// Was created for later: waits for its `runAt`, or after it for a free place.
    case scheduled
    /// Waits for the tasks that it depends on to complete.
    case blocked
    /// Waits for a free place of its agent, or for the moment of its next attempt.
    case pending
    case running
    /// Final: has a result.
    case completed
    /// Final: an attempt failed in a way that another one would not mend.
    case failed
    /// Final: was cancelled and has stopped.
    case cancelled
    /// Final: all attempts are used up. Kept longer than other final tasks.
    case dead
    /// Final: was cancelled but did not stop in time.
    case abandoned

    /// Whether no attempt is running or to come, unless someone retries it.
    package var isFinal: Bool {
        switch self {
        case .scheduled, .blocked, .pending, .running: false
        case .completed, .failed, .cancelled, .dead, .abandoned: true
        }
    }

    /// Its place among all of them.
    var index: Int {
        switch self {
        case .scheduled: 0
        case .pending: 1
        case .running: 2
        case .completed: 3
        case .failed: 4
        case .cancelled: 5
        case .dead: 6
        case .abandoned: 7
        case .blocked: 8
        }
    }

    /// Whether no attempt is running, and one is to come.
    package var isWaiting: Bool { isReady || self == .blocked }

    /// Whether an attempt may begin as soon as its moment has come and there is a place.
    package var isReady: Bool { self == .scheduled || self == .pending }
}

/// How urgent a task is.
package enum TaskPriority: String, CaseIterable, Hashable, Sendable {
    case critical, high, medium, low

    /// 0 is the most urgent.
    package var rank: Int {
        switch self {
        case .critical: 0
        case .high: 1
        case .medium: 2
        case .low: 3
        }
    }
}
