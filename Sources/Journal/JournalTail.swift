import Glibc

/// The end of a segment, from its first record that cannot be read.
///
/// A batch is written only after the one before it is durable, and acknowledged only when it is
/// durable itself. A power cut may therefore leave any sectors of the last batch and not the
/// others: what is missing reads as NUL, with whole records behind it. Such a hole is told from
/// damage by what the records behind it say: they all belong to the batch that the hole is in, and
/// the hole begins and ends where sectors do.
struct JournalTail {
    /// The smallest piece that a disk writes whole.
    private static let sector = 512

    let bytes: [UInt8]
    /// Where `bytes` begin in the file.
    let offset: Int
    /// The sequence of the record that should be there.
    let expected: UInt64

    /// Whole records behind the damage.
    private(set) var laterRecords = 0
    /// Whether one of them proves that what is damaged had been durable.
    private var provesDurability = false
    /// Whether what cannot be read before one of them is not what a power cut leaves.
    private var hasForeignDamage = false

    init(_ bytes: [UInt8], offset: Int, expected: UInt64) {
        self.bytes = bytes
        self.offset = offset
        self.expected = expected
        scan()
    }

    /// Whether nothing in it was ever acknowledged, as far as it can be known.
    var isTorn: Bool { !provesDurability && !hasForeignDamage }

    /// Looks for whole records anywhere, also where no line begins.
    private mutating func scan() {
        let marker = Array(#"{"seq":"#.utf8)
        var gapStart = 0
        for feed in bytes.indices where bytes[feed] == UInt8(ascii: "\n") {
            for start in gapStart..<feed
            where bytes[start] == marker[0] && bytes[start..<feed].starts(with: marker) {
                guard let line = JournalLine(bytes.span.extracting(start..<feed)) else { continue }
                judge(line, after: gapStart..<start)
                gapStart = feed + 1
                break
            }
        }
    }

    private mutating func judge(_ line: JournalLine, after gap: Range<Int>) {
        laterRecords += 1
        let isSameBatch = line.batch.map { $0 <= expected } ?? false
        if !isSameBatch || line.record.sequence <= expected { provesDurability = true }
        if !gap.isEmpty, !hasHole(gap) { hasForeignDamage = true }
    }

    /// Whether sectors that were never written lie in `range`.
    private func hasHole(_ range: Range<Int>) -> Bool {
        var index = range.lowerBound
        while index < range.upperBound {
            guard bytes[index] == 0 else {
                index += 1
                continue
            }
            let start = index
            while index < range.upperBound, bytes[index] == 0 { index += 1 }
            // The first sector of a batch begins where the batch before it ended.
            let begins = start == 0 || (offset + start) % Self.sector == 0
            if begins, (offset + index) % Self.sector == 0 { return true }
        }
        return false
    }
}

/// Where the journal ends with what a crash has left of the last commit.
package struct TornTail: Equatable, Sendable {
    package var path: String
    /// Where the last whole record before it ends.
    package var offset: Int
    package var byteCount: Int
    /// Whole records in it that cannot be used, because one before them is missing.
    package var laterRecords: Int

    /// What was found, as the beginning of a sentence.
    package var description: String {
        let what = laterRecords == 0 ? "record" : "commit, of which nothing was acknowledged"
        return "the journal ended with an unfinished \(what): the last \(byteCount) bytes of "
            + "\(path), from byte \(offset) on,"
    }

    /// Moves it to a file beside the segment.
    ///
    /// - Returns: The path of that file.
    func cut(_ bytes: [UInt8], in folder: String) throws(FileError) -> String {
        let aside = Folder.unusedName("\(path).torn-\(offset)")
        let copy = try FileDescriptor(opening: aside, O_WRONLY | O_CREAT | O_EXCL)
        try copy.write(bytes)
        try copy.synchronize()
        try Folder.synchronize(folder)
        let file = try FileDescriptor(opening: path, O_WRONLY)
        try file.truncate(to: offset)
        try file.synchronize()
        return aside
    }
}
