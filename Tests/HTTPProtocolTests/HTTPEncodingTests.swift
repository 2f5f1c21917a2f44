import HTTPProtocol
import Testing

@Suite("Message encoding")
struct HTTPEncodingTests {
    private func text(_ encode: (inout [UInt8]) -> Void) -> String {
        var output: [UInt8] = []
        encode(&output)
        return String(decoding: output, as: UTF8.self)
    }

    @Test func `writes a response with its body`() {
        let head = HTTPResponseHead(status: .ok, headers: HTTPHeaders([("ETag", "\"1\"")]))
        let encoded = text {
            head.encode(
                into: &$0,
                body: Array("{}".utf8),
                contentType: "application/json",
                date: HTTPDate.imfFixdate(unixSeconds: 784_111_777),
                closes: true
            )
        }
        let expected = """
            HTTP/1.1 200 OK\r
            ETag: "1"\r
            Date: Sun, 06 Nov 1994 08:49:37 GMT\r
            Content-Type: application/json\r
            Content-Length: 2\r
            Connection: close\r
            \r
            {}
            """
        #expect(encoded == expected)
    }

    @Test func `answers HEAD with the length and without the body`() {
        let encoded = text {
            HTTPResponseHead(status: .ok).encode(into: &$0, body: [1, 2, 3], answersHEAD: true)
        }
        #expect(encoded == "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n")
    }

    @Test(arguments: [HTTPStatus.noContent, .notModified])
    func `writes neither length nor body where none is allowed`(status: HTTPStatus) {
        let encoded = text {
            HTTPResponseHead(status: status).encode(into: &$0, body: [1], contentType: "a/b")
        }
        #expect(encoded == "HTTP/1.1 \(status.rawValue) \(status.reasonPhrase)\r\n\r\n")
    }

    @Test func `sets the length itself`() {
        let headers = HTTPHeaders([("content-length", "9"), ("Transfer-Encoding", "chunked")])
        let encoded = text {
            HTTPResponseHead(status: .ok, headers: headers).encode(into: &$0, body: [])
        }
        #expect(encoded == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    }

    @Test func `lets no value begin another field`() {
        let headers = HTTPHeaders([
            ("Location", "/a\r\nSet-Cookie: x=y\r\n\r\n<html>\u{0}"), ("Bad: name", "v"), ("", "v"),
        ])
        let encoded = text { HTTPResponseHead(status: .ok, headers: headers).encode(into: &$0) }
        #expect(
            encoded == "HTTP/1.1 200 OK\r\nLocation: /a  Set-Cookie: x=y    <html> \r\n\r\n"
        )
    }

    @Test func `writes requests that its own parser reads`() throws {
        let head = HTTPRequestHead(
            method: "POST",
            target: "/a b?q=ü\r\nX: y",
            headers: HTTPHeaders([("Host", "h"), ("X", "1")])
        )
        let encoded = text { head.encode(into: &$0, body: Array("body".utf8)) }
        let (parsed, body) = try #require(ParsedRequests(encoded).request)
        #expect(parsed.target == "/a%20b?q=%C3%BC%0D%0AX:%20y")
        #expect(parsed.headers.single("X") == "1")
        #expect(body == Array("body".utf8))
    }

    @Test func `writes a request without a body`() {
        let head = HTTPRequestHead(
            method: "GET",
            target: "/",
            headers: HTTPHeaders([("Host", "h")])
        )
        #expect(text { head.encode(into: &$0) } == "GET / HTTP/1.1\r\nHost: h\r\n\r\n")
    }
}

@Suite("HTTP dates, RFC 9110 §5.6.7")
struct HTTPDateTests {
    /// Known values; all but the RFC's were computed with GNU date.
    @Test(
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
            (2_147_483_648, "Tue, 19 Jan 2038 03:14:08 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (Int.max, "Fri, 31 Dec 9999 23:59:59 GMT"),
            (Int.min, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ]
    )
    func `formats`(unixSeconds: Int, text: String) {
        #expect(HTTPDate.imfFixdate(unixSeconds: unixSeconds) == text)
    }
}
