import Outbound
import Testing

@Suite("URLs of requests to the outside")
struct OutboundURLTests {
    @Test(
        "Are taken apart",
        arguments: [
            ("http://Example.com", "http://example.com", UInt16(80), "/"),
            ("https://example.com/a%20b?q=1&r=%2F", "https://example.com", 443, "/a%20b?q=1&r=%2F"),
            ("HTTPS://example.com:8443?q", "https://example.com:8443", 8443, "/?q"),
            ("http://127.0.0.1:80/x", "http://127.0.0.1", 80, "/x"),
            ("http://[::1]:9/", "http://[::1]:9", 9, "/"),
        ]
    )
    func parts(text: String, origin: String, port: UInt16, target: String) throws {
        let url = try OutboundURL(text)
        #expect((url.origin, url.port, url.target) == (origin, port, target))
    }

    @Test(
        "Are refused when they could be read in two ways or carry what they should not",
        arguments: [
            "", "example.com", "ftp://example.com", "file:///etc/passwd", "http://", "http:///x",
            "http://user:secret@example.com/", "http://example.com@evil.example/",
            "http://example.com/#part", "http://example.com:0/", "http://example.com:65536/",
            "http://example.com:x/", "http://exa mple.com/", "http://example.com\\@evil.example/",
            "http://example.com/\r\nX: y", "http://exämple.com/", "http://%31%32%37.0.0.1/",
            "http://[::1", "javascript:alert(1)",
            "http://a/" + String(repeating: "x", count: 9_000),
        ]
    )
    func refused(text: String) {
        let error = #expect(throws: OutboundError.self) { try OutboundURL(text) }
        #expect(error?.description.contains("secret") == false)
    }
}
