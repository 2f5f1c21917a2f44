import EventLoops
import Testing

@Suite("Socket address")
struct SocketAddressTests {
    @Test(
        arguments: [
            ("127.0.0.1:7420", "127.0.0.1:7420", true),
            ("localhost:0", "127.0.0.1:0", true),
            ("0.0.0.0:80", "0.0.0.0:80", false),
            ("[::1]:65535", "[::1]:65535", true),
            ("[::]:1", "[::]:1", false),
            ("[2001:DB8::1]:1", "[2001:db8::1]:1", false),
            ("192.168.1.7:1", "192.168.1.7:1", false),
            ("unix:/run/hub.sock", "unix:/run/hub.sock", true),
        ]
    )
    func `reads`(text: String, description: String, isLoopback: Bool) throws {
        let address = try SocketAddress(text)
        #expect(address.description == description)
        #expect(address.isLoopback == isLoopback)
    }

    @Test(
        arguments: [
            "", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:+1",
            "127.0.0.1:7x", "::1:80", "example:80", "300.1.1.1:80", "unix:",
            "unix:/" + String(repeating: "x", count: 107),
        ]
    )
    func `refuses with a sentence that quotes the mistake`(text: String) {
        #expect(throws: AddressError.self) { try SocketAddress(text) }
    }
}

@Suite("Listening socket")
struct ListeningSocketTests {
    @Test func `port 0 becomes a free port`() throws {
        let socket = try ListeningSocket(try SocketAddress("127.0.0.1:0"))
        guard case .internet(let address) = socket.address else {
            Issue.record("not an internet address")
            return
        }
        #expect(address.port != 0)
    }

    @Test func `a busy port is refused`() throws {
        let first = try ListeningSocket(try SocketAddress("127.0.0.1:0"))
        let error = #expect(throws: SystemError.self) { try ListeningSocket(first.address) }
        #expect(error?.call == "bind")
    }

    @Test func `a connection is accepted on IPv6`() throws {
        let socket = try ListeningSocket(try SocketAddress("[::1]:0"))
        let client = try StreamSocket.connect(to: socket.address)
        #expect(client.rawValue >= 0)
        guard case .connection(let accepted, let peer) = socket.accept() else {
            Issue.record("nothing to accept")
            return
        }
        #expect(peer?.isLoopback == true)
        StreamSocket.close(accepted)
    }
}
