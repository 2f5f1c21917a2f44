import ByteBuffers
import Glibc

/// Writes the files of one snapshot; handed out by ``SnapshotStore``.
///
/// What is written streams to the disk in pieces, so that a large state needs no second copy in
/// memory. Names are of `a-z`, `0-9`, `-` and `.`, each used once.
package struct SnapshotWriter: ~Copyable {
    private let folder: String
    private let pace: SnapshotPace?
    private(set) var files: [SnapshotManifest.File] = []

    /// Without a `pace` it writes as fast as possible.
    init(folder: String, pace: SnapshotPace? = nil) {
        self.folder = folder
        self.pace = pace
    }

    /// Writes a file that holds one JSON value.
    package mutating func writeValue(_ json: [UInt8], named name: String) throws(StorageError) {
        try write(name) { (file) throws(FileError) in
            try file.append(json)
            try file.append([UInt8(ascii: "\n")])
        }
    }

    /// Writes a file that holds a JSON array, an element a line.
    ///
    /// The elements are JSON values without line breaks; they are asked for one at a time.
    package mutating func writeArray(
        _ elements: some Sequence<[UInt8]>,
        named name: String
    ) throws(StorageError) {
        try write(name) { (file) throws(FileError) in
            var count: UInt64 = 0
            try file.append([UInt8(ascii: "[")])
            for element in elements {
                precondition(!element.contains(UInt8(ascii: "\n")), "an element is one line")
                try file.append(Array((count == 0 ? "\n" : ",\n").utf8))
                try file.append(element)
                count += 1
                // A small state is written before anyone could notice.
                if count > SnapshotPace.unpacedElements { file.bursts.pause() }
            }
            try file.append(Array("\n]\n".utf8))
            file.count = count
        }
    }

    private mutating func write(
        _ name: String,
        _ body: (inout PendingFile) throws(FileError) -> Void
    ) throws(StorageError) {
        precondition(
            name != SnapshotManifest.fileName && !name.isEmpty
                && name.utf8.allSatisfy(isFileNameCharacter)
                && !files.contains { $0.name == name },
            "a snapshot's file has a plain name of its own"
        )
        do {
            var file = try PendingFile(path: "\(folder)/\(name)", pace)
            try body(&file)
            files.append(try file.finish(name: name))
        } catch {
            throw .unavailable(error)
        }
    }
}

/// A file of a snapshot while it is written.
private struct PendingFile: ~Copyable {
    private let file: FileDescriptor
    private var buffer: [UInt8] = []
    private var crc = CRC32C()
    private var size: UInt64 = 0
    private var unsynchronized = 0
    var count: UInt64?
    var bursts: SnapshotBursts

    init(path: String, _ pace: SnapshotPace?) throws(FileError) {
        bursts = SnapshotBursts(pace)
        file = try FileDescriptor(opening: path, O_WRONLY | O_CREAT | O_EXCL)
    }

    mutating func append(_ bytes: [UInt8]) throws(FileError) {
        buffer.append(contentsOf: bytes)
        let isGentle = bursts.isGentle
        guard buffer.count >= (isGentle ? SnapshotPace.pieceBytes : 256 << 10) else { return }
        try flush()
        // A commit of the journal may have to wait until the disk has all that was written here.
        if isGentle, unsynchronized >= SnapshotPace.unsynchronizedBytes {
            try file.synchronize()
            unsynchronized = 0
        }
    }

    /// Makes the file durable.
    mutating func finish(name: String) throws(FileError) -> SnapshotManifest.File {
        try flush()
        try file.synchronize()
        return SnapshotManifest.File(name: name, bytes: size, checksum: crc.value, count: count)
    }

    private mutating func flush() throws(FileError) {
        var crc = crc
        crc.update(buffer.span)
        self.crc = crc
        size += UInt64(buffer.count)
        unsynchronized += buffer.count
        try file.write(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}
