import Glibc

/// A file that is read whole, such as a configuration or a secret.
package enum SmallFile {
    /// The bytes of the file at `path`.
    ///
    /// - Throws: `EFBIG` for more than `maximumBytes`, which also bounds devices without an end.
    package static func read(_ path: String, maximumBytes: Int) throws(SystemError) -> [UInt8] {
        let opened = open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else { throw .last("open") }
        return try read(FileDescriptor(adopting: opened), maximumBytes: maximumBytes)
    }

    /// The bytes of an open file, up to its end.
    static func read(
        _ file: borrowing FileDescriptor,
        maximumBytes: Int
    ) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16 << 10)
        // It may have held a secret; and so may what `bytes` leaves behind as it grows.
        defer { chunk.wipe() }
        bytes.reserveCapacity(min(maximumBytes, chunk.count))
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
