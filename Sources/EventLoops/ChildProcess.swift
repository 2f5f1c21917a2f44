import CLinux
import Glibc

/// A command that runs in a process group of its own under a guard, and pipes to it.
///
/// When the guard has ended, nothing that the command has begun is left; and it ends when this
/// process does, however. The descriptors are non-blocking; ``reap()`` must be called once
/// ``hasEnded()``.
package struct ChildProcess: ~Copyable, Sendable {
    /// What the command is given.
    package struct Command: Sendable {
        /// An absolute path, and the arguments after the program's name.
        package var path: String
        package var arguments: [String]
        /// NAME=VALUE; there are no others.
        package var environment: [String]
        package var folder: String
        /// Bytes of address space (RLIMIT_AS); 0 is no limit, here and below.
        package var memoryBytes = 0
        /// RLIMIT_CPU.
        package var processorSeconds = 0
        /// RLIMIT_NOFILE.
        package var openFiles = 0
        /// RLIMIT_FSIZE.
        package var fileBytes = 0

        package init(path: String, arguments: [String], environment: [String], folder: String) {
            self.path = path
            self.arguments = arguments
            self.environment = environment
            self.folder = folder
        }
    }

    /// Of the guard.
    package let pid: CInt
    private var input: FileDescriptor?
    /// For the poller: writable when the command's standard input takes something; -1 once closed.
    package private(set) var inputDescriptor: CInt
    private let output: FileDescriptor
    private let errors: FileDescriptor
    private let control: FileDescriptor

    package init(_ command: Command) throws(SystemError) {
        let stdin = try Pipe()
        let stdout = try Pipe()
        let stderr = try Pipe()
        var pair: [CInt] = [-1, -1]
        let type = CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, type, 0, &pair) == 0 else { throw .last("socketpair") }
        let ours = FileDescriptor(adopting: pair[0])
        let theirs = try FileDescriptor(adopting: pair[1]).movedUp()
        let arguments =
            [
                ProcessGuard.name, String(command.memoryBytes), String(command.processorSeconds),
                String(command.openFiles), String(command.fileBytes), command.folder, command.path,
            ] + command.arguments
        let descriptors = [
            stdin.reader.rawValue, stdout.writer.rawValue, stderr.writer.rawValue,
            theirs.rawValue,
        ]
        var pid: pid_t = 0
        let code = withCStrings(arguments) { arguments in
            withCStrings(command.environment) { environment in
                clinux_spawn_guard(arguments, environment, descriptors, &pid)
            }
        }
        // The guard has a copy, so that this one's end is not to be seen by it.
        _ = consume theirs
        guard code == 0 else { throw SystemError(call: "posix_spawn", code: code) }
        self.pid = pid
        let writer = stdin.takeWriter()
        inputDescriptor = writer.rawValue
        input = consume writer
        output = stdout.takeReader()
        errors = stderr.takeReader()
        control = ours
        for descriptor in [
            inputDescriptor, output.rawValue, errors.rawValue, control.rawValue,
        ] { _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK) }
    }

    package var outputDescriptor: CInt { output.rawValue }
    package var errorDescriptor: CInt { errors.rawValue }
    /// For the poller: readable when the guard has ended.
    package var controlDescriptor: CInt { control.rawValue }

    package func write(_ bytes: ArraySlice<UInt8>) -> Transfer {
        let descriptor = inputDescriptor
        guard descriptor >= 0 else { return .ended }
        let count = bytes.withUnsafeBytes { bytes in
            retryingOnInterrupt { Glibc.write(descriptor, bytes.baseAddress, bytes.count) }
        }
        if count >= 0 { return .bytes(count) }
        return clinux_would_block(errno) != 0 ? .wouldBlock : .failed
    }

    package func readOutput(into buffer: inout [UInt8]) -> Transfer {
        Self.read(output.rawValue, into: &buffer)
    }

    package func readErrors(into buffer: inout [UInt8]) -> Transfer {
        Self.read(errors.rawValue, into: &buffer)
    }

    private static func read(_ descriptor: CInt, into buffer: inout [UInt8]) -> Transfer {
        let count = buffer.withUnsafeMutableBytes { bytes in
            retryingOnInterrupt { Glibc.read(descriptor, bytes.baseAddress, bytes.count) }
        }
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        return clinux_would_block(errno) != 0 ? .wouldBlock : .failed
    }

    /// Lets the command see the end of its standard input.
    package mutating func closeInput() {
        input = nil
        inputDescriptor = -1
    }

    /// Sends SIGTERM to the command's process group.
    package func terminate() { order(UInt8(ascii: "T")) }

    /// Has everything killed that the command has begun.
    package func kill() { order(UInt8(ascii: "K")) }

    private func order(_ order: UInt8) {
        var order = order
        // A guard that is gone needs no orders.
        _ = send(control.rawValue, &order, 1, CInt(MSG_NOSIGNAL))
    }

    /// Whether the guard has ended, after all that it guarded.
    package func hasEnded() -> Bool {
        var byte: UInt8 = 0
        let count = retryingOnInterrupt {
            recv(control.rawValue, &byte, 1, CInt(MSG_PEEK))
        }
        return count == 0 || count < 0 && clinux_would_block(errno) == 0
    }

    /// Waits for the guard, which has ended or is about to.
    ///
    /// - Returns: The command's exit status, or 128 and the signal that ended it.
    package consuming func reap() -> CInt {
        var status: CInt = 0
        _ = retryingOnInterrupt { Int(waitpid(pid, &status, 0)) }
        let isExit = status & 0x7F == 0
        return isExit ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
    }
}

/// A pipe whose ends are above those that a child's standard streams have.
private struct Pipe: ~Copyable {
    var reader: FileDescriptor
    var writer: FileDescriptor

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard clinux_pipe(&ends) == 0 else { throw .last("pipe2") }
        let first = FileDescriptor(adopting: ends[0])
        let second = FileDescriptor(adopting: ends[1])
        let lower = try first.movedUp()
        let upper = try second.movedUp()
        reader = lower
        writer = upper
    }

    consuming func takeReader() -> FileDescriptor { reader }
    consuming func takeWriter() -> FileDescriptor { writer }
}

extension FileDescriptor {
    /// The same file under a number from 10 on.
    fileprivate consuming func movedUp() throws(SystemError) -> FileDescriptor {
        if rawValue >= 10 { return self }
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 10)
        guard copy >= 0 else { throw .last("fcntl") }
        return FileDescriptor(adopting: copy)
    }
}

/// Calls `body` with the texts as C strings behind which stands NULL.
private func withCStrings<Result>(
    _ texts: [String],
    _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
    let copies = texts.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}
