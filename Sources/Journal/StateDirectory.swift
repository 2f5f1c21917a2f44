import Glibc

/// The folder in which a hub keeps what must outlive it; one process at a time may have it open.
///
/// ```
/// DIR/lock                          held with flock, contains the owner's process id
/// DIR/journal/<sequence>.jsonl      segments, named by the sequence of their first record
/// DIR/snapshots/<sequence>/         snapshots, named by the last sequence they contain
/// ```
/// Created folders have mode 0700 and files 0600. The lock is held until the journal writer is
/// closed, or without one until the last reference goes.
package final class StateDirectory: Sendable {
    package let path: String
    private let lock: CInt

    var journalPath: String { "\(path)/journal" }
    var snapshotsPath: String { "\(path)/snapshots" }

    /// Opens the folder at `path`, creates what is missing of it, and locks it.
    package init(path: String) throws(StateDirectoryError) {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
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
        if flock(lock, LOCK_EX | LOCK_NB) != 0 {
            let code = errno
            throw code == EWOULDBLOCK
                ? .locked(path: path, owner: owner())
                : .inputOutput(path: "\(path)/lock", reason: String(cString: strerror(code)))
        }
        signLock()
        do {
            try Folder.create(journalPath)
            try Folder.create(snapshotsPath)
        } catch {
            throw StateDirectoryError(error, creating: true)
        }
    }

    deinit {
        release()
        _ = close(lock)
    }

    /// Lets others have the folder: nothing will be written any more.
    func release() {
        // Closing would not do while a child between fork and exec still has the descriptor.
        _ = flock(lock, LOCK_UN)
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
        return Int32(String(decoding: text.prefix(count).prefix { $0 != 10 }, as: UTF8.self))
    }
}
