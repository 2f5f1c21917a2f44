import Glibc
import Synchronization

/// How much of a processor the writer of a snapshot takes while others need it.
///
/// A snapshot is seconds of work for a large state, and nobody waits for it: its writer works for
/// as long as nobody notices and then rests four times as long. A thread that becomes ready
/// meanwhile waits for one such burst at most, also on a machine with a single processor and
/// whatever its scheduler thinks of priorities.
package final class SnapshotPace: Sendable {
    /// What is written between two looks at the clock takes a few microseconds.
    static let burst = Duration.microseconds(50)
    static let restMicroseconds: UInt32 = 200
    /// Bytes between two synchronizations: what the disk has to write before a commit of the
    /// journal gets its turn.
    static let unsynchronizedBytes = 1 << 20
    /// Elements of an array that are written without a rest.
    static let unpacedElements: UInt64 = 200
    /// Bytes that one call hands to the kernel.
    static let pieceBytes = 32 << 10

    private let hurries = Atomic<Bool>(false)

    package init() {}

    /// From now on, somebody waits for the snapshot.
    package func hurry() { hurries.store(true, ordering: .relaxed) }

    var isGentle: Bool { !hurries.load(ordering: .relaxed) }
}

/// Where a writer is between two rests.
struct SnapshotBursts {
    private let pace: SnapshotPace?
    private var start = ContinuousClock.now

    init(_ pace: SnapshotPace?) {
        self.pace = pace
    }

    var isGentle: Bool { pace?.isGentle ?? false }

    /// Rests when it is time to; to be called between pieces of work.
    mutating func pause() {
        guard isGentle, ContinuousClock.now - start >= SnapshotPace.burst else { return }
        usleep(SnapshotPace.restMicroseconds)
        start = .now
    }
}
