package import Journal

/// The audit as it is on disk.
package protocol AuditLog: Sendable {
    /// Checks the chain from the oldest entry to `chain.head`, whose record is durable.
    ///
    /// To be called on a thread that may wait for the disk.
    ///
    /// - Parameters:
    ///   - chain: Its ends, as the state knows them.
    ///   - known: Entries that were noted elsewhere.
    ///   - progress: Gets 0–100 now and then, and returns whether to go on.
    /// - Returns: What was found.
    /// - Throws: `CancellationError` when it was not to go on; ``StateDirectoryError`` when the disk
    ///   cannot be read. Damage is a result.
    func verify(
        _ chain: AuditChain,
        known: [AuditLink],
        progress: (Int) -> Bool
    ) throws -> AuditReport
}

/// The audit in the journal and the archive of a state folder.
package struct StateFolderAudit: AuditLog {
    private let records: RecordSource

    package init(_ directory: StateDirectory) {
        records = RecordSource(directory)
    }

    /// The entry before the first one whose record is not before `sequence`; `nil` when there is no
    /// such record.
    func anchor(before sequence: UInt64) throws -> AuditLink? {
        var anchor: AuditLink?
        try records.read(from: sequence) { record in
            guard LoggedEvent.isAuditEntry(record) else { return true }
            guard case .audit(let entry) = try LoggedEvent.decode(record).logged.event.change
            else { return true }
            anchor = AuditLink(number: entry.number - 1, sequence: 0, digest: entry.previous)
            return false
        }
        return anchor
    }

    package func verify(
        _ chain: AuditChain,
        known: [AuditLink],
        progress: (Int) -> Bool
    ) throws -> AuditReport {
        var check = AuditVerification(chain, known: known)
        var isCancelled = false
        var count = 0
        do {
            try records.read(through: chain.head.sequence) { record in
                count += 1
                if count.isMultiple(of: 4096) {
                    let (part, _) = record.sequence.multipliedReportingOverflow(by: 100)
                    isCancelled = !progress(Int(clamping: part / max(1, chain.head.sequence)))
                    if isCancelled { return false }
                }
                return check.take(record)
            }
        } catch let error as StateDirectoryError {
            guard case .corrupt(let file, let offset, let problem, _) = error else { throw error }
            check.noteDamage("\(file) is damaged at byte \(offset): \(problem)")
        }
        if isCancelled { throw CancellationError() }
        return check.finish()
    }
}
