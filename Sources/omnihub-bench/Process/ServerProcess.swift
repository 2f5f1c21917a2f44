import EventLoops
import Glibc

/// A server on its own processor, ready for connections.
final class ServerProcess {
    let address: SocketAddress
    /// Of its WebSocket endpoint.
    let path: String
    let clock: ProcessClock
    private let child: ChildProcess
    /// Deleted when the server has ended.
    private let state: TemporaryDirectory?

    /// Starts a program that prints `listening on ws://ADDR:PORT/PATH` once it is ready.
    ///
    /// - Parameters:
    ///   - arguments: The path of the program, and its arguments.
    ///   - state: Where it keeps its state.
    /// - Throws: When it does not start, or does not say so within ten seconds.
    init(_ arguments: [String], state: TemporaryDirectory? = nil) throws {
        self.state = state
        try Processor.pinCaller(to: Processor.server)
        defer { try? Processor.pinCaller(to: Processor.load) }
        child = try ChildProcess(arguments)
        var line = child.nextLine(within: 10_000)
        let start = "listening on ws://"
        while let text = line, !text.hasPrefix(start) { line = child.nextLine(within: 10_000) }
        guard let url = line?.dropFirst(start.count), let slash = url.firstIndex(of: "/") else {
            throw BenchError("\(arguments[0]) did not say 'listening on ws://…'")
        }
        address = try SocketAddress(String(url[..<slash]))
        path = String(url[slash...])
        clock = try ProcessClock(of: child.identifier)
    }

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
