import Glibc

/// A folder that only its owner has rights to, for files with secrets.
package enum PrivateFolder {
    /// Creates `path` and what is missing above it with mode 0700; one that is there stays.
    package static func create(_ path: String) throws(SystemError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .last("mkdir")
        }
        try create(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .last("mkdir") }
    }
}

/// Keeps other processes that take the same lock out, as long as it lives (flock(2)).
package struct FileLock: ~Copyable {
    private let file: FileDescriptor

    /// Waits for the lock on the file at `path`, which is created if it is missing.
    package init(_ path: String) throws(SystemError) {
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard opened >= 0 else { throw .last("open") }
        let adopted = FileDescriptor(adopting: opened)
        let status = retryingOnInterrupt { Int(flock(opened, LOCK_EX)) }
        guard status == 0 else { throw .last("flock") }
        file = adopted
    }

    /// Does nothing; the lock is held up to here at least.
    package borrowing func keep() {}
}
