import Glibc

/// Looks at the archive, or repairs it; no hub uses the folder meanwhile.
extension StateDirectory {
    /// All archived segments, in order: every block, every record, its checksum and its sequence.
    package func inspectArchive() throws(StateDirectoryError) -> [SegmentReport] {
        do {
            var reports: [SegmentReport] = []
            for name in try ArchiveName.all(in: path) {
                let file = RecordFile(
                    path: name.path(in: path),
                    firstSequence: name.firstSequence,
                    isArchived: true
                )
                reports.append(try Self.inspect(file))
            }
            return reports
        } catch {
            throw StateDirectoryError(error)
        }
    }

    private static func inspect(_ file: RecordFile) throws(FileError) -> SegmentReport {
        var report = SegmentReport(path: file.path, firstSequence: file.firstSequence)
        report.bytes = try FileDescriptor(opening: file.path, O_RDONLY).size()
        let reader = try BlockReader(file)
        var offset = 0
        do throws(FileError) {
            while let block = try reader.block(at: offset) {
                let before = report.records
                var lines = Lines()
                var end = 0
                while let range = lines.next(in: block.bytes) {
                    let record = JournalRecord(line: block.bytes.span.extracting(range))
                    guard record?.sequence == report.nextSequence else { break }
                    report.records += 1
                    end = range.upperBound + 1
                }
                guard end == block.bytes.count, block.member?.records == report.records - before,
                    block.member?.firstSequence == report.firstSequence + before
                else {
                    report.damage = SegmentReport.Damage(
                        offset: offset,
                        problem: "record \(report.nextSequence) cannot be read"
                    )
                    return report
                }
                offset += block.length
            }
        } catch {
            guard error.code == EBADMSG else { throw error }
            report.damage = SegmentReport.Damage(
                offset: offset,
                problem: "the block from record \(report.nextSequence) on cannot be decompressed"
            )
        }
        if report.damage == nil, report.records == 0 {
            report.damage = SegmentReport.Damage(offset: 0, problem: "it is empty")
        }
        return report
    }

    /// Sets damaged segments of the archive aside: no start needs them, only the past of channels.
    func setAsideArchives(
        isDryRun: Bool,
        step: (String) -> Void
    ) throws(StateDirectoryError) {
        for report in try inspectArchive() {
            guard let damage = report.damage else { continue }
            let what = "\(report.path) (damaged at byte \(damage.offset)) of the archive"
            if isDryRun {
                step("would set the segment \(what) aside")
                continue
            }
            do {
                let aside = try Folder.setAside(report.path, in: "\(path)/\(ArchiveName.folder)")
                step("set the segment \(what) aside as \(aside)")
            } catch {
                throw StateDirectoryError(error)
            }
        }
    }
}
