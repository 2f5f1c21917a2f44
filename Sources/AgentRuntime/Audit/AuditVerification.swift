import Journal

/// Checks the audit chain, record by record: a pure machine.
///
/// What is known from elsewhere, such as the state's newest entry, is given as marks; entries must
/// be there up to the last mark and be the same. The anchor says from where on they must be there.
struct AuditVerification {
    private let anchor: AuditLink
    /// By number.
    private let marks: [UInt64: AuditLink]
    private let lastMark: UInt64
    private(set) var report = AuditReport()
    /// The record before, for an entry that vouches for it.
    private var last: JournalRecord?

    /// - Parameters:
    ///   - chain: The ends of the chain as the state knows them.
    ///   - known: Entries that were noted elsewhere; those before the anchor are passed over.
    init(_ chain: AuditChain, known: [AuditLink] = []) {
        anchor = chain.anchor
        var marks: [UInt64: AuditLink] = [:]
        for link in known + [chain.anchor, chain.head] where link.number > 0 {
            marks[link.number] = link
        }
        self.marks = marks
        lastMark = marks.keys.max() ?? 0
        report.head = chain.head
        // A noted entry that differs from what the state knows of the same one shows by itself.
        for link in known where marks[link.number]?.digest != link.digest && link.number > 0 {
            note(link.number, nil, "it has another hash than the one that was noted")
        }
    }

    /// Takes the next record of the journal; those that are no entries too.
    ///
    /// - Returns: Whether to go on.
    mutating func take(_ record: JournalRecord) -> Bool {
        guard report.isIntact else { return false }
        if let last, record.sequence != last.sequence + 1 {
            note(nil, last.sequence + 1, "the record is missing")
            return false
        }
        if LoggedEvent.isAuditEntry(record) { check(record) }
        last = record
        return report.isIntact
    }

    /// Takes what kept the next record from being read.
    mutating func noteDamage(_ text: String) {
        note(nil, last.map { $0.sequence + 1 }, text)
    }

    /// Ends the check after the last record.
    mutating func finish() -> AuditReport {
        let reached = max(report.to?.number ?? 0, anchor.number)
        if report.isIntact, reached < lastMark {
            note(reached + 1, nil, "it is missing, and so is everything up to entry \(lastMark)")
        }
        return report
    }

    private mutating func check(_ record: JournalRecord) {
        let entry: AuditEntry
        let json: [UInt8]
        do throws(StateDecodingError) {
            let (logged, recorded) = try LoggedEvent.decode(record)
            guard case .audit(let audited) = logged.event.change else { return }
            entry = audited
            json = recorded.json
        } catch {
            return note(nil, record.sequence, "it cannot be understood: \(error)")
        }
        guard checkPlace(of: entry, record.sequence) else { return }
        if let effect = entry.effect, !isAsVouchedFor(effect, by: record.sequence) {
            return note(
                entry.number,
                effect.sequence,
                "the record is not the one that the entry was written for"
            )
        }
        let link = AuditLink(
            number: entry.number,
            sequence: record.sequence,
            digest: SHA256Digest(of: json)
        )
        if let mark = marks[entry.number], mark.digest != link.digest {
            return note(entry.number, record.sequence, "it is not as it was when it was written")
        }
        if report.from == nil { report.from = link }
        report.to = link
    }

    /// Whether the entry follows the one before.
    private mutating func checkPlace(of entry: AuditEntry, _ sequence: UInt64) -> Bool {
        if let to = report.to {
            guard entry.number == to.number + 1 else {
                note(
                    to.number + 1,
                    nil,
                    "it is missing: after entry \(to.number) comes \(entry.number)"
                )
                return false
            }
            guard entry.previous == to.digest else {
                note(
                    to.number,
                    to.sequence,
                    "it is not as it was when entry \(entry.number) was written"
                )
                return false
            }
            return true
        }
        guard entry.number > 0, entry.number <= anchor.number + 1 else {
            note(
                anchor.number + 1,
                nil,
                "it is missing: the first that is there is entry \(entry.number)"
            )
            return false
        }
        let isFirst = entry.number == anchor.number + 1
        guard !isFirst || entry.previous == anchor.digest else {
            note(
                entry.number,
                sequence,
                "it does not follow entry \(anchor.number) as the state knows that"
            )
            return false
        }
        return true
    }

    private func isAsVouchedFor(_ effect: AuditedEffect, by sequence: UInt64) -> Bool {
        // The first entry that is there may follow a record that retention has removed.
        guard let last else { return report.from == nil }
        guard effect.sequence == last.sequence, effect.sequence == sequence - 1,
            let json = LoggedEvent.published(in: last)
        else { return false }
        return SHA256Digest(of: json) == effect.digest
    }

    private mutating func note(_ entry: UInt64?, _ sequence: UInt64?, _ text: String) {
        guard report.firstProblem == nil else { return }
        report.firstProblem = AuditReport.Problem(entry: entry, sequence: sequence, text: text)
    }
}

extension LoggedEvent {
    private static let auditStart = Array(#"{"positions":{"audit":"#.utf8)

    /// Whether a record is an entry of the audit chain, by its first bytes: it is in no other
    /// channel.
    static func isAuditEntry(_ record: JournalRecord) -> Bool {
        record.body.starts(with: auditStart)
    }

    /// The event of a record as it was published; `nil` when there is none.
    static func published(in record: JournalRecord) -> [UInt8]? {
        try? eventJSON(of: record)
    }
}
