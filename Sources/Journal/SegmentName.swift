/// The name of a segment file: the sequence of its first record as 20 digits and `.jsonl`.
struct SegmentName: Hashable, Comparable {
    var firstSequence: UInt64

    init(firstSequence: UInt64) {
        self.firstSequence = firstSequence
    }

    init?(fileName: String) {
        guard fileName.hasSuffix(Self.suffix),
            let sequence = parseSequence(String(fileName.dropLast(Self.suffix.count))), sequence > 0
        else { return nil }
        firstSequence = sequence
    }

    var fileName: String { formatSequence(firstSequence) + Self.suffix }

    private static let suffix = ".jsonl"

    static func < (lhs: SegmentName, rhs: SegmentName) -> Bool {
        lhs.firstSequence < rhs.firstSequence
    }

    /// The segments in `folder`, in order; other entries are not ours to judge.
    static func all(in folder: String) throws(FileError) -> [SegmentName] {
        try Folder.entries(of: folder).compactMap(SegmentName.init(fileName:)).sorted()
    }
}

/// `sequence` as 20 digits, so that names sort as numbers.
func formatSequence(_ sequence: UInt64) -> String {
    let digits = String(sequence)
    return String(repeating: "0", count: 20 - digits.count) + digits
}

/// The reverse of ``formatSequence(_:)``; every result has a successor.
func parseSequence(_ text: String) -> UInt64? {
    guard text.utf8.count == 20,
        text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
        let sequence = UInt64(text), sequence < .max
    else { return nil }
    return sequence
}
