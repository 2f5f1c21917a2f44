/// How long final tasks stay in the state; part of it, so that a replay drops the same ones.
package struct Retention: Equatable, Sendable {
    /// Completed, failed, cancelled and abandoned tasks.
    package var finishedMs: Int64 = 24 * 3_600_000
    /// Dead tasks wait longer for somebody to retry them.
    package var deadMs: Int64 = 7 * 24 * 3_600_000
    /// Of each of the two kinds.
    package var maximumCount = 100_000
    /// Of each of the two kinds: payloads, results and some overhead.
    package var maximumBytes = 256 << 20

    package init() {}
}
