import ByteBuffers

/// The list of a snapshot's files, `manifest.json`.
///
/// ```
/// {"version":1,"lastSequence":42,"createdAt":"…Z","files":[
///  {"name":"tasks.json","bytes":9,"crc":"8a2b10f3","count":1}],"crc":"00c0ffee"}⏎
/// ```
/// on one line. `crc` of a file is the CRC-32C of its bytes; that of the manifest, its last member
/// in every version, is the CRC-32C of all bytes before `,"crc"`.
struct SnapshotManifest: Equatable, Sendable {
    static let fileName = "manifest.json"
    static let currentVersion: UInt64 = 1

    struct File: Equatable, Sendable {
        var name: String
        var bytes: UInt64
        var checksum: UInt32
        /// The number of elements, where the file is an array.
        var count: UInt64?
    }

    var lastSequence: UInt64
    var createdAt: Int64
    var files: [File]

    enum Problem: Error, Equatable {
        case newerVersion(UInt64)
        case damaged
    }

    init(lastSequence: UInt64, createdAt: Int64, files: [File]) {
        self.lastSequence = lastSequence
        self.createdAt = createdAt
        self.files = files
    }

    init(decoding bytes: [UInt8]) throws(Problem) {
        let bytes = bytes.span
        let trailer = #","crc":"00000000"}"#.utf8.count + 1
        guard bytes.count > trailer else { throw .damaged }
        let checked = bytes.count - trailer
        var end = ByteScanner(position: checked)
        guard end.literal(#","crc":""#, in: bytes),
            end.checksum(in: bytes) == CRC32C.checksum(of: bytes.extracting(0..<checked)),
            end.literal("\"}\n", in: bytes)
        else { throw .damaged }

        var scanner = ByteScanner()
        guard scanner.literal(#"{"version":"#, in: bytes),
            let version = scanner.number(in: bytes)
        else { throw .damaged }
        if version > Self.currentVersion { throw .newerVersion(version) }
        guard version == Self.currentVersion,
            scanner.literal(#","lastSequence":"#, in: bytes),
            let lastSequence = scanner.number(in: bytes), lastSequence < .max,
            scanner.literal(#","createdAt":""#, in: bytes),
            let createdAt = scanner.time(in: bytes),
            scanner.literal(#"","files":["#, in: bytes)
        else { throw .damaged }
        var files: [File] = []
        while !scanner.literal("]", in: bytes) {
            guard files.isEmpty || scanner.literal(",", in: bytes),
                let file = Self.file(&scanner, in: bytes)
            else { throw .damaged }
            files.append(file)
        }
        guard scanner.position == checked else { throw .damaged }
        self.init(lastSequence: lastSequence, createdAt: createdAt, files: files)
    }

    func encoded() -> [UInt8] {
        var bytes = Array(#"{"version":"#.utf8)
        appendNumber(Self.currentVersion, to: &bytes)
        bytes.append(contentsOf: #","lastSequence":"#.utf8)
        appendNumber(lastSequence, to: &bytes)
        bytes.append(contentsOf: #","createdAt":""#.utf8)
        RFC3339.append(createdAt, to: &bytes)
        bytes.append(contentsOf: #"","files":["#.utf8)
        for (index, file) in files.enumerated() {
            bytes.append(contentsOf: (index == 0 ? "" : ",").utf8)
            bytes.append(contentsOf: #"{"name":"\#(file.name)","bytes":"#.utf8)
            appendNumber(file.bytes, to: &bytes)
            bytes.append(contentsOf: #","crc":""#.utf8)
            bytes.append(contentsOf: checksumDigits(file.checksum))
            bytes.append(UInt8(ascii: "\""))
            if let count = file.count {
                bytes.append(contentsOf: #","count":"#.utf8)
                appendNumber(count, to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: "]"))
        let checksum = CRC32C.checksum(of: bytes.span)
        bytes.append(contentsOf: #","crc":""#.utf8)
        bytes.append(contentsOf: checksumDigits(checksum))
        bytes.append(contentsOf: "\"}\n".utf8)
        return bytes
    }

    private static func file(_ scanner: inout ByteScanner, in bytes: Span<UInt8>) -> File? {
        guard scanner.literal(#"{"name":""#, in: bytes),
            let name = scanner.name(in: bytes),
            scanner.literal(#"","bytes":"#, in: bytes),
            let size = scanner.number(in: bytes),
            scanner.literal(#","crc":""#, in: bytes),
            let checksum = scanner.checksum(in: bytes),
            scanner.literal("\"", in: bytes)
        else { return nil }
        var count: UInt64?
        if scanner.literal(#","count":"#, in: bytes) {
            guard let number = scanner.number(in: bytes) else { return nil }
            count = number
        }
        guard scanner.literal("}", in: bytes) else { return nil }
        return File(name: name, bytes: size, checksum: checksum, count: count)
    }
}
