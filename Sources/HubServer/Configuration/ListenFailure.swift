package import EventLoops
import Glibc

/// An address that cannot be listened on, for the operator.
package struct ListenFailure: Error, Equatable, Sendable, CustomStringConvertible {
    package let address: SocketAddress
    package let error: SystemError

    package init(_ address: SocketAddress, _ error: SystemError) {
        self.address = address
        self.error = error
    }

    package var status: ExitStatus {
        switch (error.code, address) {
        case (EACCES, _), (EPERM, _): .noPermission
        case (ENOENT, .unix), (ENOTDIR, .unix), (EROFS, .unix): .cannotCreate
        case (EMFILE, _), (ENFILE, _), (ENOBUFS, _), (ENOMEM, _): .osError
        default: .unavailable
        }
    }

    /// One line: the address, what is wrong and what to do.
    package var description: String {
        "cannot listen on \(address.description.printable): \(explanation)"
    }

    private var explanation: String {
        switch (error.code, address) {
        case (EADDRINUSE, _):
            "the address is in use; stop the program that has it or choose another with --listen"
        case (EADDRNOTAVAIL, _):
            "this machine has no such address; choose one that 'ip address' shows"
        case (EACCES, .internet(let internet)) where internet.port < 1024:
            "port \(internet.port) needs a privilege; choose one above 1023 or grant "
                + "CAP_NET_BIND_SERVICE"
        case (EACCES, .unix), (EPERM, .unix):
            "this user may not create a socket there; choose another path"
        case (ENOENT, .unix), (ENOTDIR, .unix):
            "its folder does not exist; create it or choose another path"
        case (EAFNOSUPPORT, _):
            "this machine does not have that kind of address; choose another with --listen"
        default:
            error.reason
        }
    }
}
