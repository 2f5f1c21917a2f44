import CLinux
import Glibc

/// The records of a channel that were found by the time at which it began.
package struct FoundRecords: Equatable, Sendable {
    /// From the first one of the channel on, without a gap.
    package var records: [JournalRecord] = []
    /// Whether reading ended because it had looked at as much as it may.
    package var isExhausted = false
    /// Bytes of the journal that were looked at.
    package var scannedBytes = 0
}

extension JournalHistory {
    /// Records around the one that is looked for may be later than it by so much: wall clocks step.
    private static let slackMs: Int64 = 5000

    /// Reads a channel from its first record on.
    ///
    /// For channels of single tasks, which are in no index. The place is found by bisection, so a
    /// channel that began while the clock had been set back may not be found.
    ///
    /// - Parameters:
    ///   - channel: Its name.
    ///   - time: When its first record was written, in milliseconds since 1970.
    ///   - durable: The last sequence that is on disk.
    ///   - scanLimit: The most bytes to look at, roughly.
    ///   - isLast: Whether nothing after a record is wanted.
    /// - Returns: What was found; no records when the channel was not.
    /// - Throws: ``StateDirectoryError`` when something is damaged or cannot be read.
    package func read(
        _ channel: String,
        beginningAt time: Int64,
        durableThrough durable: UInt64,
        scanLimit: Int,
        isLast: (JournalRecord) -> Bool
    ) throws(StateDirectoryError) -> FoundRecords {
        var attempt = 1
        while true {
            do throws(FileError) {
                var walk = TaskWalk(channel, durable: durable, scanLimit: scanLimit)
                try run(&walk, from: time, isLast)
                return walk.found
            } catch {
                // Archived, or gone from the archive, since it was listed.
                guard error.code == ENOENT, attempt < 5 else { throw RecordSource.problem(error) }
                attempt += 1
            }
        }
    }

    private func run(
        _ walk: inout TaskWalk,
        from time: Int64,
        _ isLast: (JournalRecord) -> Bool
    ) throws(FileError) {
        let durable = walk.durable
        let files = try RecordFile.all(in: directory).filter { $0.firstSequence <= durable }
        // Those before it in the same millisecond are in the file and block before.
        var position = try Self.partition(files.count) { (place) throws(FileError) in
            try walk.firstTime(of: BlockReader(files[place]), at: 0, length: nil) ?? .max
        } before: {
            $0 < time
        }
        position = max(0, position - 1)
        var isFirst = true
        while position < files.count, !walk.isOver {
            let (index, scanned) = try index(of: files[position], through: durable)
            walk.found.scannedBytes += scanned
            let reader = try BlockReader(files[position])
            var block = 0
            if isFirst {
                block = try Self.partition(index.blocks.count) { (place) throws(FileError) in
                    let entry = index.blocks[place]
                    return try walk.firstTime(of: reader, at: entry.offset, length: entry.length)
                        ?? .max
                } before: {
                    $0 < time
                }
                block = max(0, block - 1)
                isFirst = false
            }
            while block < index.blocks.count, !walk.isOver {
                let entry = index.blocks[block]
                block += 1
                let bytes = try reader.block(at: entry.offset, length: entry.length)?.bytes ?? []
                walk.read(bytes, notAfter: time &+ Self.slackMs, isLast)
            }
            position += 1
        }
    }

    /// How many of `count` ascending times satisfy `isBefore`.
    private static func partition(
        _ count: Int,
        _ time: (Int) throws(FileError) -> Int64,
        before isBefore: (Int64) -> Bool
    ) throws(FileError) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(try time(middle)) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Looks for the records of one channel in blocks of lines.
private struct TaskWalk {
    let durable: UInt64
    private let scanLimit: Int
    private let channel: [UInt8]
    /// The name with its quotes, as it is in a line.
    private let mark: [UInt8]
    var found = FoundRecords()
    private var readBytes = 0
    private(set) var isOver = false

    init(_ channel: String, durable: UInt64, scanLimit: Int) {
        self.durable = durable
        self.scanLimit = scanLimit
        self.channel = Array(channel.utf8)
        mark = Array("\"\(channel)\"".utf8)
    }

    /// The time of the first line of a block.
    func firstTime(
        of reader: borrowing BlockReader,
        at offset: Int,
        length: Int?
    ) throws(FileError) -> Int64? {
        guard let block = try reader.block(at: offset, length: length) else { return nil }
        return Self.firstTime(in: block.bytes)
    }

    private static func firstTime(in block: [UInt8]) -> Int64? {
        var lines = Lines()
        return lines.next(in: block).flatMap { LineHead($0, in: block.span)?.time }
    }

    /// Takes what belongs to the channel; without anything up to `latest`, the search is over.
    mutating func read(
        _ block: [UInt8],
        notAfter latest: Int64,
        _ isLast: (JournalRecord) -> Bool
    ) {
        if found.records.isEmpty, let time = Self.firstTime(in: block), time > latest {
            isOver = true
            return
        }
        found.scannedBytes += block.count
        readBytes += block.count
        var start = 0
        while !isOver, let hit = place(of: mark, in: block, from: start) {
            let line = Self.line(around: hit, in: block)
            start = line.upperBound + 1
            take(line, of: block, isLast)
        }
        if !isOver, readBytes > scanLimit {
            found.isExhausted = true
            isOver = true
        }
    }

    private mutating func take(
        _ line: Range<Int>,
        of block: [UInt8],
        _ isLast: (JournalRecord) -> Bool
    ) {
        guard let head = LineHead(line, in: block.span), head.sequence <= durable,
            let offset = place(in: block, head)
        else { return }
        guard offset == UInt64(found.records.count) + 1,
            let record = JournalRecord(line: block.span.extracting(line))
        else {
            isOver = true
            return
        }
        found.records.append(record)
        if isLast(record) { isOver = true }
    }

    /// The record's offset in the channel; a text of a client may have the name in it, too.
    private func place(in block: [UInt8], _ head: LineHead) -> UInt64? {
        guard var places = RecordPositions(body: head.body, in: block.span) else { return nil }
        while let place = places.next(in: block.span) {
            if block[place.name].elementsEqual(channel) { return place.offset }
        }
        return nil
    }

    private func place(of bytes: [UInt8], in block: [UInt8], from start: Int) -> Int? {
        guard start < block.count else { return nil }
        return block.withUnsafeBytes { all in
            bytes.withUnsafeBytes { wanted in
                guard let base = all.baseAddress, let needle = wanted.baseAddress,
                    let hit = clinux_find(base + start, all.count - start, needle, wanted.count)
                else { return nil }
                return hit - base
            }
        }
    }

    /// The line that has the byte at `place`, without its line feed.
    private static func line(around place: Int, in block: [UInt8]) -> Range<Int> {
        let feed = UInt8(ascii: "\n")
        let start = block[..<place].lastIndex(of: feed).map { $0 + 1 } ?? 0
        let end = block[place...].firstIndex(of: feed) ?? block.count
        return start..<end
    }
}
