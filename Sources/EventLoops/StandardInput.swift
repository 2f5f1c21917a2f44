import Glibc

/// Descriptor 0, where a program's input comes from.
package enum StandardInput {
    /// All bytes up to the end, which it waits for.
    ///
    /// - Throws: `EFBIG` for more than `maximumBytes`.
    package static func readAll(maximumBytes: Int) throws(SystemError) -> [UInt8] {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = retryingOnInterrupt { read(STDIN_FILENO, &chunk, chunk.count) }
            guard count >= 0 else { throw .last("read") }
            guard count > 0 else { return bytes }
            guard count <= maximumBytes - bytes.count else {
                throw SystemError(call: "read", code: EFBIG)
            }
            bytes += chunk.prefix(count)
        }
    }
}
