/// An attempt that has not stopped yet.
struct RunningAttempt: Sendable {
    enum Phase: Equatable, Sendable {
        /// Its result counts.
        case running
        /// Somebody cancelled the task: however it ends, the task is cancelled.
        case cancelling(requestedBy: String)
        /// Timed out: the task has gone on without it, and only its place is still taken.
        case detached
    }

    var definition: TaskDefinition
    var attempt: Int
    /// Monotonic.
    var startedAt: Duration
    var phase = Phase.running
    /// Of an attempt at a worker.
    var lease: AttemptLease?

    /// When progress was last passed on.
    var progressAt: Duration?
    /// What was reported since, held back by the rate limit.
    var heldProgress: (percent: Int, message: String?)?
    var lastProgress: (percent: Int, message: String?)?
    var outputEvents = 0
    var outputBytes = 0
    var isOutputTruncated = false
}
