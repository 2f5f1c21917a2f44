import EventLoops
import Testing

@Suite("Name resolution")
struct NameResolutionTests {
    @Test(
        arguments: [
            ("10.1.2.3", ["10.1.2.3:7420"]), ("::1", ["[::1]:7420"]),
            ("localhost", ["127.0.0.1:7420", "[::1]:7420"]),
        ]
    )
    func `knows numeric addresses and localhost by itself`(
        host: String,
        addresses: [String]
    ) throws {
        let found = try NameResolution.addresses(of: host, port: 7420)
        #expect(found.map(\.description) == addresses)
    }

    /// No resolver may know a name under `invalid` (RFC 6761 §6.4).
    @Test func `tells which name has no address`() {
        let error = #expect(throws: NameResolutionError.self) {
            try NameResolution.addresses(of: "hub.invalid", port: 7420)
        }
        #expect(error?.host == "hub.invalid")
        #expect(error?.reason.isEmpty == false)
    }
}
