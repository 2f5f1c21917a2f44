import CZlib
import Glibc

/// One member of an archived segment (RFC 1952): whole lines of the journal, compressed.
///
/// A gzip file may have any number of members one after the other, and `zcat` writes what is in all
/// of them. Each of ours holds about ``blockSize`` bytes of lines and tells in its extra field `OH`
/// what they are, so that a reader can go from head to head and inflate only what it needs:
///
/// ```
/// {"deflated":8123,"bytes":1048211,"first":4001,"records":2541,"whole":1,"positions":{"tasks":12}}
/// ```
/// `positions` has, by channel, the offset of the first event in this member; `whole` is 0 when there
/// were too many channels to name all. The modification time of each member is that of the last
/// record of the segment, in seconds since 1970.
struct GzipMember: Equatable {
    /// About how many bytes of lines a member holds; a longer line has one to itself.
    static let blockSize = 1 << 20
    /// The most channels that a member names, so that its extra field fits 64 KiB.
    static let maximumChannels = 400

    /// Bytes of the compressed data alone.
    var deflatedBytes: Int
    /// Bytes of the lines.
    var bytes: Int
    var firstSequence: UInt64
    var records: UInt64
    var positions: [String: UInt64]
    /// Whether all channels but those of single tasks are in `positions`.
    var namesAllChannels: Bool
    /// Seconds since 1970 UTC.
    var time: UInt32
    /// Bytes before the compressed data.
    var headBytes = 0

    /// Bytes of the whole member.
    var totalBytes: Int { headBytes + deflatedBytes + Self.trailerBytes }

    static let trailerBytes = 8
    /// What every member begins with, up to the length of its extra field.
    static let fixedHeadBytes = 12
    private static let subfieldHeadBytes = 4
    private static let extraFieldFlag: UInt8 = 4
    private static let unix: UInt8 = 3

