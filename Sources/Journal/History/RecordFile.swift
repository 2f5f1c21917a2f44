import Glibc

/// A file with records: a segment of the journal, or one in the archive.
struct RecordFile: Hashable {
    var path: String
    var firstSequence: UInt64
    var isArchived: Bool

    /// All of a state folder in the order of their records; of a segment that is in both places,
    /// as a crash may leave it, the one in the journal.
    static func all(in directory: String) throws(FileError) -> [RecordFile] {
        // The journal first: a segment is archived before it goes from there, so that what moves
        // meanwhile is found in one of the two places.
        var files: [UInt64: RecordFile] = [:]
        let journal = "\(directory)/journal"
        for name in try SegmentName.all(in: journal) {
            files[name.firstSequence] = RecordFile(
                path: "\(journal)/\(name.fileName)",
                firstSequence: name.firstSequence,
                isArchived: false
            )
        }
        for name in try ArchiveName.all(in: directory) where files[name.firstSequence] == nil {
            files[name.firstSequence] = RecordFile(
                path: name.path(in: directory),
                firstSequence: name.firstSequence,
                isArchived: true
            )
        }
        return files.values.sorted { $0.firstSequence < $1.firstSequence }
    }
}

/// The name of an archived segment: that of the segment and `.gz`.
struct ArchiveName: Hashable, Comparable {
    static let folder = "archive"
    static let suffix = ".gz"
    static let partialSuffix = ".partial"

    var segment: SegmentName

    var firstSequence: UInt64 { segment.firstSequence }
    var fileName: String { segment.fileName + Self.suffix }

    func path(in directory: String) -> String { "\(directory)/\(Self.folder)/\(fileName)" }

    static func < (lhs: ArchiveName, rhs: ArchiveName) -> Bool { lhs.segment < rhs.segment }

    /// The archived segments of a state folder, in order; none when there is no archive.
    static func all(in directory: String) throws(FileError) -> [ArchiveName] {
        let folder = "\(directory)/\(Self.folder)"
        guard Folder.exists(folder) else { return [] }
        return try Folder.entries(of: folder).compactMap { name in
            guard name.hasSuffix(suffix) else { return nil }
            return SegmentName(fileName: String(name.dropLast(suffix.count))).map {
                ArchiveName(segment: $0)
            }
        }
        .sorted()
    }
}

/// Reads a file with records in blocks of whole lines.
struct BlockReader: ~Copyable {
    private let file: FileDescriptor
    private let isArchived: Bool
    private let size: Int

    struct Block {
        /// Whole lines; a last one without a line feed only at the end of a segment.
        var bytes: [UInt8]
        /// Where the block is in the file.
        var offset: Int
        var length: Int
        /// Of an archived block.
        var member: GzipMember?
    }

    init(_ recordFile: RecordFile) throws(FileError) {
        let file = try FileDescriptor(opening: recordFile.path, O_RDONLY)
        size = try file.size()
        isArchived = recordFile.isArchived
        self.file = file
    }

    /// The block at `offset`; `nil` at the end of the file.
    ///
    /// Of a segment it has `length` bytes, which end a line, or without that about as many as a block
    /// has. A damaged block of an archive is an error, `EBADMSG`.
    func block(at offset: Int, length: Int? = nil) throws(FileError) -> Block? {
        guard offset < size else { return nil }
        guard isArchived else { return try lines(at: offset, length: length) }
        guard let member = try head(at: offset) else { throw damaged }
        let body = try read(
            at: offset + member.headBytes,
            count: member.totalBytes - member.headBytes
        )
        guard let bytes = member.inflate(body.span) else { throw damaged }
        return Block(bytes: bytes, offset: offset, length: member.totalBytes, member: member)
    }

    /// The head of the member at `offset`; `nil` at the end of the file.
    func head(at offset: Int) throws(FileError) -> GzipMember? {
        guard offset < size else { return nil }
        let start = try read(at: offset, count: GzipMember.fixedHeadBytes)
        guard let extra = GzipMember.extraBytes(ofHead: start.span) else { throw damaged }
        let head = try read(at: offset, count: GzipMember.fixedHeadBytes + extra)
        guard let member = GzipMember(head: head.span), offset + member.totalBytes <= size else {
            throw damaged
        }
        return member
    }

    private func lines(at offset: Int, length: Int?) throws(FileError) -> Block? {
        if let length {
            return Block(
                bytes: try read(at: offset, count: length),
                offset: offset,
                length: length
            )
        }
        var wanted = GzipMember.blockSize
        while true {
            var bytes = try read(at: offset, count: wanted)
            if let feed = bytes.lastIndex(of: UInt8(ascii: "\n")) {
                // The rest of a line belongs to the next block.
                if offset + bytes.count < size { bytes.removeLast(bytes.count - feed - 1) }
                return Block(bytes: bytes, offset: offset, length: bytes.count)
            }
            let isAll = offset + bytes.count >= size
            if isAll, bytes.isEmpty { return nil }
            if isAll { return Block(bytes: bytes, offset: offset, length: bytes.count) }
            wanted *= 2
        }
    }

    private func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
        let count = min(count, max(0, size - offset))
        var bytes = [UInt8](repeating: 0, count: count)
        try file.seek(to: offset)
        var end = 0
        while end < count {
            let got = try file.read(into: &bytes, from: end)
            if got == 0 { break }
            end += got
        }
        bytes.removeLast(count - end)
        return bytes
    }

    private var damaged: FileError {
        FileError(call: "read", path: file.path, code: EBADMSG)
    }
}
