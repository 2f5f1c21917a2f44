import ByteBuffers
import Glibc

/// A snapshot on disk whose files have been checked.
package struct Snapshot: Sendable {
    private let path: String
    private let manifest: SnapshotManifest

    /// Opens the snapshot in the folder `path` and checks every byte of it.
    ///
    /// - Returns: `nil` when it is damaged.
    init?(path: String, sequence: UInt64) throws(StateDirectoryError) {
        let manifestPath = "\(path)/\(SnapshotManifest.fileName)"
        do {
            manifest = try SnapshotManifest(decoding: readFile(manifestPath))
        } catch let problem as SnapshotManifest.Problem {
            guard case .newerVersion(let version) = problem else { return nil }
            throw .newerFormat(file: manifestPath, version: version)
        } catch let error as FileError {
            guard error.code == ENOENT else { throw StateDirectoryError(error) }
            return nil
        } catch {
            return nil
        }
        self.path = path
        guard manifest.lastSequence == sequence else { return nil }
        for file in manifest.files {
            do {
                guard try isIntact(file) else { return nil }
            } catch {
                guard error.code == ENOENT else { throw StateDirectoryError(error) }
                return nil
            }
        }
    }

    package var lastSequence: UInt64 { manifest.lastSequence }

    /// When it was taken, in milliseconds since 1970 UTC.
    package var createdAt: Int64 { manifest.createdAt }

    package var fileNames: [String] { manifest.files.map(\.name) }

    /// The number of elements of an array file.
    package func count(ofArrayNamed name: String) -> Int? {
        manifest.files.first { $0.name == name }?.count.flatMap(Int.init(exactly:))
    }

    /// The JSON text of a file; `nil` when the snapshot has none of that name.
    package func value(named name: String) throws(StateDirectoryError) -> [UInt8]? {
        guard fileNames.contains(name) else { return nil }
        do {
            var bytes = try readFile("\(path)/\(name)")
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            return bytes
        } catch {
            throw StateDirectoryError(error)
        }
    }

    /// Hands the elements of an array file to `body` one by one, in order.
    ///
    /// - Returns: False when the snapshot has no file of that name.
    @discardableResult
    package func forEachElement(
        ofArrayNamed name: String,
        _ body: (_ json: [UInt8]) throws -> Void
    ) throws -> Bool {
        guard fileNames.contains(name) else { return false }
        do {
            var reader = try LineReader(path: "\(path)/\(name)")
            while let line = try reader.next() {
                var element = reader.buffer[line.range]
                if element.last == UInt8(ascii: ",") { element.removeLast() }
                // The brackets stand alone on the first and on the last line.
                if line.offset == 0 || element.elementsEqual([UInt8(ascii: "]")]) { continue }
                try body(Array(element))
            }
        } catch let error as FileError {
            throw StateDirectoryError(error)
        }
        return true
    }

    private func isIntact(_ file: SnapshotManifest.File) throws(FileError) -> Bool {
        let descriptor = try FileDescriptor(opening: "\(path)/\(file.name)", O_RDONLY)
        guard try UInt64(descriptor.size()) == file.bytes else { return false }
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var crc = CRC32C()
        while true {
            let count = try descriptor.read(into: &buffer, from: 0)
            if count == 0 { return crc.value == file.checksum }
            crc.update(buffer.span.extracting(0..<count))
        }
    }
}

/// All bytes of a file of moderate size.
func readFile(_ path: String, from offset: Int = 0) throws(FileError) -> [UInt8] {
    let file = try FileDescriptor(opening: path, O_RDONLY)
    try file.seek(to: offset)
    var bytes = [UInt8](repeating: 0, count: max(0, try file.size() - offset))
    var end = 0
    while end < bytes.count {
        let count = try file.read(into: &bytes, from: end)
        if count == 0 { break }
        end += count
    }
    bytes.removeLast(bytes.count - end)
    return bytes
}
