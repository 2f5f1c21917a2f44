import EventLoops
import Glibc
import Synchronization

/// A server on a free port of the loopback that takes one connection and follows a script.
final class ScriptedServer: Sendable {
    let port: UInt16
    private let listener: FileDescriptorBox
    private let thread: WorkerThread
    private let result: Box

    final class Box: Sendable {
        let text = Mutex("")
    }

    /// A descriptor that is closed once.
    final class FileDescriptorBox: Sendable {
        let value: CInt
        init(_ value: CInt) { self.value = value }
        deinit { close(value) }
    }

    struct Failure: Error {}

    init(_ script: @escaping @Sendable (ScriptedConnection) -> String) throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { throw Failure() }
        listener = FileDescriptorBox(descriptor)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && listen(descriptor, 8) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard bound else { throw Failure() }
        port = UInt16(bigEndian: address.sin_port)
        let result = Box()
        self.result = result
        thread = try WorkerThread(name: "scripted") {
            let accepted = accept(descriptor, nil, nil)
            guard accepted >= 0 else { return }
            let text = script(ScriptedConnection(accepted))
            result.text.withLock { $0 = text }
            close(accepted)
        }
    }

    /// Waits for the script to end, and gives what it returned.
    func finish() -> String {
        thread.join()
        return result.text.withLock { $0 }
    }

    /// Ends a server that nobody has connected to.
    func stop() {
        shutdown(listener.value, CInt(SHUT_RDWR))
        thread.join()
    }
}

struct ScriptedConnection: Sendable {
    private let descriptor: CInt

    init(_ descriptor: CInt) {
        self.descriptor = descriptor
    }

    func send(_ bytes: [UInt8]) {
        _ = Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
    }

    /// Reads up to the empty line behind a request's head.
    func readHead() -> String {
        var text = ""
        var byte: UInt8 = 0
        while !text.hasSuffix("\r\n\r\n"), recv(descriptor, &byte, 1, 0) == 1 {
            text.unicodeScalars.append(Unicode.Scalar(byte))
        }
        return text
    }

    func readToEnd() {
        var buffer = [UInt8](repeating: 0, count: 4_096)
        while recv(descriptor, &buffer, buffer.count, 0) > 0 {}
    }

    func wait(until isTrue: () -> Bool) {
        while !isTrue() { sched_yield() }
    }
}
