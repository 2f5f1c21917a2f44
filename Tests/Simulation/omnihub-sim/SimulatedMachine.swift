import CSimulation
import Glibc

/// The machine on which a run happens: its files, its clocks and its chance.
///
/// There is one in a process, as there is one C library whose calls come to it.
struct SimulatedMachine {
    let disk: SimulatedDisk
    /// What is below it is on the simulated disk.
    let diskPath: String
    /// Where the hub's socket is, which is no file of its.
    let socketPath: String
    private let folder: String

    // The C library has no place to keep a context in. It is written once, before the run begins, in
    // a process with one thread.
    nonisolated(unsafe) private static var current: SimulatedDisk?

    /// Makes `folder`, which ``discard()`` removes.
    ///
    /// - Throws: Why that cannot be made.
    init(folder: String, random: inout SeededGenerator, trace: Trace) throws(Violation) {
        precondition(Self.current == nil, "one machine in a process")
        self.folder = folder
        diskPath = "\(folder)/disk"
        socketPath = "\(folder)/socket"
        for path in [folder, diskPath] where Glibc.mkdir(path, 0o700) != 0 {
            throw Violation("cannot make \(path): \(String(cString: strerror(errno)))")
        }
        disk = SimulatedDisk(root: diskPath, random: random.branch(), trace: trace)
        Self.current = disk
        var calls = csim_disk(
            open: { path, flags, mode in
                guard let path else { return -EFAULT }
                return SimulatedMachine.current?.open(String(cString: path), flags, mode) ?? -EIO
            },
            close: { SimulatedMachine.current?.close($0) },
            write: { descriptor, bytes, count, offset in
                let bytes = UnsafeRawBufferPointer(start: bytes, count: count)
                return SimulatedMachine.current?.write(descriptor, bytes, at: offset) ?? -Int(EIO)
            },
            truncate: { SimulatedMachine.current?.truncate($0, to: $1) ?? -EIO },
            reserve: { SimulatedMachine.current?.reserve($0, from: $1, count: $2) ?? -EIO },
            synchronize: { SimulatedMachine.current?.synchronize($0, isDataOnly: $1 != 0) ?? -EIO },
            rename: { old, new in
                guard let old, let new else { return -EFAULT }
                return SimulatedMachine.current?.rename(
                    String(cString: old),
                    to: String(cString: new)
                ) ?? -EIO
            },
            unlink: { path in
                guard let path else { return -EFAULT }
                return SimulatedMachine.current?.unlink(String(cString: path)) ?? -EIO
            },
            mkdir: { path, mode in
                guard let path else { return -EFAULT }
                return SimulatedMachine.current?.mkdir(String(cString: path), mode) ?? -EIO
            },
            rmdir: { path in
                guard let path else { return -EFAULT }
                return SimulatedMachine.current?.rmdir(String(cString: path)) ?? -EIO
            }
        )
        csim_begin(diskPath, &calls, random.next())
    }

    func discard() {
        disk.discard()
        _ = csim_real_rmdir(diskPath)
        _ = csim_real_unlink(socketPath)
        _ = csim_real_rmdir(folder)
    }
}
