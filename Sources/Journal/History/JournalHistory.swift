import Glibc
import Synchronization

/// Which part of a channel's past is wanted of what is on disk.
package struct HistoryQuery: Equatable, Sendable {
    package var channel: String
    /// What comes after this offset.
    package var after: UInt64
    /// The last offset that is wanted; its event is durable.
    package var through: UInt64
    /// Whether to begin later when what comes first is not there any more.
    package var mayBeginLater = false
    /// The most records to answer.
    package var count: Int
    /// The most bytes of them, but at least one is answered.
    package var byteLimit: Int
    /// A record before all of the channel; it spares looking for the beginning of a channel that is
    /// in no index: one of a single task.
    package var firstSequence: UInt64?

    package init(channel: String, after: UInt64, through: UInt64, count: Int, byteLimit: Int) {
        self.channel = channel
        self.after = after
        self.through = through
        self.count = count
        self.byteLimit = byteLimit
    }
}

/// What was found of it.
package struct HistoryPage: Equatable, Sendable {
    /// Records with their offsets in the channel.
    package var records: [(offset: UInt64, record: JournalRecord)] = []
    /// The offset up to which the channel was read.
    package var reached: UInt64
    /// Whether nothing is missing between what was asked for and `reached`.
    package var isWhole = true
    /// Whether reading ended because it had looked at as much as it may.
    package var isExhausted = false
    /// Bytes of the journal that were looked at.
    package var scannedBytes = 0

    package static func == (one: HistoryPage, other: HistoryPage) -> Bool {
        one.records.elementsEqual(other.records) { $0 == $1 } && one.reached == other.reached
            && one.isWhole == other.isWhole && one.isExhausted == other.isExhausted
    }
}

/// Reads the past of channels from the journal and its archive, also while they grow and move.
///
/// Safe to use from any thread that may wait for the disk. In memory it keeps, for blocks of about a
/// mebibyte, the first sequence and the first offset of each channel that is not one of a single
/// task: of ``maximumBlocks`` blocks at most, after which the files that were not asked for longest
/// are forgotten and read again when needed.
package final class JournalHistory: Sendable {
    private static let maximumBlocks = 16_384

    let directory: String
    private let indexes = Mutex(Indexes())

    private struct Indexes {
        var files: [RecordFile: (index: BlockIndex, usedAt: UInt64)] = [:]
        var clock: UInt64 = 0

        /// Forgets files until there are no more than so many blocks, or one file.
        mutating func trim(to maximum: Int) {
            var blocks = files.values.reduce(0) { $0 + $1.index.blocks.count }
            while blocks > maximum, files.count > 1,
                let oldest = files.min(by: { $0.value.usedAt < $1.value.usedAt })
            {
                blocks -= oldest.value.index.blocks.count
                files[oldest.key] = nil
            }
        }
    }

    package init(_ directory: StateDirectory) {
        self.directory = directory.path
    }

    /// Reads a page.
    ///
    /// - Parameters:
    ///   - query: Which part.
    ///   - durable: The last sequence that is on disk.
    ///   - scanLimit: The most bytes to look at, roughly.
    ///   - accepts: Which records of the channel to answer; the others are passed over.
    /// - Returns: What was found.
    /// - Throws: ``StateDirectoryError`` when something is damaged or cannot be read.
    package func read(
        _ query: HistoryQuery,
        durableThrough durable: UInt64,
        scanLimit: Int,
        accepts: (JournalRecord) -> Bool = { _ in true }
    ) throws(StateDirectoryError) -> HistoryPage {
        var attempt = 1
        while true {
            do throws(FileError) {
                var search = Search(query, durable: durable, scanLimit: scanLimit)
                try run(&search, accepts)
                return search.page
            } catch {
                // Archived, or gone from the archive, since it was listed.
                guard error.code == ENOENT, attempt < 5 else { throw RecordSource.problem(error) }
                attempt += 1
            }
        }
    }

    private func run(
        _ search: inout Search,
        _ accepts: (JournalRecord) -> Bool
    ) throws(FileError) {
        let files = try RecordFile.all(in: directory).filter {
            $0.firstSequence <= search.durable
        }
        forgetAllBut(files)
        var (position, block) = try start(of: &search, in: files)
        while position < files.count, !search.isOver {
            let index = try index(of: files[position], &search)
            let reader = try BlockReader(files[position])
            while block < index.blocks.count, !search.isOver {
                let entry = index.blocks[block]
                block += 1
                guard entry.summary.mayHave(search.query.channel) else { continue }
                let bytes = try reader.block(at: entry.offset, length: entry.length)?.bytes ?? []
                search.read(bytes, accepts)
            }
            position += 1
            block = 0
        }
        search.end()
    }

    /// The file and the block to begin with.
    private func start(
        of search: inout Search,
        in files: [RecordFile]
    ) throws(FileError) -> (file: Int, block: Int) {
        if let sequence = search.query.firstSequence {
            guard let file = files.lastIndex(where: { $0.firstSequence <= sequence }) else {
                return (0, 0)
            }
            let index = try index(of: files[file], &search)
            return (file, index.block(atOrBefore: sequence) ?? 0)
        }
        // From the newest on: who asks has mostly been away for a short while.
        for file in files.indices.reversed() {
            let index = try index(of: files[file], &search)
            let block = index.block(of: search.query.channel, atOrBefore: search.next)
            if let block { return (file, block) }
        }
        return (0, 0)
    }

    private func index(
        of file: RecordFile,
        _ search: inout Search
    ) throws(FileError) -> BlockIndex {
        let (index, scanned) = try index(of: file, through: search.durable)
        search.page.scannedBytes += scanned
        return index
    }

    /// What the blocks of a file hold, up to record `durable`, and how many bytes had to be read to
    /// know.
    func index(
        of file: RecordFile,
        through durable: UInt64
    ) throws(FileError) -> (index: BlockIndex, scannedBytes: Int) {
        var index = indexes.withLock { indexes in
            indexes.clock += 1
            indexes.files[file]?.usedAt = indexes.clock
            return indexes.files[file]?.index ?? BlockIndex()
        }
        let known = index.end
        let scanned = try index.extend(by: file, through: durable)
        guard index.end != known else { return (index, scanned) }
        indexes.withLock { indexes in
            // Another thread may have come further meanwhile.
            if indexes.files[file]?.index.end ?? 0 < index.end {
                indexes.files[file] = (index, indexes.clock)
            }
            indexes.trim(to: Self.maximumBlocks)
        }
        return (index, scanned)
    }

    private func forgetAllBut(_ files: [RecordFile]) {
        let files = Set(files)
        indexes.withLock { indexes in
            indexes.files = indexes.files.filter { files.contains($0.key) }
        }
    }
}

