import CSimulation
import Glibc

/// The disk of the simulated machine: every call of the hub that changes a file below its root
/// comes here, and fails, is cut short or is forgotten as the run has it.
///
/// What programs see is mirrored to real files, so that reading needs no stand-in.
final class SimulatedDisk {
    /// How a machine stops in the middle of a call.
    enum Crash: Equatable {
        /// The process is killed: what was written is in the kernel and stays.
        case kill
        /// What was not synchronised may be gone.
        case powerCut
    }

    /// What goes wrong with calls that are not the last.
    struct Faults {
        /// No blocks are left (ENOSPC).
        var isFull = false
        /// The file system was mounted anew read-only, as after an error (EROFS).
        var isReadOnly = false
        /// Calls until one of fsync or fdatasync fails with EIO.
        var synchronisationsUntilError: Int?
        /// Calls until one of write fails with EIO.
        var writesUntilError: Int?
        /// Share of writes that take a part, or are interrupted before they begin.
        var shortWrites = 0.0
    }

    var faults = Faults()
    /// `fdatasync` does nothing and says that it did: a planted bug.
    var skipsDataSynchronisation = false
    /// Calls that change something, until the machine stops in the middle of one.
    var callsUntilCrash: (calls: Int, crash: Crash)?
    /// How the machine has stopped: no call does anything any more.
    private(set) var crash: Crash?
    private(set) var changes = 0

    private struct OpenFile {
        var file: SimulatedFile
        var position = 0
        var isAppending: Bool
        /// Up to here there are blocks, whatever happens to the rest of the disk.
        var reserved = 0
    }

    private let root: String
    private let top = SimulatedFile(isFolder: true)
    private var files: [CInt: OpenFile] = [:]
    private var random: SeededGenerator
    private let trace: Trace

    init(root: String, random: SeededGenerator, trace: Trace) {
        self.root = root
        self.random = random
        self.trace = trace
    }

    // MARK: Life of the machine

    /// The machine stops between two calls.
    func stop(by crash: Crash) {
        if self.crash == nil { self.crash = crash }
        csim_set_dead(1)
    }

    /// After a stop or an orderly end: another process may begin.
    ///
    /// After a power cut the files are what the disk has.
    func restart() {
        files = [:]
        callsUntilCrash = nil
        if crash == .powerCut {
            let cut = SimulatedFile.MetadataCut(
                number: random.number(0...changes + 1),
                isIndependent: random.chance(0.5)
            )
            top.cutPower(cut, using: &random)
            removeAll(root, keepsFolder: true)
            restore(top, at: root)
        }
        crash = nil
        csim_set_dead(0)
    }

