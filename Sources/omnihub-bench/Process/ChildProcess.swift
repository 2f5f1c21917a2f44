import EventLoops
import Glibc

/// A started program whose standard output is read.
final class ChildProcess {
    let identifier: pid_t
    private let output: FileDescriptor
    private var pending: [UInt8] = []
    private var hasEnded = false

    /// Starts `arguments[0]`, looked up in `PATH` when it has no slash.
    ///
    /// What it writes to standard error is shown unless it `isQuiet`.
    init(_ arguments: [String], isQuiet: Bool = false) throws {
        let ends = try Self.makePipe()
        output = FileDescriptor(adopting: ends.read)
        let input = FileDescriptor(adopting: ends.write)
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input.rawValue, STDOUT_FILENO)
        if isQuiet {
            posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        }
        var vector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        vector.append(nil)
        defer { for argument in vector { free(argument) } }
        var child: pid_t = 0
        let code = posix_spawnp(&child, arguments[0], &actions, nil, vector, environ)
        guard code == 0 else {
            throw BenchError("cannot start \(arguments[0]): \(String(cString: strerror(code)))")
        }
        identifier = child
    }

    deinit { kill() }

    /// Ends it at once.
    func kill() {
        guard !hasEnded else { return }
        _ = Glibc.kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
        hasEnded = true
    }

    /// The next line of its output.
    ///
    /// - Returns: `nil` when its output has ended or nothing came for `milliseconds`.
    func nextLine(within milliseconds: CInt) -> String? {
        var chunk = [UInt8](repeating: 0, count: 4_096)
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            var watched = pollfd(fd: output.rawValue, events: Int16(POLLIN), revents: 0)
            guard poll(&watched, 1, milliseconds) == 1 else { return nil }
            let count = read(output.rawValue, &chunk, chunk.count)
            guard count > 0 else { return nil }
            pending += chunk.prefix(count)
        }
    }

    /// Waits until it has ended by itself.
    ///
    /// - Throws: When it failed.
    func wait() throws(BenchError) {
        var status: CInt = 0
        guard waitpid(identifier, &status, 0) == identifier else {
            throw BenchError("process \(identifier) is not there")
        }
        hasEnded = true
        guard status == 0 else { throw BenchError("process \(identifier) failed") }
    }

    /// Asks it to end and waits for that for half a minute.
    ///
    /// - Throws: When it did not end by itself, or by a fault.
    func terminate() throws(BenchError) {
        _ = Glibc.kill(identifier, SIGTERM)
        var status: CInt = 0
        for _ in 0..<3_000 {
            if waitpid(identifier, &status, WNOHANG) == identifier {
                hasEnded = true
                // The low seven bits are the signal that ended it (wait(2)).
                let signal = status & 0x7F
                guard signal == 0 || signal == SIGTERM else {
                    throw BenchError("process \(identifier) was ended by signal \(signal)")
                }
                return
            }
            usleep(10_000)
        }
        throw BenchError("process \(identifier) did not stop within 30 seconds of SIGTERM")
    }

    private static func makePipe() throws(SystemError) -> (read: CInt, write: CInt) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .last("pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (ends[0], ends[1])
    }
}
