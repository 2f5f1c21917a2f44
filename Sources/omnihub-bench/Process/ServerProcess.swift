import EventLoops
import Glibc

/// A server on its own processor, ready for connections.
final class ServerProcess {
    let address: SocketAddress
    /// Of its WebSocket endpoint.
    let path: String
    let clock: ProcessClock
    /// How its clients speak TLS; `nil` when they do not.
    var tls: LoadTLS?
    /// Told when measuring begins and ends.
    var probe: (any Probe)?
    private let child: ChildProcess
    /// Deleted when the server has ended.
    private let state: TemporaryDirectory?

    /// Starts a program that prints `listening on ws://ADDR:PORT/PATH`, or `wss`, once it is ready.
    ///
    /// - Parameters:
    ///   - arguments: The path of the program, and its arguments.
    ///   - state: Where it keeps its state.
    /// - Throws: When it does not start, or does not say so in time.
    init(_ arguments: [String], state: TemporaryDirectory? = nil) throws {
        self.state = state
        try Processor.pinCaller(to: Processor.server)
        defer { try? Processor.pinCaller(to: Processor.load) }
        child = try ChildProcess(arguments)
        var line = child.nextLine(within: Self.patience)
        let starts = ["listening on ws://", "listening on wss://"]
        while let text = line, !starts.contains(where: text.hasPrefix) {
            line = child.nextLine(within: Self.patience)
        }
        guard let text = line, let start = text.firstRange(of: "://")?.upperBound,
            let slash = text[start...].firstIndex(of: "/")
        else {
            throw BenchError("\(arguments[0]) did not say 'listening on ws://…'")
        }
        address = try SocketAddress(String(text[start..<slash]))
        path = String(text[slash...])
        clock = try ProcessClock(of: child.identifier)
    }

    /// Milliseconds; a server in a profiler takes some seconds to start.
    private static let patience: CInt = 60_000

    var identifier: pid_t { child.identifier }

    /// Bytes of memory that the process occupies: what of it is in RAM.
    func residentBytes() throws(BenchError) -> Int {
        // The second number of statm counts pages (proc(5)).
        guard let file = fopen("/proc/\(identifier)/statm", "r") else {
            throw BenchError("process \(identifier) is not there")
        }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 128)
        guard fgets(&line, CInt(line.count), file) != nil else {
            throw BenchError("cannot read the memory of process \(identifier)")
        }
        let text = String(
            decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
        let numbers = text.split(separator: " ").map { Int($0) }
        guard numbers.count > 1, let pages = numbers[1] else {
            throw BenchError("cannot read the memory of process \(identifier)")
        }
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    /// Ends it as a crash does.
    func kill() { child.kill() }

    func stop() throws {
        try child.terminate()
    }
}

/// The processor time of another process.
struct ProcessClock: Sendable {
    private let clock: clockid_t

    init(of process: pid_t) throws(BenchError) {
        var clock = clockid_t()
        let code = clock_getcpuclockid(process, &clock)
        guard code == 0 else { throw BenchError("clock_getcpuclockid failed with \(code)") }
        self.clock = clock
    }

    /// User and system time of all its threads since it began.
    var nanoseconds: UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}

/// A folder that is deleted with all in it when nobody holds it any more.
final class TemporaryDirectory {
    let path: String

    init() throws(SystemError) {
        var template = Array("/tmp/omnihub-bench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw .last("mkdtemp") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        _ = try? ChildProcess(["rm", "-rf", path]).nextLine(within: 5_000)
    }
}