    /// Compresses `lines`, which are whole ones, as one member.
    static func encode(_ lines: [UInt8], summary: BlockSummary, time: UInt32) -> [UInt8] {
        let deflated = deflate(lines)
        var text = Array(#"{"deflated":\#(deflated.count),"bytes":\#(lines.count),"#.utf8)
        let isWhole = summary.positions.count <= maximumChannels
        let names = summary.positions.keys.sorted().prefix(maximumChannels)
        text += Array(#""first":\#(summary.firstSequence),"records":\#(summary.records),"#.utf8)
        text += Array(#""whole":\#(isWhole ? 1 : 0),"positions":{"#.utf8)
        for (index, name) in names.enumerated() {
            let offset = summary.positions[name] ?? 0
            text += Array(#"\#(index == 0 ? "" : ",")"\#(name)":\#(offset)"#.utf8)
        }
        text += Array("}}".utf8)

        var member: [UInt8] = [0x1F, 0x8B, 8, extraFieldFlag]
        append(time, count: 4, to: &member)
        member += [0, unix]
        append(UInt32(text.count + subfieldHeadBytes), count: 2, to: &member)
        member += [UInt8(ascii: "O"), UInt8(ascii: "H")]
        append(UInt32(text.count), count: 2, to: &member)
        member += text
        member += deflated
        append(checksum(lines), count: 4, to: &member)
        append(UInt32(truncatingIfNeeded: lines.count), count: 4, to: &member)
        return member
    }

    /// Bytes of the extra field that follows the fixed head; `nil` if it is not the head of one of
    /// our members.
    static func extraBytes(ofHead head: Span<UInt8>) -> Int? {
        guard head.count >= fixedHeadBytes, head[0] == 0x1F, head[1] == 0x8B, head[2] == 8,
            head[3] == extraFieldFlag
        else { return nil }
        return Int(head[10]) | Int(head[11]) << 8
    }

    /// Reads a head with its extra field; `nil` unless it is one of ours.
    init?(head: Span<UInt8>) {
        guard let extra = Self.extraBytes(ofHead: head), extra >= Self.subfieldHeadBytes,
            head.count == Self.fixedHeadBytes + extra
        else { return nil }
        time = Self.number(head.extracting(4..<8))
        var scanner = ByteScanner(position: Self.fixedHeadBytes)
        guard scanner.literal("OH", in: head) else { return nil }
        let length = Int(Self.number(head.extracting(scanner.position..<scanner.position + 2)))
        guard length == extra - Self.subfieldHeadBytes else { return nil }
        scanner = ByteScanner(position: scanner.position + 2)
        guard scanner.literal(#"{"deflated":"#, in: head),
            let deflated = scanner.number(in: head), deflated <= UInt32.max,
            scanner.literal(#","bytes":"#, in: head),
            let bytes = scanner.number(in: head),
            // Deflate makes nothing shorter than by 1,032 to 1, so a damaged number asks for no
            // more memory than that.
            bytes <= deflated * 1_032 + 64,
            scanner.literal(#","first":"#, in: head),
            let first = scanner.number(in: head), first > 0, first < .max,
            scanner.literal(#","records":"#, in: head),
            let records = scanner.number(in: head), records > 0, records <= bytes,
            scanner.literal(#","whole":"#, in: head),
            let whole = scanner.number(in: head), whole <= 1,
            scanner.literal(#","positions":{"#, in: head)
        else { return nil }
        deflatedBytes = Int(deflated)
        self.bytes = Int(bytes)
        firstSequence = first
        self.records = records
        namesAllChannels = whole == 1
        positions = [:]
        while !scanner.literal("}", in: head) {
            guard positions.isEmpty || scanner.literal(",", in: head),
                scanner.literal("\"", in: head),
                let name = scanner.channelName(in: head),
                scanner.literal("\":", in: head),
                let offset = scanner.number(in: head)
            else { return nil }
            positions[String(decoding: (name.map { head[$0] }), as: UTF8.self)] = offset
        }
        guard scanner.literal("}", in: head), scanner.position == head.count else { return nil }
        headBytes = head.count
    }

    /// The lines, from what follows the head; `nil` when it is damaged.
    func inflate(_ body: Span<UInt8>) -> [UInt8]? {
        guard body.count == deflatedBytes + Self.trailerBytes else { return nil }
        let lines = Self.inflate(body.extracting(0..<deflatedBytes), count: bytes)
        let crc = Self.number(body.extracting(deflatedBytes..<deflatedBytes + 4))
        let size = Self.number(body.extracting(deflatedBytes + 4..<body.count))
        guard let lines, Self.checksum(lines) == crc,
            UInt32(truncatingIfNeeded: lines.count) == size
        else { return nil }
        return lines
    }

    private static func append(_ value: UInt32, count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }

    /// At most four bytes, the lowest first.
    private static func number(_ bytes: Span<UInt8>) -> UInt32 {
        var value: UInt32 = 0
        for index in bytes.indices { value |= UInt32(bytes[index]) << UInt32(8 * index) }
        return value
    }
}

// What zlib does: raw deflate data, and the CRC-32 of gzip.
extension GzipMember {
    /// 1 to 9; higher ones make JSON a little shorter for much more time.
    private static let level: CInt = 3

    private static func checksum(_ bytes: [UInt8]) -> UInt32 {
        bytes.withUnsafeBufferPointer { UInt32(crc32_z(0, $0.baseAddress, $0.count)) }
    }

    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        precondition(bytes.count <= Int(UInt32.max) / 2, "a block is smaller")
        var stream = z_stream()
        let size = CInt(MemoryLayout<z_stream>.size)
        let started = deflateInit2_(
            &stream,
            level,
            Z_DEFLATED,
            -15,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            size
        )
        precondition(started == Z_OK, "zlib can't start")
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(bytes.count)))
        return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
            bytes.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                let status = CZlib.deflate(&stream, Z_FINISH)
                precondition(status == Z_STREAM_END, "the bound is enough")
                count = bound - Int(stream.avail_out)
            }
        }
    }

    /// Exactly `count` bytes, or `nil`.
    private static func inflate(_ deflated: Span<UInt8>, count: Int) -> [UInt8]? {
        guard count <= Int(UInt32.max) else { return nil }
        var stream = z_stream()
        let size = CInt(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, -15, ZLIB_VERSION, size) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var isWhole = false
        let lines = [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, filled in
            deflated.withUnsafeBufferPointer { input in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(count)
                let status = CZlib.inflate(&stream, Z_FINISH)
                isWhole = status == Z_STREAM_END && stream.avail_out == 0 && stream.avail_in == 0
                filled = count - Int(stream.avail_out)
            }
        }
        return isWhole ? lines : nil
    }
}
