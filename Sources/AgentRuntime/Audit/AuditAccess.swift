import Journal
import Synchronization

/// How an attempt gets at the audit: the ends of the chain from the runtime's thread, and the
/// entries from the disk, read on a thread that may wait for it.
struct AuditAccess: Sendable {
    let log: any AuditLog
    let mailbox: RuntimeMailbox
    let work: any SerialWork

    /// Checks the whole chain; `progress` gets 0–100 now and then.
    func verify(
        known: [AuditLink],
        progress: @escaping @Sendable (Int) -> Void
    ) async throws -> AuditReport {
        var chain = await durableChain()
        while true {
            let report = try await check(chain, known: known, progress: progress)
            if report.isIntact { return report }
            // Retention may have removed entries meanwhile, which is no damage.
            let newer = await durableChain()
            if newer.anchor == chain.anchor { return report }
            chain = newer
        }
    }

    /// The chain once all that it tells of is on disk.
    private func durableChain() async -> AuditChain {
        await withCheckedContinuation { continuation in
            mailbox.post(.auditChain { continuation.resume(returning: $0) })
        }
    }

    private func check(
        _ chain: AuditChain,
        known: [AuditLink],
        progress: @escaping @Sendable (Int) -> Void
    ) async throws -> AuditReport {
        let isCancelled = CancellationFlag()
        let log = log
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                work.enqueue {
                    continuation.resume(
                        with: Result {
                            try log.verify(chain, known: known) { percent in
                                progress(percent)
                                return !isCancelled.value
                            }
                        }
                    )
                }
            }
        } onCancel: {
            isCancelled.set()
        }
    }
}

private final class CancellationFlag: Sendable {
    private let flag = Atomic<Bool>(false)

    var value: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
