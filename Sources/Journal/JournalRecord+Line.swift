import ByteBuffers
import Glibc

/// The record as a line of a segment.
///
/// ```
/// {"seq":42,"crc":"8a2b10f3","batch":40,"time":"2025-11-23T09:12:00.123Z","event":{…}}⏎
/// ```
/// Members, order and spacing are fixed; the line ends with one line feed. `crc` is the CRC-32C of
/// the digits of `seq` followed by everything from `"batch"` to the last `}`, here
/// `42"batch":40,"time":"2025-11-23T09:12:00.123Z","event":{…}}`, in eight lower-case hexadecimal
/// digits. With the fixed text around them every byte of a line is thus accounted for.
///
/// `batch` is the sequence of the first record that the same `fdatasync` made durable. Format 1
/// had no such member; its lines are read as ever.
extension JournalRecord {
    /// What a line has beside the event, at most.
    package static let lineOverhead = 128

    /// Appends the line, line feed included.
    ///
    /// - Precondition: `body` is one JSON object without line breaks.
    package func appendLine(batch: UInt64, to bytes: inout [UInt8]) {
        precondition(
            body.first == UInt8(ascii: "{") && body.last == UInt8(ascii: "}")
                && memchr(body, CInt(UInt8(ascii: "\n")), body.count) == nil,
            "an event is one JSON object on one line"
        )
        bytes.append(contentsOf: #"{"seq":"#.utf8)
        let sequenceStart = bytes.count
        appendNumber(sequence, to: &bytes)
        let sequenceEnd = bytes.count
        bytes.append(contentsOf: #","crc":""#.utf8)
        let checksumStart = bytes.count
        bytes.append(contentsOf: #"00000000","batch":"#.utf8)
        appendNumber(batch, to: &bytes)
        bytes.append(contentsOf: #","time":""#.utf8)
        RFC3339.append(time, to: &bytes)
        bytes.append(contentsOf: #"","event":"#.utf8)
        bytes.append(contentsOf: body)
        bytes.append(UInt8(ascii: "}"))

        var crc = CRC32C()
        crc.update(bytes.span.extracting(sequenceStart..<sequenceEnd))
        crc.update(bytes.span.extracting(checksumStart + 10..<bytes.count))
        for (index, digit) in checksumDigits(crc.value).enumerated() {
            bytes[checksumStart + index] = digit
        }
        bytes.append(UInt8(ascii: "\n"))
    }

    /// Reads a line without its line feed; `nil` unless layout and checksum are right.
    package init?(line: Span<UInt8>) {
        guard let line = JournalLine(line) else { return nil }
        self = line.record
    }
}

/// A line of a segment that is whole.
struct JournalLine {
    var record: JournalRecord
    /// The first record of the commit that wrote it; `nil` in format 1, which did not tell.
    var batch: UInt64?

    /// Reads a line without its line feed; `nil` unless layout and checksum are right.
    init?(_ line: Span<UInt8>) {
        var scanner = ByteScanner()
        guard scanner.literal(#"{"seq":"#, in: line) else { return nil }
        let sequenceStart = scanner.position
        guard let sequence = scanner.number(in: line), sequence < .max else { return nil }
        let sequenceEnd = scanner.position
        guard scanner.literal(#","crc":""#, in: line),
            let checksum = scanner.checksum(in: line),
            scanner.literal(#"","#, in: line)
        else { return nil }
        let checkedStart = scanner.position
        if scanner.literal(#""batch":"#, in: line) {
            guard let batch = scanner.number(in: line), batch <= sequence,
                scanner.literal(",", in: line)
            else { return nil }
            self.batch = batch
        }
        guard scanner.literal(#""time":""#, in: line),
            let time = scanner.time(in: line),
            scanner.literal(#"","event":"#, in: line),
            line.count - scanner.position >= 3,
            line[scanner.position] == UInt8(ascii: "{"),
            line[line.count - 2] == UInt8(ascii: "}"),
            line[line.count - 1] == UInt8(ascii: "}")
        else { return nil }

        var crc = CRC32C()
        crc.update(line.extracting(sequenceStart..<sequenceEnd))
        crc.update(line.extracting(checkedStart..<line.count))
        guard crc.value == checksum else { return nil }

        let body = line.extracting(scanner.position..<line.count - 1)
        record = JournalRecord(
            sequence: sequence,
            time: time,
            body: body.withUnsafeBufferPointer { Array($0) }
        )
    }
}
