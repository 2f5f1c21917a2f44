import Glibc

/// Reads a file line by line, in memory that grows with the longest line only.
struct LineReader: ~Copyable {
    struct Line {
        /// Where the line is in `buffer`, without its line feed, until the next one is read.
        var range: Range<Int>
        /// Where it begins in the file.
        var offset: Int
        /// Whether a line feed ends it; only the last one may lack it.
        var isTerminated: Bool
    }

    private(set) var buffer: [UInt8]
    private let file: FileDescriptor
    /// The unread part of `buffer`, and how much of it is known to have no line feed.
    private var start = 0
    private var end = 0
    private var searched = 0
    private var offset = 0

    init(path: String, capacity: Int = 1 << 20) throws(FileError) {
        file = try FileDescriptor(opening: path, O_RDONLY)
        buffer = [UInt8](repeating: 0, count: capacity)
    }

    /// The next line; `nil` at the end of the file.
    mutating func next() throws(FileError) -> Line? {
        while true {
            if let feed = nextLineFeed() { return take(through: feed, isTerminated: true) }
            searched = end
            makeRoom()
            let count = try file.read(into: &buffer, from: end)
            end += count
            if count == 0 { return start == end ? nil : take(through: end, isTerminated: false) }
        }
    }

    private mutating func take(through stop: Int, isTerminated: Bool) -> Line {
        let line = Line(range: start..<stop, offset: offset, isTerminated: isTerminated)
        let next = isTerminated ? stop + 1 : stop
        offset += next - start
        start = next
        searched = next
        return line
    }

    private borrowing func nextLineFeed() -> Int? {
        buffer.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress, searched < end,
                let found = memchr(base + searched, CInt(UInt8(ascii: "\n")), end - searched)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
    }

    /// Moves the unread part to the front and grows the buffer when that is all of it.
    private mutating func makeRoom() {
        guard end == buffer.count else { return }
        if start == 0 {
            buffer.append(contentsOf: repeatElement(0, count: buffer.count))
        } else {
            buffer.replaceSubrange(0..<end - start, with: buffer[start..<end])
            searched -= start
            end -= start
            start = 0
        }
    }
}
