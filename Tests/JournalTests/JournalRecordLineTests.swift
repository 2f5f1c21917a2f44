import Foundation
import Journal
import Testing

@Suite("Journal line")
struct JournalRecordLineTests {
    /// The checksum was computed by an independent program.
    static let text =
        #"{"seq":42,"crc":"30325194","batch":40,"time":"2025-11-23T09:12:00.123Z","#
        + #""event":{"type":"task.created","id":7}}"#

    /// As the first version wrote it.
    static let formerText =
        #"{"seq":42,"crc":"03c54ce5","time":"2025-11-23T09:12:00.123Z","#
        + #""event":{"type":"task.created","id":7}}"#

    static let sample = JournalRecord(
        sequence: 42,
        time: 1_763_889_120_123,
        body: Array(#"{"type":"task.created","id":7}"#.utf8)
    )

    static var line: [UInt8] { Array(text.utf8) }

    @Test func `a record is written as the documented line`() {
        var bytes: [UInt8] = []
        Self.sample.appendLine(batch: 40, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == Self.text + "\n")
    }

    @Test func `a line is read as the record`() {
        #expect(JournalRecord(line: Self.line.span) == Self.sample)
    }

    @Test func `a line of the first version is read as the record`() {
        #expect(JournalRecord(line: Array(Self.formerText.utf8).span) == Self.sample)
    }

    @Test func `a line is JSON to others`() throws {
        let value = try JSONSerialization.jsonObject(with: Data(Self.line)) as? [String: Any]
        let event = value?["event"] as? [String: Any]
        #expect(value?["seq"] as? Int == 42)
        #expect(value?["batch"] as? Int == 40)
        #expect(event?["type"] as? String == "task.created")
    }

    @Test(arguments: 0..<line.count)
    func `a line with any bit of any byte flipped is refused`(index: Int) {
        for bit in 0..<8 {
            var damaged = Self.line
            damaged[index] ^= 1 << UInt8(bit)
            #expect(JournalRecord(line: damaged.span) == nil, "bit \(bit)")
        }
    }

    @Test(arguments: 0..<line.count)
    func `a shortened line is refused`(count: Int) {
        #expect(JournalRecord(line: Self.line.span.extracting(0..<count)) == nil)
    }

    @Test func `a lengthened line is refused`() {
        let longer = Self.line + [UInt8(ascii: "}")]
        #expect(JournalRecord(line: longer.span) == nil)
    }

    @Test(arguments: [1, 9, 10, 18_446_744_073_709_551_614])
    func `sequences of every length survive, within the promised overhead`(sequence: UInt64) {
        var record = Self.sample
        record.sequence = sequence
        var bytes: [UInt8] = []
        record.appendLine(batch: sequence, to: &bytes)
        #expect(bytes.count <= record.body.count + JournalRecord.lineOverhead)
        #expect(JournalRecord(line: bytes.span.extracting(0..<bytes.count - 1)) == record)
    }
}
