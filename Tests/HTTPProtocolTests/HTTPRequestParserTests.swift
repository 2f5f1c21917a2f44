import HTTPProtocol
import Testing

@Suite("Request parser: what it accepts, RFC 9112")
struct HTTPRequestParserTests {
    static let browserUpgrade = """
        GET /ws HTTP/1.1\r
        Host: localhost:7420\r
        Connection: keep-alive, Upgrade\r
        Pragma: no-cache\r
        Cache-Control: no-cache\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
        Chrome/126.0.0.0 Safari/537.36\r
        Upgrade: websocket\r
        Origin: http://localhost:7420\r
        Sec-WebSocket-Version: 13\r
        Accept-Encoding: gzip, deflate, br, zstd\r
        Accept-Language: en-GB,en;q=0.9,de;q=0.8\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r
        Sec-WebSocket-Protocol: omnihub.v1\r
        \r

        """

    @Test func `reads a browser's upgrade request`() throws {
        let (head, body) = try #require(ParsedRequests(Self.browserUpgrade).request)
        #expect(head.method == "GET")
        #expect(head.target == "/ws")
        #expect(head.minorVersion == 1)
        #expect(head.headers.fields.count == 13)
        #expect(head.headers.single("sec-websocket-key") == "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(head.headers.list("Connection", contains: "upgrade"))
        #expect(body.isEmpty)
    }

    @Test func `leaves what follows an upgrade to the next protocol`() throws {
        var parser = HTTPRequestParser()
        let bytes = Array(Self.browserUpgrade.utf8) + [0x81, 0x85, 0x0D, 0x0A]
        var position = 0
        _ = try parser.next(bytes.span, &position)
        #expect(position == Self.browserUpgrade.utf8.count)
        #expect(parser.isIdle)
    }

    @Test func `answers pipelined requests one by one`() {
        let requests = ParsedRequests(
            "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\n"
        )
        #expect(requests.heads.map(\.target) == ["/a", "/b"])
        #expect(requests.ending == .needsMore)
    }

    @Test(
        arguments: [
            ("Content-Length: 5\r\n\r\nhello", "hello"),
            ("Content-Length: 0\r\n\r\n", ""),
            ("Content-Length: 0000000000000000000000005\r\n\r\nhello", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("transfer-encoding: Chunked\r\n\r\n1\r\nh\r\n004\r\nello\r\n000\r\n\r\n", "hello"),
            (
                "Transfer-Encoding: chunked\r\n\r\nA;name=\"v\"\r\n0123456789\r\n0;x\r\n\r\n",
                "0123456789"
            ),
            (
                "Transfer-Encoding: chunked\r\n\r\n2\r\n\r\n\r\n0\r\nExpires: x\r\nA: b\r\n\r\n",
                "\r\n"
            ),
            ("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
        ]
    )
    func `delivers a small body whole`(rest: String, body: String) throws {
        let text = "POST /rpc HTTP/1.1\r\nHost: h\r\n" + rest
        let request = try #require(ParsedRequests(text).request)
        #expect(String(decoding: request.body, as: UTF8.self) == body)
        #expect(ParsedRequests.divergences(of: Array(text.utf8)) == [])
    }

    @Test(
        arguments: [
            ("X: a b\tc", "a b\tc"), ("X:a", "a"), ("X: \t a \t ", "a"), ("X:", ""), ("X:  ", ""),
            ("X: Zoë", "Zoë"), ("X: a:b", "a:b"), ("!#$%&'*+-.^_`|~09azAZ: v", "v"),
        ]
    )
    func `takes the blanks off a field's value`(line: String, value: String) throws {
        let text = "GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n"
        let head = try #require(ParsedRequests(text).request).head
        #expect(head.headers.fields.last?.value == value)
        #expect(ParsedRequests.divergences(of: Array(text.utf8)) == [])
    }

    @Test func `repairs a value that is not UTF-8`() throws {
        let bytes =
            Array("GET / HTTP/1.1\r\nHost: h\r\nX: a".utf8) + [0xE9] + Array("b\r\n\r\n".utf8)
        let head = try #require(ParsedRequests([bytes[...]]).request).head
        #expect(head.headers.single("X") == "a\u{FFFD}b")
        #expect(ParsedRequests.divergences(of: bytes) == [])
    }

    @Test func `skips two empty lines before a request`() {
        let requests = ParsedRequests("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(requests.heads.count == 1)
    }

    @Test(
        arguments: [
            "Host: h", "HOST: localhost:7420", "Host: 127.0.0.1:1", "Host: [::1]:65535",
            "Host: a_b.c-d.",
        ]
    )
    func `accepts`(host: String) {
        #expect(ParsedRequests("GET / HTTP/1.1\r\n\(host)\r\n\r\n").heads.count == 1)
    }

    @Test func `lets HTTP 1.0 go without Host`() {
        #expect(ParsedRequests("GET / HTTP/1.0\r\n\r\n").heads.first?.minorVersion == 0)
    }

    @Test func `asks to continue once, before the body`() throws {
        let requests = ParsedRequests(
            "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\nok"
        )
        #expect(requests.inputs.first == .continueExpected)
        #expect(requests.inputs.count == 2)
    }

    @Test(
        arguments: [
            "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
            "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx",
        ]
    )
    func `does not ask to continue where nothing waits`(text: String) {
        #expect(ParsedRequests(text).request != nil)
    }

    @Test func `is idle only between requests`() throws {
        var parser = HTTPRequestParser()
        let bytes = Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        #expect(parser.isIdle)
        for index in bytes.indices {
            var position = 0
            let piece = bytes[index...index]
            _ = try parser.next(piece.span, &position)
            #expect(parser.isIdle == (index == bytes.count - 1))
        }
    }

    @Test(
        arguments: [
            (1, nil, true), (1, "close", false), (1, "Upgrade, CLOSE", false),
            (1, "keep-alive", true),
            (0, nil, false), (0, "Keep-Alive", true), (0, "keep-alive, close", false),
        ] as [(Int, String?, Bool)]
    )
    func `keeps alive by version and Connection`(minor: Int, option: String?, keeps: Bool) {
        let headers = HTTPHeaders(option.map { [("Connection", $0)] } ?? [])
        let head = HTTPRequestHead(
            method: "GET",
            target: "/",
            minorVersion: minor,
            headers: headers
        )
        #expect(head.keepsAlive == keeps)
    }
}
