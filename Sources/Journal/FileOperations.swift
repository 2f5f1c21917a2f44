import CLinux
import Glibc

/// The system calls on which the promise "acknowledged is durable" rests.
///
/// A seam, so that every failure of them can be tried. Offsets and lengths are in bytes.
package protocol FileOperations: Sendable {
    /// One `write`: may take less than all, may fail with `EINTR`.
    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws(FileError) -> Int
    /// One `pwrite` over what is at `offset` already, of a descriptor that does not append.
    func overwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        of descriptor: CInt
    ) throws(FileError) -> Int
    /// One `fdatasync`.
    func synchronizeData(_ descriptor: CInt) throws(FileError)
    func truncate(_ descriptor: CInt, to length: Int) throws(FileError)
    /// Reserves blocks beyond the end of the file without changing its size.
    func reserve(_ descriptor: CInt, from offset: Int, count: Int) throws(FileError)
    /// Fails with `EROFS` when the file system of `path` has become read-only.
    func checkWritable(_ path: String) throws(FileError)
}

extension FileOperations {
    package func checkWritable(_ path: String) throws(FileError) {}
}

/// The calls themselves.
package struct SystemFileOperations: FileOperations {
    package init() {}

    package func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: CInt
    ) throws(FileError) -> Int {
        let count = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        if count < 0 { throw FileError(call: "write", path: "journal", code: errno) }
        return count
    }

    package func overwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        of descriptor: CInt
    ) throws(FileError) -> Int {
        let count = pwrite(descriptor, bytes.baseAddress, bytes.count, off_t(offset))
        if count < 0 { throw FileError(call: "pwrite", path: "journal", code: errno) }
        return count
    }

    package func synchronizeData(_ descriptor: CInt) throws(FileError) {
        if fdatasync(descriptor) != 0 {
            throw FileError(call: "fdatasync", path: "journal", code: errno)
        }
    }

    package func truncate(_ descriptor: CInt, to length: Int) throws(FileError) {
        _ = try retryingOnInterrupt("ftruncate", "journal") { ftruncate(descriptor, off_t(length)) }
    }

    package func reserve(_ descriptor: CInt, from offset: Int, count: Int) throws(FileError) {
        _ = try retryingOnInterrupt("fallocate", "journal") {
            clinux_reserve(descriptor, off_t(offset), off_t(count))
        }
    }

    package func checkWritable(_ path: String) throws(FileError) {
        if access(path, W_OK) != 0, errno == EROFS {
            throw FileError(call: "access", path: "journal", code: EROFS)
        }
    }
}
