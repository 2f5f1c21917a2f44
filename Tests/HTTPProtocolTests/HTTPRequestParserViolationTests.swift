import HTTPProtocol
import Testing

@Suite("Request parser: what it refuses, RFC 9112")
struct HTTPRequestParserViolationTests {
    static let small = HTTPLimits(startLineBytes: 40, headBytes: 120, fieldCount: 4, bodyBytes: 8)

    /// Refused in the same way whole, in two pieces however divided, and byte by byte.
    private func expect(
        _ text: String,
        _ violation: HTTPViolation,
        _ status: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bytes = Array(text.utf8)
        let parsed = ParsedRequests([bytes[...]], limits: Self.small)
        #expect(parsed.violation == violation, sourceLocation: sourceLocation)
        #expect(violation.status.rawValue == status, sourceLocation: sourceLocation)
        #expect(parsed.inputs == [], sourceLocation: sourceLocation)
        let divergences = ParsedRequests.divergences(of: bytes, limits: Self.small)
        #expect(divergences == [], sourceLocation: sourceLocation)
    }

    @Test(
        arguments: [
            ("GET / HTTP/1.1\nHost: h\n\n", .bareLineFeed, 400),
            ("GET / HTTP/1.1\rHost: h\r\n\r\n", .bareCarriageReturn, 400),
            ("\n", .bareLineFeed, 400),
            ("\r\r\n", .bareCarriageReturn, 400),
            ("\r\n\r\n\r\nGET / HTTP/1.1\r\n", .malformedRequestLine, 400),
            ("\u{16}\u{3}\u{1}\u{2}", .controlCharacter, 400),
            ("GET\r\n", .malformedRequestLine, 400),
            ("GET /\r\n", .malformedRequestLine, 400),
            ("GET  / HTTP/1.1\r\n", .malformedRequestLine, 400),
            ("GET / HTTP/1.1 \r\n", .malformedRequestLine, 400),
            ("GET / x HTTP/1.1\r\n", .malformedRequestLine, 400),
            (" GET / HTTP/1.1\r\n", .malformedMethod, 400),
            ("G(T / HTTP/1.1\r\n", .malformedMethod, 400),
            ("GET\t/ HTTP/1.1\r\n", .malformedMethod, 400),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / HTTP/1.1\r\n", .targetTooLong, 414),
            ("ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFG / H\r\n", .methodTooLong, 501),
            ("GET * HTTP/1.1\r\n", .targetNotOriginForm, 400),
            ("GET http://h/ HTTP/1.1\r\n", .targetNotOriginForm, 400),
            ("CONNECT h:443 HTTP/1.1\r\n", .targetNotOriginForm, 400),
            ("GET /\t HTTP/1.1\r\n", .malformedTarget, 400),
            ("GET /\u{0} HTTP/1.1\r\n", .controlCharacter, 400),
            ("GET /\u{7F} HTTP/1.1\r\n", .controlCharacter, 400),
            ("GET /ü HTTP/1.1\r\n", .malformedTarget, 400),
            ("GET /#a HTTP/1.1\r\n", .malformedTarget, 400),
            ("GET / HTTP/2.0\r\n", .unsupportedVersion, 505),
            ("GET / HTTP/1.2\r\n", .unsupportedVersion, 505),
            ("GET / HTTP/0.9\r\n", .unsupportedVersion, 505),
            ("GET / HTTP/1.10\r\n", .unsupportedVersion, 505),
            ("GET / http/1.1\r\n", .malformedRequestLine, 400),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion, 505),
            ("GET /aaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\n", .targetTooLong, 414),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", .malformedRequestLine, 400),
        ] as [(String, HTTPViolation, Int)]
    )
    func `refuses a request line`(text: String, violation: HTTPViolation, status: Int) {
        expect(text, violation, status)
    }

    @Test(
        arguments: [
            ("Host: h\nX: y\r\n\r\n", .bareLineFeed, 400),
            ("Host: h\rX: y\r\n\r\n", .bareCarriageReturn, 400),
            ("Host: h\r\n\n", .bareLineFeed, 400),
            ("X: a\u{0}b\r\n", .controlCharacter, 400),
            ("X: a\u{1B}b\r\n", .controlCharacter, 400),
            ("X: a\u{7F}b\r\n", .controlCharacter, 400),
            ("X: a\r\n b\r\n", .foldedField, 400),
            ("X: a\r\n\tb\r\n", .foldedField, 400),
            (" X: a\r\n", .foldedField, 400),
            ("X : a\r\n", .whitespaceBeforeColon, 400),
            ("X\t: a\r\n", .whitespaceBeforeColon, 400),
            (": a\r\n", .malformedFieldName, 400),
            ("X\r\n", .malformedFieldName, 400),
            ("X(y): a\r\n", .malformedFieldName, 400),
            ("Ä: a\r\n", .malformedFieldName, 400),
            ("\r\n", .missingHost, 400),
            ("Host: a\r\nHost: a\r\n\r\n", .repeatedHost, 400),
            ("Host: a\r\nhost: b\r\n\r\n", .repeatedHost, 400),
            ("Host:\r\n\r\n", .malformedHost, 400),
            ("Host: a b\r\n\r\n", .malformedHost, 400),
            ("Host: a/b\r\n\r\n", .malformedHost, 400),
            ("Host: u@a\r\n\r\n", .malformedHost, 400),
            ("Host: a,b\r\n\r\n", .malformedHost, 400),
            ("Host: a:\r\n\r\n", .malformedHost, 400),
            ("Host: a:65536\r\n\r\n", .malformedHost, 400),
            ("Host: a:+1\r\n\r\n", .malformedHost, 400),
            ("Host: [::1\r\n\r\n", .malformedHost, 400),
            ("Host: ä\r\n\r\n", .malformedHost, 400),
            ("Expect: 200-ok\r\nHost: h\r\n\r\n", .unsupportedExpectation, 417),
            ("A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n", .tooManyFields, 431),
            ("A: " + String(repeating: "a", count: 104), .headTooLarge, 431),
            (
                "A: " + String(repeating: "a", count: 60) + "\r\n"
                    + String(repeating: "b", count: 44), .headTooLarge, 431
            ),
        ] as [(String, HTTPViolation, Int)]
    )
    func `refuses a header`(text: String, violation: HTTPViolation, status: Int) {
        expect("GET / HTTP/1.1\r\n" + text, violation, status)
    }

    @Test(
        arguments: [
            (
                "Content-Length: 1\r\nTransfer-Encoding: chunked",
                .contentLengthWithTransferEncoding, 400
            ),
            ("Content-Length: 1\r\nContent-Length: 1", .repeatedContentLength, 400),
            ("Content-Length: 1, 1", .malformedContentLength, 400),
            ("Content-Length:", .malformedContentLength, 400),
            ("Content-Length: +1", .malformedContentLength, 400),
            ("Content-Length: -1", .malformedContentLength, 400),
            ("Content-Length: 0x1", .malformedContentLength, 400),
            ("Content-Length: 1 1", .malformedContentLength, 400),
            ("Content-Length: 99999999999999999999x", .malformedContentLength, 400),
            ("Content-Length: ١", .malformedContentLength, 400),
            ("Content-Length: 9", .bodyTooLarge, 413),
            ("Content-Length: 9223372036854775808", .bodyTooLarge, 413),
            ("Content-Length: 18446744073709551617", .bodyTooLarge, 413),
            ("Transfer-Encoding: gzip", .unsupportedTransferEncoding, 501),
            ("Transfer-Encoding: gzip, chunked", .unsupportedTransferEncoding, 501),
            ("Transfer-Encoding: chunked, chunked", .unsupportedTransferEncoding, 501),
            ("Transfer-Encoding: xchunked", .unsupportedTransferEncoding, 501),
            ("Transfer-Encoding:", .unsupportedTransferEncoding, 501),
            (
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                .unsupportedTransferEncoding, 501
            ),
            ("Upgrade: websocket\r\nContent-Length: 1", .bodyOnUpgrade, 400),
            ("Upgrade: h2c, WebSocket\r\nTransfer-Encoding: chunked", .bodyOnUpgrade, 400),
        ] as [(String, HTTPViolation, Int)]
    )
    func `refuses ambiguous or unknown framing`(
        fields: String,
        violation: HTTPViolation,
        status: Int
    ) {
        expect("POST / HTTP/1.1\r\nHost: h\r\n\(fields)\r\n\r\n", violation, status)
    }

    @Test func `refuses transfer codings in HTTP 1.0`() {
        expect(
            "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
            .transferEncodingInHTTP10,
            400
        )
    }

    @Test(
        arguments: [
            ("\r\n", .malformedChunk, 400),
            ("g\r\n", .malformedChunk, 400),
            ("0x1\r\n", .malformedChunk, 400),
            ("-1\r\n", .malformedChunk, 400),
            ("1 \r\n", .malformedChunk, 400),
            (" 1\r\n", .malformedChunk, 400),
            ("1\n", .bareLineFeed, 400),
            ("1;\n\r\n", .bareLineFeed, 400),
            ("1\r\nab\r\n", .malformedChunk, 400),
            ("1\r\na\n", .bareLineFeed, 400),
            ("9\r\n", .bodyTooLarge, 413),
            ("4\r\nabcd\r\n5\r\n", .bodyTooLarge, 413),
            ("7FFFFFFFFFFFFFFF\r\n", .bodyTooLarge, 413),
            ("FFFFFFFFFFFFFFFFFFFFFFFFF\r\n", .bodyTooLarge, 413),
            ("1;" + String(repeating: "x", count: 255), .chunkExtensionsTooLarge, 413),
            ("1;" + String(repeating: "x", count: 120) + "\r\n", .chunkExtensionsTooLarge, 413),
            (
                "1;" + String(repeating: "x", count: 60) + "\r\na\r\n1;"
                    + String(repeating: "x", count: 60) + "\r\n", .chunkExtensionsTooLarge, 413
            ),
            ("0\r\nX : y\r\n", .whitespaceBeforeColon, 400),
            ("0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\n", .tooManyFields, 431),
            ("0\r\nA: " + String(repeating: "a", count: 118), .headTooLarge, 431),
        ] as [(String, HTTPViolation, Int)]
    )
    func `refuses a chunked body`(chunks: String, violation: HTTPViolation, status: Int) {
        expect(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks,
            violation,
            status
        )
    }

    @Test func `accepts what is exactly at its limits`() {
        let line = "GET /" + String(repeating: "a", count: 26) + " HTTP/1.1"
        let padding = String(repeating: "x", count: 120 - 40 - 7 - 17 - 7)
        let text =
            "\(line)\r\nHost: h\r\nContent-Length: 8\r\nA: \r\nBC: \(padding)\r\n\r\n12345678"
        #expect(line.utf8.count == 40)
        #expect(ParsedRequests(text, limits: Self.small).request?.body.count == 8)
        let larger = text.replacing("BC: ", with: "BC: y")
        #expect(ParsedRequests(larger, limits: Self.small).violation == .headTooLarge)
    }

    @Test func `has the documented limits by default`() {
        let limits = HTTPLimits()
        #expect(limits.startLineBytes == 8192)
        #expect(limits.headBytes == 16_384)
        #expect(limits.fieldCount == 100)
        #expect(limits.bodyBytes == 1_048_576)
    }

    @Test func `stays refused once it refused`() {
        var parser = HTTPRequestParser()
        let bad = Array("GET / HTTP/3.0\r\n".utf8)
        let good = Array("GET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        for bytes in [bad, good, []] {
            var position = 0
            #expect(throws: HTTPViolation.unsupportedVersion) {
                try parser.next(bytes.span, &position)
            }
        }
    }

    @Test func `answers the requests before a bad one`() {
        let parsed = ParsedRequests("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b\r\n")
        #expect(parsed.heads.map(\.target) == ["/a"])
        #expect(parsed.violation == .malformedRequestLine)
    }
}
