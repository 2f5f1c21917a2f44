import EventLoops
import Outbound
import Testing

@Suite("Which addresses may be reached")
struct ReachableAddressesTests {
    @Test(
        "Nothing private, local or special",
        arguments: [
            "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0",
            "100.127.255.255", "127.0.0.1", "127.255.255.255", "169.254.169.254", "172.16.0.0",
            "172.31.255.255", "192.0.0.8", "192.0.2.255", "192.88.99.1", "192.168.0.0",
            "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.1", "203.0.113.7",
            "224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255", "::", "::1",
            "::ffff:127.0.0.1", "::ffff:10.1.2.3", "::127.0.0.1", "64:ff9b::7f00:1",
            "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1", "2001:db8::1", "2002:7f00:1::1",
            "2002:a00:1::", "3fff::1", "3fff:fff::1", "fc00::1", "fd12:3456::1", "fe80::1",
            "fec0::1", "ff02::1", "4000::1",
        ]
    )
    func refused(host: String) throws {
        let address = try #require(InternetAddress(host: host, port: 80))
        #expect(!ReachableAddresses().allows(address))
    }

    @Test(
        "What is public",
        arguments: [
            "1.0.0.0", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
            "126.255.255.255", "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255",
            "172.32.0.0", "192.0.1.255", "192.167.255.255", "192.169.0.0", "198.17.255.255",
            "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "2606:4700::1111",
            "2001:200::1", "2001:4860:4860::8888", "2002:808:808::1", "2a00::1", "3fff:1000::1",
            "::ffff:8.8.8.8",
        ]
    )
    func allowed(host: String) throws {
        let address = try #require(InternetAddress(host: host, port: 80))
        #expect(ReachableAddresses().allows(address))
    }

    @Test("A range that was allowed, and nothing beside it")
    func exceptions() throws {
        let policy = ReachableAddresses(allowed: [try AddressRange("10.1.0.0/16")])
        #expect(policy.allows(try #require(InternetAddress(host: "10.1.2.3", port: 1))))
        #expect(policy.allows(try #require(InternetAddress(host: "::ffff:10.1.2.3", port: 1))))
        #expect(!policy.allows(try #require(InternetAddress(host: "10.2.0.0", port: 1))))
        #expect(!policy.allows(try #require(InternetAddress(host: "127.0.0.1", port: 1))))
    }
}
