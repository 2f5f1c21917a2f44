import Glibc

/// Copies a state folder, also while a hub works in it.
///
/// A copy holds the newest snapshot, the archive and all of the journal up to a moment after the
/// call: everything that had been acknowledged before it. Nothing in the folder is locked or changed, and the hub
/// does not notice.
package struct Backup {
    private let source: StateDirectory
    private let target: String
    private let partial: String

    /// How often the hub may clear away what is being copied before it is given up; it does so
    /// after a snapshot, thus a few times an hour.
    private static let attempts = 5

    /// - Throws: `notAStateFolder` or `cannotCreate`.
    package init(of path: String, to target: String) throws(StateDirectoryError) {
        source = StateDirectory(unlocked: path)
        guard Folder.exists(source.journalPath) else {
            throw .notAStateFolder(path: source.path)
        }
        let slashes = target.reversed().prefix { $0 == "/" }.count
        self.target = slashes < target.count ? String(target.dropLast(slashes)) : target
        partial = self.target + ".partial"
        for path in [self.target, partial] where Folder.exists(path) {
            throw .cannotCreate(path: path, reason: String(cString: strerror(EEXIST)))
        }
    }

    /// Copies, lets `check` look at the copy, and only then gives it its name.
    ///
    /// An error of `check` leaves the copy as `<target>.partial`.
    ///
    /// - Returns: How many bytes were copied.
    package func run(check: (StateDirectory) throws -> Void) throws -> Int {
        _ = try StateFormat.version(of: source.path)
        let bytes = try copyAll()
        try sign(lastSequence: cutTail())
        try check(StateDirectory(existing: partial, isReadOnly: true))
        do {
            try Folder.rename(partial, to: target)
            try Folder.synchronize(Folder.parent(of: target))
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
        return bytes
    }

    private func copyAll() throws(StateDirectoryError) -> Int {
        var attempt = 1
        while true {
            do {
                return try copyOnce()
            } catch {
                // Gone since it was listed: there is a newer snapshot now.
                guard error.code == ENOENT, attempt < Self.attempts else {
                    throw StateDirectoryError(error, creating: error.path.hasPrefix(partial))
                }
                attempt += 1
            }
        }
    }

    private func copyOnce() throws(FileError) -> Int {
        if Folder.exists(partial) { try Folder.removeAll(partial) }
        try Folder.create("\(partial)/journal")
        try Folder.create("\(partial)/snapshots")
        var bytes = 0
        let format = StateFormat.fileName
        if Folder.exists("\(source.path)/\(format)") {
            bytes += try copy(format)
        }
        if let newest = try SnapshotStore.sequences(in: source.snapshotsPath).last {
            let folder = "snapshots/\(formatSequence(newest))"
            try Folder.create("\(partial)/\(folder)")
            for name in try Folder.entries(of: "\(source.path)/\(folder)") {
                bytes += try copy("\(folder)/\(name)")
            }
            try Folder.synchronize("\(partial)/\(folder)")
        }
        // The snapshot is older than this list, so what follows it is in the list.
        for segment in try SegmentName.all(in: source.journalPath) {
            bytes += try copy("journal/\(segment.fileName)")
        }
        // Behind the journal: what has moved from there to the archive since then is in both.
        let archive = try ArchiveName.all(in: source.path)
        if !archive.isEmpty { try Folder.create("\(partial)/\(ArchiveName.folder)") }
        for name in archive { bytes += try copy("\(ArchiveName.folder)/\(name.fileName)") }
        if !archive.isEmpty { try Folder.synchronize("\(partial)/\(ArchiveName.folder)") }
        for folder in ["journal", "snapshots", ""] {
            try Folder.synchronize("\(partial)/\(folder)")
        }
        return bytes
    }

    /// Copies what is durable of a file, durably.
    private func copy(_ name: String) throws(FileError) -> Int {
        let file = try FileDescriptor(opening: "\(source.path)/\(name)", O_RDONLY)
        let size = try file.size()
        // What could be read might still be lost by the hub; after this it can not.
        try file.synchronize()
        let copy = try FileDescriptor(opening: "\(partial)/\(name)", O_WRONLY | O_CREAT | O_EXCL)
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        var rest = size
        while rest > 0 {
            let count = min(try file.read(into: &buffer, from: 0), rest)
            if count == 0 { break }
            try copy.write(Array(buffer.prefix(count)))
            rest -= count
        }
        try copy.synchronize()
        return size - rest
    }

    /// Ends the copy with its last whole record: the hub may have been writing the next one.
    ///
    /// - Returns: The sequence of that.
    private func cutTail() throws -> UInt64 {
        let directory = StateDirectory(unlocked: partial)
        let recovery = try directory.recover(
            isReadOnly: true,
            loadSnapshot: { _ in },
            replay: { _, _ in }
        )
        guard let torn = recovery.tornTail else { return recovery.lastSequence }
        do {
            let file = try FileDescriptor(opening: torn.path, O_WRONLY)
            try file.truncate(to: torn.offset)
            try file.synchronize()
        } catch {
            throw StateDirectoryError(error)
        }
        return recovery.lastSequence
    }

    private func sign(lastSequence: UInt64) throws(StateDirectoryError) {
        do {
            let file = try FileDescriptor(
                opening: "\(partial)/\(BackupMark.fileName)",
                O_WRONLY | O_CREAT | O_EXCL
            )
            try file.write(BackupMark(lastSequence: lastSequence).encoded())
            try file.synchronize()
            try Folder.synchronize(partial)
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
    }
}
