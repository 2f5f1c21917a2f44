import Glibc

/// Reads segments strictly by sequence, and tells a torn tail from damage.
struct JournalReader {
    private let folder: String
    private let segments: [SegmentName]
    /// Whether a torn tail is cut off; otherwise nothing is written.
    private let cutsTail: Bool
    /// Records up to here are in the snapshot.
    private let coveredSequence: UInt64
    /// Covered records before this one are not wanted.
    private let firstWanted: UInt64
    /// The sequence that the next record must have.
    private var expected: UInt64
    private(set) var recovery: Recovery
    private var progress = RecoveryProgress()
    /// How much of the current segment has been read.
    private var segmentBytes = 0

    typealias Replay = (JournalRecord, _ isCovered: Bool) throws -> Void

    init(
        folder: String,
        recovery: Recovery,
        retainedRecords: UInt64,
        cutsTail: Bool
    ) throws(StateDirectoryError) {
        self.folder = folder
        self.recovery = recovery
        self.cutsTail = cutsTail
        coveredSequence = recovery.snapshotSequence ?? 0
        let firstWanted = coveredSequence - min(coveredSequence, retainedRecords) + 1
        self.firstWanted = firstWanted
        do {
            let all = try SegmentName.all(in: folder)
            let start = all.lastIndex { $0.firstSequence <= firstWanted } ?? 0
            segments = Array(all.dropFirst(start))
            for segment in segments {
                let file = try FileDescriptor(opening: "\(folder)/\(segment.fileName)", O_RDONLY)
                progress.totalBytes += try file.size()
            }
        } catch {
            throw StateDirectoryError(error)
        }
        expected = segments.first?.firstSequence ?? coveredSequence + 1
        if segments.isEmpty, recovery.snapshotSequence != nil {
            throw ended(at: SegmentName(firstSequence: expected), offset: 0)
        }
        if let first = segments.first, expected > coveredSequence + 1 {
            throw missing(from: coveredSequence + 1, before: first)
        }
    }

    /// Hands all records over and leaves the last segment fit for appending.
    mutating func read(
        progress report: (RecoveryProgress) -> Void,
        replay: Replay
    ) throws {
        for (index, segment) in segments.enumerated() {
            if segment.firstSequence != expected {
                throw missing(from: expected, before: segment)
            }
            try read(segment, isLast: index == segments.count - 1, report: report, replay: replay)
        }
        if let last = segments.last, expected <= coveredSequence {
            throw ended(at: last, offset: segmentBytes)
        }
        recovery.lastSequence = expected - 1
    }

    private mutating func read(
        _ segment: SegmentName,
        isLast: Bool,
        report: (RecoveryProgress) -> Void,
        replay: Replay
    ) throws {
        let path = "\(folder)/\(segment.fileName)"
        segmentBytes = 0
        do {
            var reader = try LineReader(path: path)
            while let line = try reader.next() {
                let whole = JournalLine(reader.buffer.span.extracting(line.range))
                guard let whole, line.isTerminated else {
                    try cut(path, at: line.offset, isLast: isLast)
                    return
                }
                try take(whole.record, path: path, offset: line.offset, replay: replay)
                if isLast {
                    let bytes = reader.buffer.span.extracting(line.range)
                    var commit =
                        recovery.lastCommit
                        ?? LastCommit(offset: line.offset, batch: whole.batch)
                    recovery.lastCommit = nil
                    commit.append(bytes, at: line.offset, batch: whole.batch)
                    recovery.lastCommit = commit
                }
                segmentBytes = line.offset + line.range.count + 1
                progress.bytes += line.range.count + 1
                if progress.records.isMultiple(of: 16_384) { report(progress) }
            }
        } catch let error as FileError {
            throw StateDirectoryError(error)
        }
        report(progress)
    }

    private mutating func take(
        _ record: JournalRecord,
        path: String,
        offset: Int,
        replay: Replay
    ) throws {
        guard record.sequence == expected else {
            throw StateDirectoryError.corrupt(
                file: path,
                offset: offset,
                problem: "record \(expected) should be here but it is \(record.sequence)",
                advice: Self.restore
            )
        }
        expected += 1
        progress.records += 1
        if record.sequence > coveredSequence {
            recovery.replayedRecords += 1
            try replay(record, false)
        } else if record.sequence >= firstWanted {
            recovery.coveredRecords += 1
            try replay(record, true)
        }
    }

    /// Cuts the last segment at a bad record if that is what a crash leaves; refuses otherwise.
    private mutating func cut(_ path: String, at offset: Int, isLast: Bool) throws {
        let bytes = try readFile(path, from: offset)
        let tail = JournalTail(bytes, offset: offset, expected: expected)
        if let problem = whyNotTorn(tail, isLast: isLast) {
            throw StateDirectoryError.corrupt(
                file: path,
                offset: offset,
                problem: "record \(expected) cannot be read, \(problem)",
                advice: Self.restore
            )
        }
        let torn = TornTail(
            path: path,
            offset: offset,
            byteCount: bytes.count,
            laterRecords: tail.laterRecords
        )
        recovery.tornTail = torn
        guard cutsTail else { return }
        let aside = try torn.cut(bytes, in: folder)
        recovery.warnings.append("\(torn.description) were moved to \(aside)")
    }

    /// What speaks against `tail` being the rest of a write that a crash cut off.
    private func whyNotTorn(_ tail: borrowing JournalTail, isLast: Bool) -> String? {
        if !isLast { return "and another segment follows" }
        // A snapshot holds durable records only: they had been whole once.
        if expected <= coveredSequence { return "but it had been written whole" }
        return tail.isTorn ? nil : "but a later record can"
    }

    private func missing(
        from sequence: UInt64,
        before segment: SegmentName
    ) -> StateDirectoryError {
        .corrupt(
            file: "\(folder)/\(segment.fileName)",
            offset: 0,
            problem: "the records from \(sequence) on that belong before it are missing",
            advice: Self.restore
        )
    }

    /// For a journal that has not even what the snapshot has.
    private func ended(at segment: SegmentName, offset: Int) -> StateDirectoryError {
        .corrupt(
            file: "\(folder)/\(segment.fileName)",
            offset: offset,
            problem: "the journal ends before record \(expected)",
            advice: Self.restore
        )
    }

    private static let restore = StateDirectoryError.restoreAdvice
}
