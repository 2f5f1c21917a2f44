import Glibc

/// What makes a copy known as one: `backup.json`.
///
/// ```
/// {"format":"omnihub backup","lastSequence":42}⏎
/// ```
/// A hub that finds nothing after that record is the first one on the copy. What the original went
/// on to do is unknown to it, so it must not go on with the same positions.
struct BackupMark: Equatable {
    static let fileName = "backup.json"

    private static let start: StaticString = #"{"format":"omnihub backup","lastSequence":"#

    var lastSequence: UInt64

    init(lastSequence: UInt64) {
        self.lastSequence = lastSequence
    }

    /// The mark of the folder at `path`; `nil` in one that is no copy.
    init?(of path: String) throws(StateDirectoryError) {
        let file = "\(path)/\(Self.fileName)"
        let bytes: [UInt8]
        do {
            bytes = try readFile(file)
        } catch {
            if error.code == ENOENT { return nil }
            throw StateDirectoryError(error)
        }
        var scanner = ByteScanner()
        guard scanner.literal(Self.start, in: bytes.span),
            let sequence = scanner.number(in: bytes.span),
            bytes == BackupMark(lastSequence: sequence).encoded()
        else {
            throw .corrupt(
                file: file,
                offset: 0,
                problem: "it does not tell where the backup ends",
                advice: "take this file from the backup"
            )
        }
        lastSequence = sequence
    }

    func encoded() -> [UInt8] {
        Self.start.withUTF8Buffer { Array($0) } + Array("\(lastSequence)}\n".utf8)
    }
}