    private func removeAll(_ path: String, keepsFolder: Bool) {
        if let stream = opendir(path) {
            var names: [String] = []
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != ".", name != ".." { names.append(name) }
            }
            closedir(stream)
            for name in names { removeAll("\(path)/\(name)", keepsFolder: false) }
            if !keepsFolder { _ = csim_real_rmdir(path) }
        } else {
            _ = csim_real_unlink(path)
        }
    }

    private func restore(_ folder: SimulatedFile, at path: String) {
        for name in folder.entries.keys.sorted() {
            guard let entry = folder.entries[name] else { continue }
            let place = "\(path)/\(name)"
            if entry.isFolder {
                _ = csim_real_mkdir(place, 0o700)
                restore(entry, at: place)
            } else {
                let descriptor = csim_real_open(place, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
                _ = entry.content.withUnsafeBytes {
                    csim_real_pwrite(descriptor, $0.baseAddress, $0.count, 0)
                }
                _ = csim_real_close(descriptor)
            }
        }
    }

    /// Removes everything below the root: the run is over.
    func discard() {
        removeAll(root, keepsFolder: true)
    }

    /// Removes what is in one folder, behind the back of all.
    func discardFolder(_ path: String) {
        removeAll(path, keepsFolder: true)
    }

    func hasFile(_ path: String) -> Bool { access(path, F_OK) == 0 }

    // MARK: Calls; each answers like the system call, or with a negative error

    func open(_ path: String, _ flags: CInt, _ mode: UInt32) -> CInt {
        if crash != nil { return -EIO }
        let existing = find(path)
        let writes = flags & (O_WRONLY | O_RDWR) != 0
        let creates = existing == nil && flags & O_CREAT != 0
        if writes, faults.isReadOnly { return -EROFS }
        if creates {
            if faults.isFull { return -ENOSPC }
            if let stopped = begin("create \(path)") { return stopped }
        }
        let descriptor = csim_real_open(path, flags, mode)
        guard descriptor >= 0 else { return -errno }
        let file: SimulatedFile
        if creates {
            guard let (folder, name) = parent(of: path) else { return -ENOENT }
            file = SimulatedFile(isFolder: false)
            change(folder, .add(name, file))
        } else {
            guard let existing else { return -ENOENT }
            file = existing
            if flags & O_TRUNC != 0 { file.truncate(to: 0) }
        }
        files[descriptor] = OpenFile(file: file, isAppending: csim_is_appending(flags) != 0)
        return descriptor
    }

    func close(_ descriptor: CInt) {
        files[descriptor] = nil
    }

    func write(_ descriptor: CInt, _ bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        guard let open = files[descriptor] else { return -Int(EBADF) }
        if crash != nil { return -Int(EIO) }
        let file = open.file
        let offset =
            place >= 0 ? place : open.isAppending ? file.content.count : open.position
        if faults.isReadOnly { return -Int(EROFS) }
        var count = bytes.count
        if faults.isFull, count > 0, offset + count > open.reserved || random.chance(0.3) {
            // What fits into the last block may still be taken.
            count = random.chance(0.5) ? 0 : random.number(0...count - 1)
            if count == 0 { return -Int(ENOSPC) }
        } else if let left = faults.writesUntilError {
            faults.writesUntilError = left > 1 ? left - 1 : nil
            if left <= 1 {
                trace.note("disk: write fails with EIO")
                return -Int(EIO)
            }
        }
        if faults.shortWrites > 0, count > 1, random.chance(faults.shortWrites) {
            if random.chance(0.3) { return -Int(EINTR) }
            count = random.number(1...count)
        }
        let stopped = begin("write \(count) bytes at \(offset)")
        if stopped != nil {
            // A process that is killed may have written a part, and so may a machine.
            count = random.number(0...count)
            if count == 0 { return -Int(EIO) }
        }
        let part = UnsafeRawBufferPointer(rebasing: bytes[..<count])
        file.write(part, at: offset)
        if open.isAppending {
            _ = csim_real_write(descriptor, part.baseAddress, count)
        } else {
            _ = csim_real_pwrite(descriptor, part.baseAddress, count, offset)
        }
        if place < 0 { files[descriptor]?.position = offset + count }
        return stopped.map(Int.init) ?? count
    }

    func truncate(_ descriptor: CInt, to length: Int) -> CInt {
        guard let open = files[descriptor] else { return -EBADF }
        if crash != nil { return -EIO }
        if faults.isReadOnly { return -EROFS }
        if let stopped = begin("truncate to \(length)") { return stopped }
        open.file.truncate(to: length)
        files[descriptor]?.reserved = length
        return csim_real_truncate(descriptor, length) == 0 ? 0 : -errno
    }

    func reserve(_ descriptor: CInt, from offset: Int, count: Int) -> CInt {
        guard let open = files[descriptor] else { return -EBADF }
        if crash != nil { return -EIO }
        if faults.isReadOnly { return -EROFS }
        if faults.isFull { return -ENOSPC }
        files[descriptor]?.reserved = max(open.reserved, offset + count)
        return 0
    }

    func synchronize(_ descriptor: CInt, isDataOnly: Bool) -> CInt {
        guard let open = files[descriptor] else { return -EBADF }
        if crash != nil { return -EIO }
        if let left = faults.synchronisationsUntilError {
            faults.synchronisationsUntilError = left > 1 ? left - 1 : nil
            if left <= 1 {
                trace.note("disk: fsync fails with EIO")
                open.file.failSynchronizing(using: &random)
                return -EIO
            }
        }
        if let stopped = begin("synchronise") { return stopped }
        if isDataOnly, skipsDataSynchronisation { return 0 }
        open.file.synchronize()
        return 0
    }

    func rename(_ old: String, to new: String) -> CInt {
        if crash != nil { return -EIO }
        if faults.isReadOnly { return -EROFS }
        guard find(old) != nil, let (folder, name) = parent(of: old),
            let (target, newName) = parent(of: new)
        else { return -ENOENT }
        if folder !== target {
            // Two folders are not changed as one in this model, so nobody may rely on it.
            return -EXDEV
        }
        if let stopped = begin("rename \(old)") { return stopped }
        guard csim_real_rename(old, new) == 0 else { return -errno }
        change(folder, .rename(name, to: newName))
        return 0
    }

    func unlink(_ path: String) -> CInt { remove(path) { csim_real_unlink(path) } }

    func rmdir(_ path: String) -> CInt { remove(path) { csim_real_rmdir(path) } }

    private func remove(_ path: String, _ call: () -> CInt) -> CInt {
        if crash != nil { return -EIO }
        if faults.isReadOnly { return -EROFS }
        guard find(path) != nil, let (folder, name) = parent(of: path) else { return -ENOENT }
        if let stopped = begin("remove \(path)") { return stopped }
        guard call() == 0 else { return -errno }
        change(folder, .remove(name))
        return 0
    }

    func mkdir(_ path: String, _ mode: UInt32) -> CInt {
        if crash != nil { return -EIO }
        if find(path) != nil { return -EEXIST }
        if faults.isReadOnly { return -EROFS }
        if faults.isFull { return -ENOSPC }
        guard let (folder, name) = parent(of: path) else { return -ENOENT }
        if let stopped = begin("mkdir \(path)") { return stopped }
        guard csim_real_mkdir(path, mode) == 0 else { return -errno }
        change(folder, .add(name, SimulatedFile(isFolder: true)))
        return 0
    }

    // MARK: Names

    /// Counts a call that changes something, before which the machine may stop.
    private func begin(_ what: @autoclosure () -> String) -> CInt? {
        changes += 1
        guard let (calls, crash) = callsUntilCrash else { return nil }
        guard calls <= 1 else {
            callsUntilCrash = (calls - 1, crash)
            return nil
        }
        trace.note("disk: \(crash) at: \(what().replacing(root, with: ""))")
        stop(by: crash)
        return -EIO
    }

    private func change(_ folder: SimulatedFile, _ change: SimulatedFile.Change) {
        folder.change(change, number: changes)
    }

    private func parent(of path: String) -> (SimulatedFile, String)? {
        guard let slash = path.lastIndex(of: "/"), let folder = find(String(path[..<slash])),
            folder.isFolder
        else { return nil }
        return (folder, String(path[path.index(after: slash)...]))
    }

    private func find(_ path: String) -> SimulatedFile? {
        var place: SimulatedFile? = top
        for name in path.dropFirst(root.count).split(separator: "/") {
            place = place?.entries[String(name)]
        }
        return place
    }
}
