import HTTPProtocol
import Testing

@Suite("Origin policy, RFC 6455 §10.2")
struct OriginPolicyTests {
    static let policy = OriginPolicy(
        allowedOrigins: Set(
            ["https://app.example", "HTTP://Dash.Example:8080", "chrome-extension://abcdef"]
                .compactMap(WebOrigin.init)
        ),
        hosts: Set(["hub.example"].compactMap(HTTPHost.init))
    )

    private func verdict(_ origin: String, _ host: String, isTLS: Bool) -> OriginPolicy.Verdict {
        Self.policy.verdict(origins: [origin], host: host, isTLS: isTLS)
    }

    @Test(
        arguments: [
            ("http://localhost:7420", "localhost:7420", false),
            ("http://LocalHost:7420", "LOCALHOST:7420", false),
            ("http://localhost", "localhost", false),
            ("http://localhost:80", "localhost", false),
            ("http://localhost", "localhost:80", false),
            ("https://localhost", "localhost:443", true),
            ("http://127.0.0.1:7420", "127.0.0.1:7420", false),
            ("http://192.168.1.7:7420", "192.168.1.7:7420", false),
            ("http://[::1]:7420", "[::1]:7420", false),
            ("http://[0:0:0:0:0:0:0:1]:7420", "[::1]:7420", false),
            ("http://hub.example:7420", "hub.example:7420", false),
            ("https://hub.example", "Hub.Example", true),
            ("https://app.example", "anything.example:1", false),
            ("https://APP.example:443", "hub.example", true),
            ("http://dash.example:8080", "localhost:7420", false),
            ("chrome-extension://abcdef", "localhost:7420", false),
        ]
    )
    func `allows`(origin: String, host: String, isTLS: Bool) {
        #expect(verdict(origin, host, isTLS: isTLS) == .allowed)
    }

    @Test(
        arguments: [
            ("http://localhost:7421", "localhost:7420", .foreignOrigin),
            ("http://localhost", "localhost:7420", .foreignOrigin),
            ("https://localhost:7420", "localhost:7420", .foreignOrigin),
            ("http://127.0.0.1:7420", "localhost:7420", .foreignOrigin),
            ("http://localhost.:7420", "localhost:7420", .foreignOrigin),
            ("http://localhost.:7420", "localhost.:7420", .untrustedHost),
            ("http://localhost.evil.com", "localhost:7420", .foreignOrigin),
            ("http://localhost.evil.com:7420", "localhost:7420", .foreignOrigin),
            ("http://evil-localhost:7420", "localhost:7420", .foreignOrigin),
            ("http://evil.example:7420", "localhost:7420", .foreignOrigin),
            ("http://evil.example:7420", "evil.example:7420", .untrustedHost),
            ("http://127.0.0.1.evil.com:7420", "127.0.0.1.evil.com:7420", .untrustedHost),
            ("http://127.1:7420", "127.1:7420", .untrustedHost),
            ("http://2130706433:7420", "2130706433:7420", .untrustedHost),
            ("http://0x7f.0.0.1:7420", "0x7f.0.0.1:7420", .untrustedHost),
            ("http://sub.hub.example:7420", "sub.hub.example:7420", .untrustedHost),
            ("http://nothub.example", "nothub.example", .untrustedHost),
            ("http://app.example", "localhost:7420", .foreignOrigin),
            ("https://app.example:8443", "localhost:7420", .foreignOrigin),
            ("https://app.example.evil.com", "localhost:7420", .foreignOrigin),
            ("https://evilapp.example", "localhost:7420", .foreignOrigin),
            ("chrome-extension://abcdefg", "localhost:7420", .foreignOrigin),
            ("http://localhost:7420.evil.com", "localhost:7420", .malformedOrigin),
            ("http://localhost:7420@evil.com", "localhost:7420", .malformedOrigin),
            ("http://localhost@evil.com", "localhost:7420", .malformedOrigin),
            ("http://evil.com#localhost:7420", "localhost:7420", .malformedOrigin),
            ("http://evil.com?http://localhost", "localhost:7420", .malformedOrigin),
            ("http://localhost:7420/", "localhost:7420", .malformedOrigin),
            ("http://localhost:7420 ", "localhost:7420", .malformedOrigin),
            ("http://localhost:7420, http://evil.com", "localhost:7420", .malformedOrigin),
            ("http://localhost:7420 http://evil.com", "localhost:7420", .malformedOrigin),
            ("http://localhost%2eevil.com", "localhost:7420", .malformedOrigin),
            ("http://loc\u{E4}lhost:7420", "localhost:7420", .malformedOrigin),
            ("http://\u{212A}ey.example", "localhost:7420", .malformedOrigin),
            ("http://localhost:", "localhost:80", .malformedOrigin),
            ("http://localhost:07420x", "localhost:7420", .malformedOrigin),
            ("http://localhost:72956", "localhost:7420", .malformedOrigin),
            ("http://\u{301}localhost:7420", "localhost:7420", .malformedOrigin),
            ("http://", "localhost:7420", .malformedOrigin),
            ("://localhost:7420", "localhost:7420", .malformedOrigin),
            ("localhost:7420", "localhost:7420", .malformedOrigin),
            ("http:localhost:7420", "localhost:7420", .malformedOrigin),
            ("http:///localhost:7420", "localhost:7420", .malformedOrigin),
            ("http://http://localhost:7420", "localhost:7420", .malformedOrigin),
            ("", "localhost:7420", .malformedOrigin),
            ("Null", "localhost:7420", .malformedOrigin),
            ("null", "localhost:7420", .opaqueOrigin),
        ] as [(String, String, OriginPolicy.Refusal)]
    )
    func `refuses`(origin: String, host: String, refusal: OriginPolicy.Refusal) {
        #expect(verdict(origin, host, isTLS: false) == .refused(refusal))
    }

