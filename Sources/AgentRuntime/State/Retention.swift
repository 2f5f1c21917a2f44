/// How long final tasks and remembered answers stay in the state; a part of it, so that a replay
/// drops the same ones.
package struct Retention: Equatable, Sendable {
    /// Completed, failed, cancelled and abandoned tasks.
    package var finishedMs: Int64 = 24 * 3_600_000
    /// Dead tasks wait longer for somebody to retry them.
    package var deadMs: Int64 = 7 * 24 * 3_600_000
    /// Of each of the two kinds.
    package var maximumCount = 100_000
    /// Of each of the two kinds: payloads, results and some overhead.
    package var maximumBytes = 256 << 20

    /// Answers of commands with an idempotency key.
    package var answersMs: Int64 = 24 * 3_600_000
    /// Beyond it the oldest answers go first, and so beyond ``maximumBytes``.
    package var maximumAnswers = 100_000

    /// Runs of workflows that have ended.
    package var runsMs: Int64 = 7 * 24 * 3_600_000
    package var maximumRuns = 10_000
    /// Their inputs, outputs and histories.
    package var maximumRunBytes = 64 << 20
    /// Newest entries of the history of each run.
    package var maximumRunHistory = 1_000

    /// Task types, methods and users, of each so many, whose figures are told apart.
    ///
    /// What comes when there are so many is counted together.
    package var maximumSeries = 256
    package var reportsMs: Int64 = 7 * 24 * 3_600_000
    /// Of each user.
    package var maximumReports = 20
    /// Of all users.
    package var maximumReportBytes = 32 << 20

    package init() {}
}
