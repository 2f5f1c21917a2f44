/// How much of the journal is kept, compressed, beyond what snapshots and channels need.
package struct ArchiveConfiguration: Equatable, Sendable {
    /// Bytes of all archived segments.
    ///
    /// The oldest go first; with 0 nothing is archived.
    package var maximumBytes = 1 << 30
    /// How long after its last record a segment is kept, in milliseconds.
    package var maximumAgeMs: Int64 = 30 * 24 * 3_600_000

    package init() {}
}
