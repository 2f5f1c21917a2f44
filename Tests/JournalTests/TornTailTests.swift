import Journal
import Testing

/// The tail of the last segment damaged at each byte in each way that a crash or a disk knows.
@Suite("Torn tail")
struct TornTailTests {
    private let folder: TemporaryFolder
    private let intact: [UInt8]
    /// Where each of the four records begins, and the end.
    private let starts: [Int]

    init() throws {
        folder = try TemporaryFolder()
        var bytes: [UInt8] = []
        var starts = [0]
        for record in records(1...4) {
            record.appendLine(batch: record.sequence, to: &bytes)
            starts.append(bytes.count)
        }
        intact = bytes
        self.starts = starts
        try appendAll(records(1...4), to: folder)
        #expect(try contents(of: folder.segment(1)) == bytes)
    }

    /// The number of records that are whole before `offset`.
    private func whole(before offset: Int) -> Int {
        (starts.lastIndex { $0 <= offset }) ?? 0
    }

    /// Writes the segment anew, without any file that an earlier recovery set aside.
    private func damage(_ bytes: [UInt8]) throws {
        for name in try folder.files(in: "journal") where name.contains(".torn") {
            try remove("\(folder.state)/journal/\(name)")
        }
        try write(bytes, to: folder.segment(1))
    }

    private func expectTorn(_ damaged: [UInt8], after whole: Int) throws {
        try damage(damaged)
        let restart = try Restart(folder)
        let start = starts[whole]
        #expect(restart.replayed == Array(records(1...4).prefix(whole)))
        #expect(try contents(of: folder.segment(1)) == Array(damaged.prefix(start)))
        let tail = Array(damaged.dropFirst(start))
        if tail.isEmpty {
            #expect(restart.recovery.warnings.isEmpty)
        } else {
            #expect(restart.recovery.warnings.count == 1)
            #expect(try contents(of: "\(folder.segment(1)).torn-\(start)") == tail)
        }
    }

    @Test func `cut at any byte, the whole records before it stay`() throws {
        for offset in starts[1]...intact.count {
            try expectTorn(Array(intact.prefix(offset)), after: whole(before: offset))
        }
    }

    @Test func `filled with NUL from any byte on, the whole records before it stay`() throws {
        for offset in starts[1]..<intact.count {
            let nulls = [UInt8](repeating: 0, count: intact.count - offset)
            try expectTorn(intact.prefix(offset) + nulls, after: whole(before: offset))
        }
    }

    @Test(arguments: 0..<8)
    func `with any bit flipped, nothing wrong is accepted`(bit: Int) throws {
        for offset in starts[1]..<intact.count {
            var damaged = intact
            damaged[offset] ^= 1 << UInt8(bit)
            try damage(damaged)
            let whole = whole(before: offset)
            if whole == 3 {
                try expectTorn(damaged, after: 3)
            } else {
                // Whole records follow: this is no torn tail, and nothing may be cut away.
                let expected = StateDirectoryError.corrupt(
                    file: folder.segment(1),
                    offset: starts[whole],
                    problem: "record \(whole + 1) cannot be read, but a later record can",
                    advice: StateDirectoryError.restoreAdvice
                )
                #expect(throws: expected) { _ = try Restart(folder) }
                #expect(try contents(of: folder.segment(1)) == damaged)
            }
        }
    }

    @Test func `the journal goes on after the cut`() throws {
        try damage(Array(intact.dropLast(5)))
        try appendAll(records(4...6), to: folder)
        #expect(try Restart(folder).replayed == records(1...6))
    }

    @Test func `a second tear at the same place keeps the first one's bytes`() throws {
        for _ in 1...2 {
            try write(Array(intact.dropLast(5)), to: folder.segment(1))
            _ = try Restart(folder)
        }
        let torn = "00000000000000000001.jsonl.torn-\(starts[3])"
        #expect(
            try folder.files(in: "journal").filter { $0.contains(".torn") } == [torn, torn + ".1"]
        )
    }

    @Test func `a torn record in a segment that is not the last is damage`() throws {
        try damage(Array(intact.dropLast(5)))
        try write([], to: folder.segment(5))
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
    }

    @Test func `a torn record that a snapshot covers is damage`() throws {
        _ = try writeSnapshot(4, in: StateDirectory(path: folder.state))
        let damaged = Array(intact.dropLast(5))
        try damage(damaged)
        #expect(throws: StateDirectoryError.self) { _ = try Restart(folder) }
        #expect(try contents(of: folder.segment(1)) == damaged)
        #expect(try folder.files(in: "journal") == ["00000000000000000001.jsonl"])
    }

    @Test func `a segment of nothing but NUL is a torn tail`() throws {
        try write([UInt8](repeating: 0, count: 5 << 20), to: folder.segment(5))
        let restart = try Restart(folder)
        #expect(restart.replayed == records(1...4))
        #expect(restart.recovery.warnings.count == 1)
    }
}
