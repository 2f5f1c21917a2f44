import Glibc

/// What is in a block: whole lines of a segment, one behind the other.
struct BlockSummary: Equatable {
    /// Of the first record; 0 in an empty block.
    var firstSequence: UInt64 = 0
    var records: UInt64 = 0
    /// By channel, the offset of its first event in the block; channels of single tasks and runs
    /// are left out, there is no end of them.
    var positions: [String: UInt64] = [:]
    /// Whether all other channels are in `positions`.
    var namesAllChannels = true

    /// The most channels that a block names: what bounds the memory of an index.
    static let maximumChannels = GzipMember.maximumChannels

    /// The sequence behind the last record.
    var nextSequence: UInt64 { firstSequence + records }

    /// Takes the next line in, which lies at `head` in `bytes`.
    mutating func add(_ head: LineHead, in bytes: Span<UInt8>) {
        if records == 0 { firstSequence = head.sequence }
        records += 1
        guard var places = RecordPositions(body: head.body, in: bytes) else { return }
        while let place = places.next(in: bytes) {
            guard !isOfOne(place.name, in: bytes) else { continue }
            let name = String(decoding: place.name.map { bytes[$0] }, as: UTF8.self)
            guard positions[name] == nil else { continue }
            if positions.count < Self.maximumChannels {
                positions[name] = place.offset
            } else {
                namesAllChannels = false
            }
        }
    }

    /// Whether the block may have events of a channel.
    func mayHave(_ channel: String) -> Bool {
        !namesAllChannels || Self.prefixes.contains(where: channel.hasPrefix)
            || positions[channel] != nil
    }

    private static let prefixes = ["tasks.", "workflows."]

    private func isOfOne(_ name: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var scanner = ByteScanner(position: name.lowerBound)
        if scanner.literal("tasks.", in: bytes) { return true }
        scanner = ByteScanner(position: name.lowerBound)
        return scanner.literal("workflows.", in: bytes)
    }
}

/// The lines in `bytes` from `start` on; the last one may lack its line feed and is left out then.
struct Lines {
    private var start: Int

    init(from start: Int = 0) {
        self.start = start
    }

    /// Where the next line is, without its line feed.
    mutating func next(in bytes: [UInt8]) -> Range<Int>? {
        let begin = start
        guard begin < bytes.count else { return nil }
        let feed: Int? = bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress,
                let found = memchr(base + begin, CInt(UInt8(ascii: "\n")), all.count - begin)
            else { return nil }
            return UnsafeRawPointer(found) - base
        }
        guard let feed else { return nil }
        start = feed + 1
        return begin..<feed
    }
}
