import Glibc

/// How far the blocks of the current segment are reserved beyond its records.
struct Reservation {
    private var descriptor: CInt
    /// The end of the last durable record.
    private(set) var length: Int
    /// The end of the reserved blocks.
    private var reserved: Int
    private let step: Int
    private let operations: any FileOperations
    /// Not every file system can reserve; one that cannot tells of a full disk only at a write.
    private var isSupported = true

    init(descriptor: CInt, length: Int, step: Int, operations: any FileOperations) {
        self.descriptor = descriptor
        self.length = length
        reserved = length
        self.step = step
        self.operations = operations
    }

    mutating func advance(to length: Int) {
        self.length = length
        reserved = max(reserved, length)
    }

    mutating func move(to descriptor: CInt) {
        self.descriptor = descriptor
        forget(downTo: 0)
    }

    /// A truncation to `length` has freed all blocks beyond it.
    mutating func forget(downTo length: Int) {
        self.length = length
        reserved = length
    }

    /// Whether less than half a step is left.
    var isLow: Bool { isSupported && reserved - length < step / 2 }

    /// Whether `count` more bytes are reserved and do not make the file larger than `limit`.
    func holds(_ count: Int, within limit: Int) -> Bool {
        let (needed, overflow) = length.addingReportingOverflow(count)
        return isSupported && !overflow && needed <= reserved && needed <= limit
    }

    /// Sees to it that `count` more bytes can be written.
    mutating func ensure(_ count: Int) throws(FileError) {
        let (needed, overflow) = length.addingReportingOverflow(count)
        guard !overflow else {
            throw FileError(call: "fallocate", path: "journal", code: EFBIG)
        }
        guard isSupported, needed > reserved else { return }
        let generous = max(reserved + step, needed)
        do {
            try reserve(upTo: generous)
        } catch {
            // The last blocks of a disk are still good for what is needed at once.
            if generous == needed { throw error }
            try reserve(upTo: needed)
        }
    }

    private mutating func reserve(upTo end: Int) throws(FileError) {
        do {
            try operations.reserve(descriptor, from: reserved, count: end - reserved)
            reserved = end
        } catch {
            guard error.code == EOPNOTSUPP || error.code == ENOSYS else { throw error }
            isSupported = false
        }
    }
}
