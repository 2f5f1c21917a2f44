import Glibc

/// The newest commit in the last segment, byte by byte, which a start must not take for durable.
///
/// When an `fdatasync` fails, the kernel keeps the pages that it could not write and marks them
/// clean: until they leave memory, reading returns them and another `fsync` succeeds, though the
/// disk never got them (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC
/// 2020). A process that is killed before it can cut them off leaves them to the next one. Only
/// writing them again gets them to the disk. This commit is all that can be concerned, because each
/// is written when the one before it is durable.
struct LastCommit: Equatable, Sendable {
    /// Where `bytes` begin in the segment.
    private(set) var offset: Int
    private(set) var bytes: [UInt8] = []
    /// As its lines say; `nil` for lines of format 1, which did not tell.
    private let batch: UInt64?

    /// Nothing yet of a commit that begins at `offset`.
    init(offset: Int, batch: UInt64?) {
        self.offset = offset
        self.batch = batch
    }

    /// Adds `line`, which has no line feed; begins anew with it if another commit wrote it.
    mutating func append(_ line: Span<UInt8>, at offset: Int, batch: UInt64?) {
        if batch != self.batch { self = LastCommit(offset: offset, batch: batch) }
        line.withUnsafeBufferPointer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Writes the same bytes to the same place of the segment at `path`, durably.
    ///
    /// A crash within it changes nothing that can be read.
    func writeAnew(to path: String, using operations: any FileOperations) throws(FileError) {
        let file = try FileDescriptor(opening: path, O_WRONLY)
        do {
            var written = 0
            while written < bytes.count {
                written += try overwrite(file.rawValue, from: written, using: operations)
            }
            try operations.synchronizeData(file.rawValue)
        } catch {
            throw FileError(call: error.call, path: path, code: error.code)
        }
    }

    private func overwrite(
        _ descriptor: CInt,
        from start: Int,
        using operations: any FileOperations
    ) throws(FileError) -> Int {
        do {
            return try bytes.withUnsafeBufferPointer { (all) throws(FileError) in
                let rest = UnsafeBufferPointer(rebasing: all[start...])
                return try operations.overwrite(
                    UnsafeRawBufferPointer(rest),
                    at: offset + start,
                    of: descriptor
                )
            }
        } catch {
            if error.code == EINTR { return 0 }
            throw error
        }
    }
}
