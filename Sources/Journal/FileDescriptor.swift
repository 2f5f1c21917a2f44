import Glibc

/// An open file of the state folder; going out of scope closes it.
struct FileDescriptor: ~Copyable {
    let rawValue: CInt
    let path: String

    /// Opens `path`; a file that is created has mode 0600.
    init(opening path: String, _ flags: CInt) throws(FileError) {
        rawValue = try retryingOnInterrupt("open", path) { open(path, flags | O_CLOEXEC, 0o600) }
        self.path = path
    }

    deinit {
        // Linux frees the descriptor even when close reports EINTR; retrying could close another.
        _ = Glibc.close(rawValue)
    }

    borrowing func size() throws(FileError) -> Int {
        var status = stat()
        _ = try retryingOnInterrupt("fstat", path) { fstat(rawValue, &status) }
        return Int(status.st_size)
    }

    /// Reads from the current position into `buffer`, from index `start` to its end.
    ///
    /// - Returns: How many bytes there were; 0 at the end of the file.
    borrowing func read(into buffer: inout [UInt8], from start: Int) throws(FileError) -> Int {
        try retryingOnInterrupt("read", path) {
            buffer.withUnsafeMutableBytes { bytes in
                let free = UnsafeMutableRawBufferPointer(rebasing: bytes[start...])
                return Glibc.read(rawValue, free.baseAddress, free.count)
            }
        }
    }

    borrowing func seek(to offset: Int) throws(FileError) {
        _ = try retryingOnInterrupt("lseek", path) { lseek(rawValue, off_t(offset), SEEK_SET) }
    }

    /// Writes all of `bytes`, however often the kernel takes only a part of them.
    borrowing func write(_ bytes: borrowing [UInt8]) throws(FileError) {
        var written = 0
        while written < bytes.count {
            written += try retryingOnInterrupt("write", path) {
                bytes.withUnsafeBytes { all in
                    let rest = UnsafeRawBufferPointer(rebasing: all[written...])
                    return Glibc.write(rawValue, rest.baseAddress, rest.count)
                }
            }
        }
    }

    borrowing func truncate(to length: Int) throws(FileError) {
        _ = try retryingOnInterrupt("ftruncate", path) { ftruncate(rawValue, off_t(length)) }
    }

    /// Makes content and metadata durable; of a folder: its entries.
    ///
    /// Never retried after an error: the kernel reports a lost page only once.
    borrowing func synchronize() throws(FileError) {
        if fsync(rawValue) != 0 { throw FileError(call: "fsync", path: path, code: errno) }
    }
}