/// A page on the way.
private struct Search {
    let query: HistoryQuery
    let durable: UInt64
    private let scanLimit: Int
    private let channel: [UInt8]
    var page: HistoryPage
    /// The offset that comes next.
    private(set) var next: UInt64
    private(set) var isOver = false
    /// Of the records of the page.
    private var bytes = 0
    /// Of the blocks that were read.
    private var readBytes = 0

    init(_ query: HistoryQuery, durable: UInt64, scanLimit: Int) {
        self.query = query
        self.durable = durable
        self.scanLimit = scanLimit
        channel = Array(query.channel.utf8)
        page = HistoryPage(reached: query.after)
        next = query.after + 1
        isOver = query.after >= query.through
    }

    /// Takes what it wants of a block of lines.
    mutating func read(_ block: [UInt8], _ accepts: (JournalRecord) -> Bool) {
        page.scannedBytes += block.count
        readBytes += block.count
        var lines = Lines()
        while !isOver, let range = lines.next(in: block) {
            guard let head = LineHead(range, in: block.span) else { return fail() }
            guard head.sequence <= durable else { return fail() }
            guard let offset = place(in: block, head), offset >= next else { continue }
            take(range, of: block, at: offset, accepts)
        }
        if !isOver, readBytes > scanLimit {
            page.isExhausted = true
            isOver = true
        }
    }

    private mutating func take(
        _ range: Range<Int>,
        of block: [UInt8],
        at offset: UInt64,
        _ accepts: (JournalRecord) -> Bool
    ) {
        if offset > next {
            // What should be here is gone, or lies in a file that is.
            guard query.mayBeginLater, page.records.isEmpty, page.reached == query.after else {
                return fail()
            }
        }
        guard offset <= query.through else {
            isOver = true
            return
        }
        guard let record = JournalRecord(line: block.span.extracting(range)) else { return fail() }
        if accepts(record) {
            bytes += record.body.count
            guard page.records.count < query.count,
                bytes <= query.byteLimit || page.records.isEmpty
            else {
                isOver = true
                return
            }
            page.records.append((offset, record))
        }
        page.reached = offset
        next = offset + 1
        if offset == query.through { isOver = true }
    }

    /// There is nothing more to read.
    mutating func end() {
        if !isOver { fail() }
    }

    private mutating func fail() {
        page.isWhole = false
        isOver = true
    }

    private func place(in block: [UInt8], _ head: LineHead) -> UInt64? {
        let bytes = block.span
        guard var places = RecordPositions(body: head.body, in: bytes) else { return nil }
        while let place = places.next(in: bytes) {
            guard place.name.count == channel.count else { continue }
            let isSame = channel.indices.allSatisfy {
                bytes[place.name.lowerBound + $0] == channel[$0]
            }
            if isSame { return place.offset }
        }
        return nil
    }
}
