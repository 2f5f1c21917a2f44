import CLinux
import Glibc

/// The address of a Unix socket: a path, or with a leading `@` a name without one.
package struct UnixSocketPath: Hashable, Sendable {
    package let path: String

    /// - Returns: `nil` for a path that is empty, holds NUL or is too long for the kernel (107 bytes).
    package init?(_ path: String) {
        guard (1...107).contains(path.utf8.count), !path.utf8.contains(0) else { return nil }
        self.path = path
    }

    func withSockaddr<Result>(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { storage in
            storage.copyBytes(from: path.utf8)
            if path.hasPrefix("@") { storage[0] = 0 }
        }
        let length =
            MemoryLayout<sa_family_t>.size + path.utf8.count + (path.hasPrefix("@") ? 0 : 1)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(length))
            }
        }
    }
}
