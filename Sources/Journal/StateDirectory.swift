import Glibc

/// The folder in which a hub keeps what must outlive it; one process at a time may have it open.
///
/// ```
/// DIR/lock                          held with flock, contains the owner's process id
/// DIR/format.json                   the version of what is in the folder
/// DIR/journal/<sequence>.jsonl      segments, named by the sequence of their first record
/// DIR/snapshots/<sequence>/         snapshots, named by the last sequence they contain
/// DIR/archive/<sequence>.jsonl.gz   segments that no start needs, compressed
/// ```
/// Created folders have mode 0700 and files 0600. The lock is held until the journal writer is
/// closed, or without one until the last reference goes.
package final class StateDirectory: Sendable {
    package let path: String
    /// -1 where there is nothing to lock.
    private let lock: CInt

    var journalPath: String { "\(path)/journal" }
    var snapshotsPath: String { "\(path)/snapshots" }

    /// Opens the folder at `path`, creates what is missing of it, and locks it.
    package init(path: String) throws(StateDirectoryError) {
        let path = Self.trimmed(path)
        self.path = path
        do {
            try Folder.create(path)
            let file = "\(path)/lock"
            lock = try retryingOnInterrupt("open", file) {
                open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            }
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
        try take(LOCK_EX)
        signLock()
        do {
            try Folder.create(journalPath)
            try Folder.create(snapshotsPath)
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
    }

    /// Opens a folder that exists, to look at it and, with `isReadOnly` false, to repair it.
    ///
    /// No hub can start in it meanwhile, and any number of processes may look at it. Where there is
    /// no file `lock`, as in a backup, nothing is locked for reading.
    package init(existing path: String, isReadOnly: Bool) throws(StateDirectoryError) {
        let path = Self.trimmed(path)
        self.path = path
        guard Folder.exists("\(path)/journal") else {
            lock = -1
            throw .notAStateFolder(path: path)
        }
        do {
            let file = "\(path)/lock"
            if isReadOnly, !Folder.exists(file) {
                lock = -1
                return
            }
            let flags = isReadOnly ? O_RDONLY : O_RDWR | O_CREAT
            lock = try retryingOnInterrupt("open", file) { open(file, flags | O_CLOEXEC, 0o600) }
        } catch {
            throw StateDirectoryError(error)
        }
        try take(isReadOnly ? LOCK_SH : LOCK_EX)
    }

    /// For the reading of a folder that a hub may be writing: nothing is locked.
    init(unlocked path: String) {
        self.path = Self.trimmed(path)
        lock = -1
    }

    deinit {
        release()
        if lock >= 0 { _ = close(lock) }
    }

    private static func trimmed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// Locks the folder, without waiting, in the way of `flock`.
    private func take(_ operation: CInt) throws(StateDirectoryError) {
        if flock(lock, operation | LOCK_NB) == 0 { return }
        let code = errno
        throw code == EWOULDBLOCK
            ? .locked(path: path, owner: owner())
            : .inputOutput(path: "\(path)/lock", reason: String(cString: strerror(code)))
    }

    /// Lets others have the folder: nothing will be written any more.
    package func release() {
        // Closing would not do while a child between fork and exec still has the descriptor.
        if lock >= 0 { _ = flock(lock, LOCK_UN) }
    }

    /// Names this process in the lock file; only for error messages, so failing does no harm.
    private func signLock() {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(lock, 0) == 0 else { return }
        _ = pwrite(lock, text, text.count, 0)
    }

    private func owner() -> Int32? {
        var text = [UInt8](repeating: 0, count: 16)
        let count = pread(lock, &text, text.count, 0)
        guard count > 0 else { return nil }
        let owner = Int32(String(decoding: text.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
        // Who only looks at a folder does not sign: the name may be that of an earlier owner.
        guard let owner, owner > 0, kill(owner, 0) == 0 || errno == EPERM else { return nil }
        return owner
    }
}
