import CLinux
import EventLoops
import Glibc

/// Counts the system calls of all threads of a server, without slowing it down much.
final class SystemCallProbe: Probe {
    private let process: pid_t
    private let tracepoint: UInt64
    /// One for each thread.
    private var counters: [CInt] = []
    private(set) var calls: UInt64 = 0
    private(set) var failure: BenchError?

    /// - Throws: When the kernel does not let this process count.
    init(_ process: pid_t) throws(BenchError) {
        self.process = process
        let path = "/sys/kernel/tracing/events/raw_syscalls/sys_enter/id"
        guard let text = SmallText(path).contents, let number = UInt64(text) else {
            throw BenchError("cannot read \(path): counting system calls takes root and tracefs")
        }
        tracepoint = number
    }

    deinit {
        for counter in counters { close(counter) }
    }

    func begin() {
        guard let folder = opendir("/proc/\(process)/task") else { return }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let thread = CInt(name) else { continue }
            let counter = clinux_count_tracepoint(thread, tracepoint)
            if counter >= 0 {
                counters.append(counter)
            } else {
                failure = BenchError("perf_event_open: \(String(cString: strerror(errno)))")
            }
        }
    }

    func end() {
        for counter in counters {
            var count: UInt64 = 0
            if read(counter, &count, 8) == 8 { calls += count }
        }
    }
}