    @Test func `allows programs, which send no origin`() {
        #expect(Self.policy.verdict(origins: [], host: "evil.example", isTLS: false) == .allowed)
    }

    @Test func `refuses several origins even when each is allowed`() {
        let origins = ["https://app.example", "https://app.example"]
        let verdict = Self.policy.verdict(origins: origins, host: "localhost", isTLS: false)
        #expect(verdict == .refused(.severalOrigins))
    }

    @Test func `refuses the same origin when the request names no host`() {
        let verdict = Self.policy.verdict(origins: ["http://localhost"], host: nil, isTLS: false)
        #expect(verdict == .refused(.foreignOrigin))
    }

    @Test func `judges a parsed request`() throws {
        let text = HTTPRequestParserTests.browserUpgrade
        let head = try #require(ParsedRequests(text).request).head
        #expect(OriginPolicy().verdict(on: head, isTLS: false) == .allowed)
        #expect(OriginPolicy().verdict(on: head, isTLS: true) == .refused(.foreignOrigin))
    }

    @Test(
        arguments: [
            ("localhost:7420", true), ("127.0.0.1", true), ("[::1]:7420", true),
            ("10.0.0.1:1", true),
            ("hub.example", true), ("HUB.example:9", true), (nil, true),
            ("evil.example:7420", false),
            ("localhost.", false), ("a.localhost", false), ("app.example", false), ("", false),
            ("127.0.0.1.nip.io", false), ("127.0.0.1.", false), ("u@localhost", false),
        ] as [(String?, Bool)]
    )
    func `trusts only hosts that nobody can rebind`(host: String?, isTrusted: Bool) {
        #expect(Self.policy.hostIsTrusted(host) == isTrusted)
    }
}

@Suite("Hosts, RFC 3986 §3.2.2")
struct HTTPHostTests {
    @Test(
        arguments: [
            ("127.0.0.1", .ipv4(0x7F00_0001)), ("255.255.255.255", .ipv4(.max)),
            ("0.0.0.0", .ipv4(0)), ("256.0.0.1", .name("256.0.0.1")), ("1.2.3", .name("1.2.3")),
            ("01.2.3.4", .name("01.2.3.4")), ("1.2.3.4.", .name("1.2.3.4.")),
            ("[::]", .ipv6(0)), ("[::1]", .ipv6(1)), ("[1::]", .ipv6(1 << 112)),
            ("[0:0:0:0:0:0:0:1]", .ipv6(1)), ("[::FFFF:1.2.3.4]", .ipv6(0xFFFF_0102_0304)),
            ("[1:2:3:4:5:6:7:8]", .ipv6(0x0001_0002_0003_0004_0005_0006_0007_0008)),
            ("[1:2:3:4:5:6::8]", .ipv6(0x0001_0002_0003_0004_0005_0006_0000_0008)),
            ("Example.COM", .name("example.com")), ("a_b-1", .name("a_b-1")),
        ] as [(String, HTTPHost)]
    )
    func `reads`(text: String, host: HTTPHost) {
        #expect(HTTPHost(text) == host)
    }

    @Test(
        arguments: [
            "", "[]", "[", "]", "[1]", "[::1", "::1", "[:::]", "[1:::2]", "[::1::2]",
            "[1:2:3:4:5:6:7]",
            "[1:2:3:4:5:6:7:8:9]", "[1:2:3:4:5:6:7::8]", "[12345::]", "[::g]", "[::+1]",
            "[::1%eth0]",
            "[\u{301}::1]", "[::1\u{301}]", "[1.2.3.4::]", "[::1.2.3]", "[127.0.0.1]", "[::1]x",
            "[v1.a]", "a b", "a%20b", "a/b",
            "a@b", "é",
            "a:80", String(repeating: "a", count: 256),
        ]
    )
    func `refuses`(text: String) {
        #expect(HTTPHost(text) == nil)
    }

    @Test(arguments: [
        "h:", "h:x", "h:-1", "h:65536", "h:000080", "h:1:2", "[::1]80", "[::1]:", ":80", "",
    ])
    func `refuses as an authority`(text: String) {
        #expect(HTTPAuthority(text) == nil)
    }
}
