import CLinux
import Glibc

/// Tells the service manager how the service is: systemd's notify protocol, sd_notify(3).
package enum ServiceManager {
    /// Sends `state`, such as `READY=1`, to `$NOTIFY_SOCKET`; does nothing without one.
    package static func notify(_ state: String) {
        guard let path = getenv("NOTIFY_SOCKET").map({ String(cString: $0) }),
            let address = UnixSocketPath(path)
        else { return }
        let descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        let owned = FileDescriptor(adopting: descriptor)
        let bytes = Array(state.utf8)
        address.withSockaddr { pointer, length in
            _ = sendto(owned.rawValue, bytes, bytes.count, CInt(MSG_NOSIGNAL), pointer, length)
        }
    }
}
