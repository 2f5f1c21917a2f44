import Glibc

/// A segment, read from its first byte to its last.
package struct SegmentReport: Equatable, Sendable {
    package var path: String
    package var firstSequence: UInt64
    /// Whole records before the first damage.
    package var records: UInt64 = 0
    package var bytes = 0
    package var damage: Damage?

    /// The first thing that is wrong.
    package struct Damage: Equatable, Sendable {
        package var offset: Int
        package var problem: String
    }

    /// The sequence that the next segment must begin with.
    var nextSequence: UInt64 { firstSequence + records }

    /// The sequence behind the last record before the first damage.
    package var endSequence: UInt64 { nextSequence }

    package var description: String? {
        damage.map { "\(path) is damaged at byte \($0.offset): \($0.problem)" }
    }
}

/// A snapshot and whether it can be used.
package struct SnapshotReport: Sendable {
    package var path: String
    package var sequence: UInt64
    /// `nil` when it is damaged.
    package var snapshot: Snapshot?
}

/// Looks at everything in a folder and changes nothing.
extension StateDirectory {
    package var formatVersion: UInt64 {
        get throws(StateDirectoryError) { try StateFormat.version(of: path) }
    }

    /// All snapshots, the oldest first, each checked byte by byte.
    package func inspectSnapshots() throws(StateDirectoryError) -> [SnapshotReport] {
        var reports: [SnapshotReport] = []
        for file in try SnapshotStore(self).all() {
            let snapshot = try Snapshot(path: file.path, sequence: file.sequence)
            reports.append(
                SnapshotReport(path: file.path, sequence: file.sequence, snapshot: snapshot)
            )
        }
        return reports
    }

    /// All segments, in order: every record, its checksum and its sequence.
    ///
    /// Also what an unfinished commit has left is damage here; ``recover(isReadOnly:)`` tells
    /// whether it is that.
    package func inspectSegments() throws(StateDirectoryError) -> [SegmentReport] {
        var reports: [SegmentReport] = []
        do {
            for name in try SegmentName.all(in: journalPath) {
                var report = try Self.inspect(name, in: journalPath)
                if let last = reports.last, last.damage == nil,
                    last.nextSequence != report.firstSequence
                {
                    report.damage = SegmentReport.Damage(
                        offset: 0,
                        problem: "it should begin with record \(last.nextSequence)"
                    )
                }
                reports.append(report)
            }
        } catch {
            throw StateDirectoryError(error)
        }
        return reports
    }

    private static func inspect(
        _ name: SegmentName,
        in folder: String
    ) throws(FileError) -> SegmentReport {
        let path = "\(folder)/\(name.fileName)"
        var report = SegmentReport(path: path, firstSequence: name.firstSequence)
        report.bytes = try FileDescriptor(opening: path, O_RDONLY).size()
        var reader = try LineReader(path: path)
        while let line = try reader.next() {
            let record = JournalRecord(line: reader.buffer.span.extracting(line.range))
            guard let record, line.isTerminated else {
                report.damage = SegmentReport.Damage(
                    offset: line.offset,
                    problem: "record \(report.nextSequence) cannot be read"
                )
                break
            }
            guard record.sequence == report.nextSequence else {
                report.damage = SegmentReport.Damage(
                    offset: line.offset,
                    problem: "record \(report.nextSequence) should be here "
                        + "but it is \(record.sequence)"
                )
                break
            }
            report.records += 1
        }
        return report
    }
}
