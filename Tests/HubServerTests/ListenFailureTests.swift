import EventLoops
import Glibc
import Testing

@testable import HubServer

@Suite struct ListenFailureTests {
    @Test(arguments: [
        (
            "127.0.0.1:7420", EADDRINUSE, HubServer.ExitStatus.unavailable,
            "in use; stop the program"
        ),
        ("192.0.2.1:7420", EADDRNOTAVAIL, .unavailable, "no such address"),
        ("0.0.0.0:443", EACCES, .noPermission, "port 443 needs a privilege"),
        ("unix:/root/x", EACCES, .noPermission, "may not create a socket there"),
        ("unix:/no/x", ENOENT, .cannotCreate, "folder does not exist"),
        ("[::1]:7420", EAFNOSUPPORT, .unavailable, "that kind of address"),
        ("127.0.0.1:7420", EMFILE, .osError, "Too many open files"),
    ])
    func `a failure names the address and what to do`(
        address: String,
        code: CInt,
        status: HubServer.ExitStatus,
        message: String
    ) throws {
        let failure = ListenFailure(
            try SocketAddress(address),
            SystemError(call: "bind", code: code)
        )
        #expect(failure.status == status)
        #expect(failure.description.hasPrefix("cannot listen on \(address): "))
        #expect(failure.description.contains(message))
    }

    @Test func `a busy port is recognised`() throws {
        let first = try ListeningSocket(SocketAddress("127.0.0.1:0"))
        let error = #expect(throws: SystemError.self) { try ListeningSocket(first.address) }
        #expect(ListenFailure(first.address, try #require(error)).status == .unavailable)
    }
}
