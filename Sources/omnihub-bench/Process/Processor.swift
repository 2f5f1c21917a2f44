import CLinux
import EventLoops
import Glibc

/// Who computes where.
enum Processor {
    static let server = 0
    static let load = 1

    /// Keeps the calling thread, and what it starts from now on, on one processor.
    static func pinCaller(to processor: Int) throws(SystemError) {
        guard clinux_set_affinity(0, CInt(processor)) == 0 else {
            throw .last("sched_setaffinity")
        }
    }
}

/// Where the file of a running program is.
enum ProgramPath {
    /// Of this program.
    static var current: String? {
        var path = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = readlink("/proc/self/exe", &path, path.count)
        let bytes = path.prefix(max(0, length)).map { UInt8(bitPattern: $0) }
        return length > 0 ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
