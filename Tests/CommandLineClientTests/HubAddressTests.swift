import Testing

@testable import CommandLineClient

@Suite("Hub address")
struct HubAddressTests {
    typealias Endpoint = HubAddress.Endpoint

    @Test(
        arguments: [
            ("ws://127.0.0.1:7420/ws", Endpoint.host("127.0.0.1", port: 7420), "/ws"),
            ("WS://Hub.Example:1/x", .host("hub.example", port: 1), "/x"),
            ("http://hub.example", .host("hub.example", port: 80), "/ws"),
            ("http://hub.example/", .host("hub.example", port: 80), "/ws"),
            ("ws://[::1]:7420", .host("::1", port: 7420), "/ws"),
            ("localhost", .host("localhost", port: 7420), "/ws"),
            ("localhost:9", .host("localhost", port: 9), "/ws"),
            ("unix:/run/omnihub.sock", .unix("/run/omnihub.sock"), "/ws"),
            ("unix:@omnihub", .unix("@omnihub"), "/ws"),
        ]
    )
    func `reads`(text: String, endpoint: Endpoint, target: String) throws {
        #expect(try HubAddress(text) == HubAddress(endpoint: endpoint, target: target))
    }

    @Test(
        arguments: [
            "", "ws://", "ws://:7420", "ws://h:0", "ws://h:65536", "ws://h:x", "ws://a b",
            "wss://", "ftp://h", "unix:", "ws://user:secret@h", "ws://h/ws?token=secret",
            "ws://h#f",
            "ws://::1:7420", "unix:/" + String(repeating: "x", count: 107),
        ]
    )
    func `refuses`(text: String) {
        #expect(throws: UsageError.self) { try HubAddress(text) }
    }

    @Test(
        arguments: [
            ("wss://hub.example", 443 as UInt16, true), ("https://hub.example:8443/ws", 8443, true),
            ("ws://hub.example", 80, false), ("hub.example", 7420, false),
        ]
    )
    func `uses TLS where the scheme says so`(text: String, port: UInt16, usesTLS: Bool) throws {
        let address = try HubAddress(text)
        #expect(address.endpoint == .host("hub.example", port: port))
        #expect(address.usesTLS == usesTLS)
    }

    @Test(arguments: ["ws://user:secret@h", "ws://h?secret"])
    func `does not repeat what may be a secret`(text: String) {
        let error = #expect(throws: UsageError.self) { try HubAddress(text) }
        #expect(error?.message.contains("secret") == false)
    }

    @Test(
        arguments: [
            ("ws://[::1]:7420", "[::1]:7420", "[::1]:7420"),
            ("ws://h:1", "h:1", "h:1"),
            ("unix:/s", "localhost", "unix:/s"),
        ]
    )
    func `names itself`(text: String, hostField: String, description: String) throws {
        let address = try HubAddress(text)
        #expect(address.hostField == hostField)
        #expect(address.description == description)
    }
}
