import Journal
import Testing

/// A batch of many records of which a power cut has left some sectors and not the others.
@Suite("Torn batch")
struct TornBatchTests {
    private let folder: TemporaryFolder
    private static let sector = 512
    /// One record that was acknowledged, then a batch of 20 that was not.
    private static let last = 21
    private let intact: [UInt8]
    /// Where each record begins, and the end.
    private let starts: [Int]

    init() throws {
        folder = try TemporaryFolder()
        (intact, starts) = Self.segment { $0 == 1 ? 1 : 2 }
        try appendAll([], to: folder)
    }

    private static func records(_ range: ClosedRange<Int>) -> [JournalRecord] {
        range.map { record($0, padding: 37 * $0) }
    }

    /// A segment of all records, and where each begins.
    private static func segment(batch: (Int) -> Int) -> ([UInt8], [Int]) {
        var bytes: [UInt8] = []
        var starts = [0]
        for record in records(1...last) {
            record.appendLine(batch: UInt64(batch(Int(record.sequence))), to: &bytes)
            starts.append(bytes.count)
        }
        return (bytes, starts)
    }

    /// The sectors that the batch is in.
    private var sectors: Range<Int> {
        starts[1] / Self.sector..<(intact.count + Self.sector - 1) / Self.sector
    }

    /// `bytes` as they are read when the sectors in `lost` were not written.
    private func losing(_ lost: some Sequence<Int>, of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for sector in lost {
            let end = min((sector + 1) * Self.sector, bytes.count)
            for index in max(sector * Self.sector, starts[1])..<end { bytes[index] = 0 }
        }
        return bytes
    }

    /// Writes the segment anew, without any file that an earlier recovery set aside.
    private func damage(_ bytes: [UInt8]) throws {
        for name in try folder.files(in: "journal") where name.contains(".torn") {
            try remove("\(folder.state)/journal/\(name)")
        }
        try write(bytes, to: folder.segment(1))
    }

    private func expectTorn(_ damaged: [UInt8]) throws {
        try damage(damaged)
        let restart = try Restart(folder)
        let differs = zip(damaged, intact).enumerated().first { $1.0 != $1.1 }?.offset
        let whole = differs.flatMap { byte in starts.lastIndex { $0 <= byte } } ?? Self.last
        #expect(restart.replayed == Self.records(1...whole))
        #expect(try contents(of: folder.segment(1)) == Array(intact.prefix(starts[whole])))
        #expect(
            try contents(of: "\(folder.segment(1)).torn-\(starts[whole])")
                == Array(damaged.dropFirst(starts[whole]))
        )
    }

    private func expectRefused(_ damaged: [UInt8]) throws {
        try damage(damaged)
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
        #expect(try contents(of: folder.segment(1)) == damaged)
    }

    @Test func `any lost sector ends the journal before it`() throws {
        #expect(sectors.count > 10)
        for sector in sectors { try expectTorn(losing([sector], of: intact)) }
    }

    @Test func `any lost run of sectors ends the journal before it`() throws {
        for start in sectors {
            for end in stride(from: start + 1, to: sectors.upperBound, by: 4) {
                try expectTorn(losing(start...end, of: intact))
            }
        }
    }

    @Test func `sectors lost here and there end the journal before the first`() throws {
        for step in 2...5 {
            for start in sectors.prefix(step) {
                let lost = stride(from: start, to: sectors.upperBound, by: step)
                try expectTorn(losing(lost, of: intact))
            }
        }
    }

    @Test func `the journal goes on after such a hole`() throws {
        let hole = losing([sectors.lowerBound + 3], of: intact)
        try damage(hole)
        let next = Int(try Restart(folder).recovery.lastSequence) + 1
        #expect(next < Self.last)
        try appendAll([record(next)], to: folder)
        #expect(try Restart(folder).replayed == Self.records(1...next - 1) + [record(next)])
    }

    @Test func `what was cut off is told, and that nothing was acknowledged`() throws {
        try damage(losing([sectors.lowerBound + 3], of: intact))
        let warnings = try Restart(folder).recovery.warnings
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("of which nothing was acknowledged") == true)
    }

    @Test func `a hole with a later batch behind it is damage`() throws {
        var bytes = intact
        record(Self.last + 1).appendLine(batch: UInt64(Self.last) + 1, to: &bytes)
        for sector in sectors.dropLast() {
            try expectRefused(losing([sector], of: bytes))
        }
    }

    @Test func `a hole in an earlier batch is damage`() throws {
        let (bytes, _) = Self.segment { $0 }
        for sector in sectors where (sector + 1) * Self.sector <= starts[Self.last - 1] {
            try expectRefused(losing([sector], of: bytes))
        }
    }

    @Test func `a hole that no sector explains is damage`() throws {
        for (from, count) in [(1, 511), (0, 511), (1, 512), (7, 1)] {
            var bytes = intact
            let start = (sectors.lowerBound + 3) * Self.sector + from
            for index in start..<start + count { bytes[index] = 0 }
            try expectRefused(bytes)
        }
    }

    @Test func `a changed byte within the last batch is damage`() throws {
        for index in stride(from: starts[1], to: starts[Self.last - 1], by: 101) {
            var bytes = intact
            bytes[index] ^= 4
            try expectRefused(bytes)
        }
    }

    @Test func `a hole and a changed byte are damage`() throws {
        var bytes = losing([sectors.lowerBound + 3], of: intact)
        bytes[starts[Self.last - 1] - 10] ^= 4
        try expectRefused(bytes)
    }

    @Test func `a hole between records of the first version is damage`() throws {
        let text = [
            #"{"seq":42,"crc":"03c54ce5","time":"2025-11-23T09:12:00.123Z","#,
            #""event":{"type":"task.created","id":7}}"#,
        ].joined()
        let bytes = [UInt8](repeating: 0, count: 512) + Array((text + "\n").utf8)
        try remove(folder.segment(1))
        try write(bytes, to: folder.segment(41))
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
        #expect(try contents(of: folder.segment(41)) == bytes)
    }
}
