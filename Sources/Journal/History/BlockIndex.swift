/// Which records and which events of channels the blocks of a file with records hold.
struct BlockIndex {
    struct Block {
        var offset: Int
        var length: Int
        var summary: BlockSummary
    }

    private(set) var blocks: [Block] = []
    /// The end of the last block: up to there the file is known.
    private(set) var end = 0

    /// Index of the last block that begins no later than with the event `offset` of `channel`.
    func block(of channel: String, atOrBefore offset: UInt64) -> Int? {
        blocks.lastIndex { block in
            block.summary.positions[channel].map { $0 <= offset } ?? false
        }
    }

    /// Index of the last block that begins no later than with record `sequence`.
    func block(atOrBefore sequence: UInt64) -> Int? {
        blocks.lastIndex { $0.summary.firstSequence <= sequence }
    }

    /// Takes in what has come since the last call, up to record `last`.
    ///
    /// Of an archived segment only the heads of its members are read.
    ///
    /// - Returns: How many bytes of lines were read.
    mutating func extend(by file: RecordFile, through last: UInt64) throws(FileError) -> Int {
        let reader = try BlockReader(file)
        if file.isArchived {
            while let head = try reader.head(at: end) {
                append(BlockSummary(head), length: head.totalBytes)
            }
            return 0
        }
        // The last block may have been a short one; it goes on.
        if let open = blocks.last, open.length < GzipMember.blockSize {
            blocks.removeLast()
            end = open.offset
        }
        var bytes = 0
        while let block = try reader.block(at: end) {
            var summary = BlockSummary()
            var length = 0
            var lines = Lines()
            while let range = lines.next(in: block.bytes) {
                guard let head = LineHead(range, in: block.bytes.span), head.sequence <= last else {
                    break
                }
                summary.add(head, in: block.bytes.span)
                length = range.upperBound + 1
            }
            bytes += length
            guard length > 0 else { break }
            append(summary, length: length)
            if length < block.length { break }
        }
        return bytes
    }

    private mutating func append(_ summary: BlockSummary, length: Int) {
        blocks.append(Block(offset: end, length: length, summary: summary))
        end += length
    }
}

extension BlockSummary {
    init(_ member: GzipMember) {
        self.init(
            firstSequence: member.firstSequence,
            records: member.records,
            positions: member.positions,
            namesAllChannels: member.namesAllChannels
        )
    }
}
