import Glibc

/// All records that a state folder still has, in order: those in the archive, then those in the
/// journal.
///
/// It may be read while a hub works in the folder, from any thread that may wait for the disk.
/// Nothing is locked or changed.
package struct RecordSource: Sendable {
    private let directory: String

    package init(_ directory: StateDirectory) {
        self.directory = directory.path
    }

    /// The sequence of the oldest record; `nil` when there is none.
    package func firstSequence() throws(StateDirectoryError) -> UInt64? {
        do {
            return try RecordFile.all(in: directory).first?.firstSequence
        } catch {
            throw StateDirectoryError(error)
        }
    }

    /// Hands records over by sequence, each checked against its checksum.
    ///
    /// Records before the oldest are passed over. It ends at the end of the journal, at the first
    /// line there that cannot be read, which may be one that is being written, and when `body`
    /// returns false. With `last`, everything up to there must be readable.
    ///
    /// - Parameters:
    ///   - first: The first sequence that is wanted.
    ///   - last: The last one, which must be durable; `nil` for all there are.
    ///   - body: Returns whether to go on.
    /// - Returns: The sequence behind the last record that was handed over; `first` or that of the
    ///   oldest record when none was.
    /// - Throws: `corrupt` with file and byte when a record is damaged or missing, or what `body`
    ///   throws.
    @discardableResult
    package func read(
        from first: UInt64 = 1,
        through last: UInt64? = nil,
        _ body: (JournalRecord) throws -> Bool
    ) throws -> UInt64 {
        var cursor = Cursor(next: max(first, try firstSequence() ?? first), last: last ?? .max)
        var attempts = 0
        while true {
            let before = cursor.next
            do {
                try readOnce(&cursor, body)
                break
            } catch let error as FileError {
                // Archived, or gone from the archive, since it was listed.
                attempts = cursor.next > before ? 0 : attempts + 1
                guard error.code == ENOENT, attempts < 5 else { throw Self.problem(error) }
            }
        }
        if let last, cursor.next <= last, !cursor.wasEnded {
            throw Self.corrupt(
                cursor.path,
                cursor.offset,
                "the records from \(cursor.next) on are missing"
            )
        }
        return cursor.next
    }

    private struct Cursor {
        /// The sequence of the next record to hand over.
        var next: UInt64
        var last: UInt64
        /// Whether the caller wants no more.
        var wasEnded = false
        /// How far it has come.
        var path = ""
        var offset = 0
    }

    private func readOnce(
        _ cursor: inout Cursor,
        _ body: (JournalRecord) throws -> Bool
    ) throws {
        let files = try RecordFile.all(in: directory)
        let start = files.lastIndex { $0.firstSequence <= cursor.next } ?? 0
        for file in files.dropFirst(start) {
            guard file.firstSequence <= cursor.last else { return }
            if file.firstSequence > cursor.next {
                throw Self.corrupt(
                    file.path,
                    0,
                    "the records from \(cursor.next) on are missing before it"
                )
            }
            let isNewest = file == files.last
            guard try read(file, isNewest: isNewest, &cursor, body) else { return }
        }
    }

    /// Returns whether to go on with the next file.
    private func read(
        _ file: RecordFile,
        isNewest: Bool,
        _ cursor: inout Cursor,
        _ body: (JournalRecord) throws -> Bool
    ) throws -> Bool {
        let reader = try BlockReader(file)
        cursor.path = file.path
        cursor.offset = 0
        var expected = file.firstSequence
        while true {
            if file.isArchived, let head = try reader.head(at: cursor.offset),
                head.firstSequence == expected, expected + head.records <= cursor.next
            {
                expected += head.records
                cursor.offset += head.totalBytes
                continue
            }
            guard let block = try reader.block(at: cursor.offset) else { return true }
            var lines = Lines()
            var end = 0
            while let range = lines.next(in: block.bytes) {
                guard expected <= cursor.last else { return false }
                let record = JournalRecord(line: block.bytes.span.extracting(range))
                guard let record, record.sequence == expected else {
                    if isNewest, !file.isArchived, record == nil { return false }
                    throw Self.corrupt(
                        file.path,
                        cursor.offset + (file.isArchived ? 0 : range.lowerBound),
                        "record \(expected) cannot be read"
                    )
                }
                expected += 1
                end = range.upperBound + 1
                guard record.sequence >= cursor.next else { continue }
                cursor.next = record.sequence + 1
                guard try body(record) else {
                    cursor.wasEnded = true
                    return false
                }
            }
            // What has no line feed is being written, or a crash has left it.
            if end < block.bytes.count { return !isNewest }
            cursor.offset += block.length
        }
    }

    static func corrupt(_ file: String, _ offset: Int, _ problem: String) -> StateDirectoryError {
        .corrupt(
            file: file,
            offset: offset,
            problem: problem,
            advice: StateDirectoryError.restoreAdvice
        )
    }

    static func problem(_ error: FileError) -> StateDirectoryError {
        guard error.code == EBADMSG else { return StateDirectoryError(error) }
        return corrupt(error.path, 0, "a block of this archive cannot be decompressed")
    }
}
