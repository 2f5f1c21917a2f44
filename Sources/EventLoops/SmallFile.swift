import Glibc

/// A file that is read whole, such as a configuration or a secret.
package enum SmallFile {
    /// Whether every user of this machine may read the file at `path`.
    package static func isReadableByAll(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IROTH != 0
    }

    /// The bytes of the file at `path`.
    ///
    /// - Throws: `EFBIG` for more than `maximumBytes`, which also bounds devices without an end.
    package static func read(_ path: String, maximumBytes: Int) throws(SystemError) -> [UInt8] {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open") }
        let file = FileDescriptor(adopting: opened)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = retryingOnInterrupt { Glibc.read(file.rawValue, &chunk, chunk.count) }
            guard count >= 0 else { throw .last("read") }
            guard count > 0 else { return bytes }
            guard bytes.count + count <= maximumBytes else {
                throw SystemError(call: "read", code: EFBIG)
            }
            bytes += chunk.prefix(count)
        }
    }
}
