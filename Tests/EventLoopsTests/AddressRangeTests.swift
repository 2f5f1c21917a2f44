import EventLoops
import Testing

@Suite("Address range")
struct AddressRangeTests {
    @Test(
        arguments: [
            ("127.0.0.0/8", "127.255.0.1", true),
            ("127.0.0.0/8", "128.0.0.1", false),
            ("10.1.2.3", "10.1.2.3", true),
            ("10.1.2.3", "10.1.2.4", false),
            ("10.1.2.128/25", "10.1.2.200", true),
            ("10.1.2.128/25", "10.1.2.127", false),
            ("0.0.0.0/0", "203.0.113.9", true),
            ("0.0.0.0/0", "2001:db8::1", false),
            ("::/0", "2001:db8::1", true),
            ("2001:db8::/33", "2001:db8:7fff::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("127.0.0.0/8", "::ffff:127.0.0.1", true),
            ("::1", "::1", true),
            ("::1", "::2", false),
        ]
    )
    func `holds the addresses that begin alike`(
        range: String,
        host: String,
        isInside: Bool
    ) throws {
        let address = try #require(InternetAddress(host: host, port: 80))
        #expect(try AddressRange(range).contains(address) == isInside)
    }

    @Test(
        arguments: [
            "", "/", "127.0.0.0/", "127.0.0.0/33", "127.0.0.0/-1", "127.0.0.0/8/8", "::1/129",
            "localhost", "127.0.0/8", "127.0.0.0/+8", "127.0.0.0/8 ", "127.0.0.0/٣",
        ]
    )
    func `refuses what is no range`(text: String) {
        #expect(throws: AddressError.self) { try AddressRange(text) }
    }

    @Test(arguments: ["127.0.0.0/8", "10.1.2.3", "2001:db8::/32", "::1"])
    func `is written as it is read`(text: String) throws {
        #expect(try AddressRange(text).description == text)
    }
}
