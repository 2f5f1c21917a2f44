import Glibc

/// The archive of a state folder: segments that nothing needs for a start, compressed.
///
/// `archive/<sequence>.jsonl.gz` is a gzip file (``GzipMember``) with all lines of the segment. It is
/// written beside under the name `<…>.gz.partial`, made durable and renamed before its segment goes,
/// so that each record is in one of the two places at any time.
struct SegmentArchive {
    private let directory: String
    private var folder: String { "\(directory)/\(ArchiveName.folder)" }

    init(_ directory: StateDirectory) {
        self.directory = directory.path
    }

    /// What is in it.
    struct Figures: Equatable {
        var segments = 0
        var bytes = 0
    }

    enum Outcome: Equatable {
        case archived
        /// The segment is damaged and stays where it is.
        case damaged(String)
        case cancelled
    }

    /// Removes what an interrupted attempt has left.
    func removeLeftovers() throws(FileError) {
        guard Folder.exists(folder) else { return }
        for name in try Folder.entries(of: folder) where name.hasSuffix(ArchiveName.partialSuffix) {
            try Folder.removeFile("\(folder)/\(name)")
        }
    }

    /// Writes `segment`, whose records end before `next`, durably; it stays where it was.
    ///
    /// Whether it is cancelled is asked before each block.
    func add(
        _ segment: SegmentName,
        next: UInt64,
        isCancelled: () -> Bool
    ) throws(FileError) -> Outcome {
        let name = ArchiveName(segment: segment)
        let path = name.path(in: directory)
        // A crash may have come between the rename and the end of the segment.
        if Folder.exists(path) { return .archived }
        try Folder.create(folder)
        let partial = path + ArchiveName.partialSuffix
        if Folder.exists(partial) { try Folder.removeFile(partial) }
        do throws(FileError) {
            let outcome = try write(segment, next: next, to: partial, isCancelled)
            guard outcome == .archived else {
                try? Folder.removeFile(partial)
                return outcome
            }
            try Folder.rename(partial, to: path)
            try Folder.synchronize(folder)
            return .archived
        } catch {
            try? Folder.removeFile(partial)
            throw error
        }
    }

    /// Removes the oldest segments beyond the limits, as far as `mayGo` lets it.
    ///
    /// `now` is in milliseconds since 1970 UTC. `mayGo` gets the sequence behind each segment.
    ///
    /// - Returns: How many were removed, and the sequence behind the last one that is beyond the
    ///   limits and yet had to stay.
    func prune(
        _ limits: ArchiveConfiguration,
        now: Int64,
        mayGo: (_ next: UInt64) -> Bool
    ) throws(FileError) -> (removed: Int, wanted: UInt64?) {
        let names = try ArchiveName.all(in: directory)
        let journal = try SegmentName.all(in: "\(directory)/journal").first?.firstSequence
        let ends = names.dropFirst().map(\.firstSequence) + [journal ?? .max]
        var rest = try figures(of: names).bytes
        var removed = 0
        var wanted: UInt64?
        for (name, next) in zip(names, ends) {
            let path = name.path(in: directory)
            let file = try FileDescriptor(opening: path, O_RDONLY)
            let isTooMuch = limits.maximumBytes == 0 || rest > limits.maximumBytes
            let isTooOld = try isOlder(file, than: now - limits.maximumAgeMs)
            guard isTooMuch || isTooOld else { break }
            rest -= try file.size()
            guard wanted == nil, mayGo(next) else {
                wanted = next
                continue
            }
            try Folder.removeFile(path)
            removed += 1
        }
        if removed > 0 { try Folder.synchronize(folder) }
        return (removed, wanted)
    }

    func figures() throws(FileError) -> Figures {
        try figures(of: ArchiveName.all(in: directory))
    }

    private func figures(of names: [ArchiveName]) throws(FileError) -> Figures {
        var figures = Figures()
        for name in names {
            let file = try FileDescriptor(opening: name.path(in: directory), O_RDONLY)
            figures.segments += 1
            figures.bytes += try file.size()
        }
        return figures
    }

    private func isOlder(
        _ file: borrowing FileDescriptor,
        than time: Int64
    ) throws(FileError) -> Bool {
        var head = [UInt8](repeating: 0, count: 8)
        guard try file.read(into: &head, from: 0) == 8 else { return false }
        let seconds = head[4..<8].reversed().reduce(Int64(0)) { $0 << 8 | Int64($1) }
        return seconds * 1_000 < time
    }

    private func write(
        _ segment: SegmentName,
        next: UInt64,
        to path: String,
        _ isCancelled: () -> Bool
    ) throws(FileError) -> Outcome {
        let source = RecordFile(
            path: "\(directory)/journal/\(segment.fileName)",
            firstSequence: segment.firstSequence,
            isArchived: false
        )
        let reader = try BlockReader(source)
        let target = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL)
        let time = try lastTime(of: source)
        var expected = segment.firstSequence
        var offset = 0
        while let block = try reader.block(at: offset) {
            if isCancelled() { return .cancelled }
            guard let summary = Self.summary(of: block.bytes, expected: expected) else {
                let end = offset + block.length
                return .damaged("\(source.path), between byte \(offset) and \(end)")
            }
            try target.write(GzipMember.encode(block.bytes, summary: summary, time: time))
            expected = summary.nextSequence
            offset += block.length
        }
        guard expected == next else {
            return .damaged("\(source.path), which ends before record \(expected)")
        }
        try target.synchronize()
        return .archived
    }

    /// What is in a block all of whose lines are intact; else `nil`.
    private static func summary(of bytes: [UInt8], expected: UInt64) -> BlockSummary? {
        var summary = BlockSummary()
        var lines = Lines()
        var end = 0
        var next = expected
        while let range = lines.next(in: bytes) {
            guard let line = JournalRecord(line: bytes.span.extracting(range)),
                line.sequence == next, let head = LineHead(range, in: bytes.span)
            else { return nil }
            summary.add(head, in: bytes.span)
            next += 1
            end = range.upperBound + 1
        }
        return end == bytes.count ? summary : nil
    }

    /// The time of the last record, in seconds since 1970.
    private func lastTime(of file: RecordFile) throws(FileError) -> UInt32 {
        let descriptor = try FileDescriptor(opening: file.path, O_RDONLY)
        let size = try descriptor.size()
        var wanted = 4_096
        while true {
            let tail = try readFile(file.path, from: max(0, size - wanted))
            let feed = tail.dropLast().lastIndex(of: UInt8(ascii: "\n"))
            if feed != nil || wanted >= size {
                let start = feed.map { $0 + 1 } ?? 0
                let head = LineHead(start..<max(start, tail.count - 1), in: tail.span)
                return UInt32(clamping: (head?.time ?? 0) / 1_000)
            }
            wanted *= 2
        }
    }
}
