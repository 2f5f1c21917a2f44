import Glibc

/// The version of what is in a state folder: `format.json`.
///
/// ```
/// {"format":"omnihub state","version":2}⏎
/// ```
/// Version 1 had no such file, and records that do not tell their batch. The file is written before
/// the first record of its version; a later version is not touched.
enum StateFormat {
    static let fileName = "format.json"
    static let currentVersion: UInt64 = 2

    private static let start: StaticString = #"{"format":"omnihub state","version":"#

    private static var text: [UInt8] {
        start.withUTF8Buffer { Array($0) } + Array("\(currentVersion)}\n".utf8)
    }

    /// The version of the folder at `path`.
    static func version(of path: String) throws(StateDirectoryError) -> UInt64 {
        let file = "\(path)/\(fileName)"
        let bytes: [UInt8]
        do {
            bytes = try readFile(file)
        } catch {
            if error.code == ENOENT { return 1 }
            throw StateDirectoryError(error)
        }
        var scanner = ByteScanner()
        guard scanner.literal(start, in: bytes.span),
            let version = scanner.number(in: bytes.span),
            version > currentVersion || version == currentVersion && bytes == text
        else {
            throw .corrupt(
                file: file,
                offset: 0,
                problem: "it does not tell the version of the state folder",
                advice: "take this file from a backup"
            )
        }
        if version > currentVersion { throw .newerFormat(file: file, version: version) }
        return version
    }

    /// Marks the folder at `path` as one of the current version, durably.
    static func mark(_ path: String) throws(FileError) {
        let file = "\(path)/\(fileName)"
        let partial = file + ".partial"
        do {
            let descriptor = try FileDescriptor(opening: partial, O_WRONLY | O_CREAT | O_TRUNC)
            try descriptor.write(text)
            try descriptor.synchronize()
        }
        try Folder.rename(partial, to: file)
        try Folder.synchronize(path)
    }
}
