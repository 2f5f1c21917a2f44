import Glibc

/// The snapshots of a state folder: the whole state as JSON, as of one sequence.
///
/// A snapshot is the folder `snapshots/<sequence>`. It is written beside under the name
/// `<sequence>.partial`, made durable and renamed, so that it is there whole or not at all. Two are
/// kept. One owner writes them, on a thread that may wait for the disk.
package struct SnapshotStore: Sendable {
    private let directory: StateDirectory

    /// A snapshot that has been made durable.
    package struct Receipt: Equatable, Sendable {
        package var lastSequence: UInt64
        /// The sum of its files; 0 when it was there already.
        package var bytes: UInt64
        /// The older of the two kept ones, if there are two.
        ///
        /// Segments that it covers are no longer needed.
        package var olderSequence: UInt64?
    }

    package init(_ directory: StateDirectory) {
        self.directory = directory
    }

    /// Writes the state as of `lastSequence` and removes all but the two newest snapshots.
    ///
    /// - Parameters:
    ///   - lastSequence: The last record that the state contains; it must be durable.
    ///   - time: Milliseconds since 1970 UTC.
    ///   - pace: How it makes way for others; `nil` to write as fast as possible.
    ///   - body: Writes the files.
    /// - Returns: What was written, and what it makes superfluous.
    /// - Throws: `.unavailable`; nothing has changed then, and a later attempt may succeed.
    package func write(
        lastSequence: UInt64,
        time: Int64,
        pace: SnapshotPace? = nil,
        _ body: (inout SnapshotWriter) throws(StorageError) -> Void
    ) throws(StorageError) -> Receipt {
        let folder = directory.snapshotsPath
        let path = "\(folder)/\(formatSequence(lastSequence))"
        var receipt = Receipt(lastSequence: lastSequence, bytes: 0, olderSequence: nil)
        if !Folder.exists(path) {
            let partial = path + Self.partialSuffix
            do {
                if Folder.exists(partial) { try Folder.remove(partial) }
                try Folder.create(partial)
            } catch {
                throw .unavailable(error)
            }
            do {
                var writer = SnapshotWriter(folder: partial, pace: pace)
                try body(&writer)
                let manifest = SnapshotManifest(
                    lastSequence: lastSequence,
                    createdAt: time,
                    files: writer.files
                )
                receipt.bytes = writer.files.reduce(0) { $0 + $1.bytes }
                try Self.finish(manifest, in: partial, as: path, under: folder)
            } catch {
                try? Folder.remove(partial)
                throw error
            }
        }
        do {
            receipt.olderSequence = try removeOlder(in: folder)
        } catch {
            throw .unavailable(error)
        }
        return receipt
    }

    private static func finish(
        _ manifest: SnapshotManifest,
        in partial: String,
        as path: String,
        under folder: String
    ) throws(StorageError) {
        do {
            let file = try FileDescriptor(
                opening: "\(partial)/\(SnapshotManifest.fileName)",
                O_WRONLY | O_CREAT | O_EXCL
            )
            try file.write(manifest.encoded())
            try file.synchronize()
            try Folder.synchronize(partial)
            try Folder.rename(partial, to: path)
            try Folder.synchronize(folder)
        } catch {
            throw .unavailable(error)
        }
    }

    /// Removes all but two and returns the sequence of the older of these.
    private func removeOlder(in folder: String) throws(FileError) -> UInt64? {
        let sequences = try Self.sequences(in: folder)
        for sequence in sequences.dropLast(2) {
            // Renamed first, durably: half a snapshot must not look like a damaged one.
            let path = "\(folder)/\(formatSequence(sequence))"
            try Folder.rename(path, to: path + Self.partialSuffix)
            try Folder.synchronize(folder)
            try Folder.remove(path + Self.partialSuffix)
        }
        return sequences.count < 2 ? nil : sequences[sequences.count - 2]
    }

    static let partialSuffix = ".partial"

    /// The sequences of all snapshots, in order; damaged ones are among them.
    static func sequences(in folder: String) throws(FileError) -> [UInt64] {
        try Folder.entries(of: folder).compactMap(parseSequence)
    }
}

extension SnapshotStore {
    /// The newest intact snapshot; nothing is changed.
    func newestIntact() throws(StateDirectoryError) -> Snapshot? {
        for file in try all().reversed() {
            if let snapshot = try Snapshot(path: file.path, sequence: file.sequence) {
                return snapshot
            }
        }
        return nil
    }

    /// Sequence and path of each snapshot, in order, not yet looked into.
    func all() throws(StateDirectoryError) -> [(sequence: UInt64, path: String)] {
        let folder = directory.snapshotsPath
        guard Folder.exists(folder) else { return [] }
        do {
            return try Self.sequences(in: folder).map { ($0, "\(folder)/\(formatSequence($0))") }
        } catch {
            throw StateDirectoryError(error)
        }
    }

    /// The newest intact snapshot; damaged ones are set aside, leftovers removed.
    ///
    /// `warnings` gets a sentence for each that was set aside.
    func newest(warnings: inout [String]) throws(StateDirectoryError) -> Snapshot? {
        let folder = directory.snapshotsPath
        do {
            for name in try Folder.entries(of: folder) where name.hasSuffix(Self.partialSuffix) {
                try Folder.remove("\(folder)/\(name)")
            }
            for sequence in try Self.sequences(in: folder).reversed() {
                let path = "\(folder)/\(formatSequence(sequence))"
                if let snapshot = try Snapshot(path: path, sequence: sequence) { return snapshot }
                let aside = try Folder.setAside(path, in: folder)
                warnings.append("the snapshot \(path) is damaged and was set aside as \(aside)")
            }
            return nil
        } catch let error as StateDirectoryError {
            throw error
        } catch let error as FileError {
            throw StateDirectoryError(error)
        } catch {
            throw .inputOutput(path: folder, reason: "\(error)")
        }
    }
}
