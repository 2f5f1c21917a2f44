import HTTPProtocol
import Testing

@Suite("Response parser, RFC 9112")
struct HTTPResponseParserTests {
    /// What a parser made of some bytes and, if nothing came of them, of a close behind them.
    private struct Outcome: Equatable {
        var output = HTTPOutput.needsMore
        var violation: HTTPViolation?
        var consumed = 0
    }

    private func outcome(
        _ pieces: [ArraySlice<UInt8>],
        answersHEAD: Bool = false,
        closing: Bool = false
    ) -> Outcome {
        let limits = HTTPLimits(startLineBytes: 40, headBytes: 200, fieldCount: 4, bodyBytes: 16)
        var parser = HTTPResponseParser(limits: limits, answersHEAD: answersHEAD)
        var outcome = Outcome()
        do throws(HTTPViolation) {
            for piece in pieces where outcome.output == .needsMore {
                var position = 0
                outcome.output = try parser.next(piece.span, &position)
                outcome.consumed += position
            }
            if closing, outcome.output == .needsMore { outcome.output = try parser.close() }
        } catch {
            outcome.violation = error
            outcome.consumed = 0
        }
        return outcome
    }

    /// The outcome of `text`, which must be the same for every division of it.
    private func outcome(
        of text: String,
        answersHEAD: Bool = false,
        closing: Bool = false
    ) -> Outcome {
        let bytes = Array(text.utf8)
        let whole = outcome([bytes[...]], answersHEAD: answersHEAD, closing: closing)
        let bytewise = bytes.indices.map { bytes[$0...$0] }
        #expect(outcome(bytewise, answersHEAD: answersHEAD, closing: closing) == whole)
        let diverging = bytes.indices.filter {
            let pieces = [bytes[..<$0], bytes[$0...]]
            return outcome(pieces, answersHEAD: answersHEAD, closing: closing) != whole
        }
        #expect(diverging == [])
        return whole
    }

    @Test func `takes 101 as final and leaves what follows`() {
        let head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
        let outcome = outcome(of: head + "frames")
        let expected = HTTPResponseHead(
            status: .switchingProtocols,
            headers: HTTPHeaders([("Upgrade", "websocket")])
        )
        #expect(outcome.output == .response(expected, body: []))
        #expect(outcome.consumed == head.utf8.count)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false, "ok"),
            ("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", false, ""),
            ("HTTP/1.1 404\r\n\r\ngone", false, "gone"),
            (
                "HTTP/1.1 200 \r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", false,
                "ok"
            ),
            ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", true, ""),
            ("HTTP/1.1 204 No Content\r\n\r\n", false, ""),
            ("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, ""),
            (
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nA: b\r\n\r\n"
                    + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", false, "ok"
            ),
        ]
    )
    func `finds the end of the body`(text: String, answersHEAD: Bool, body: String) throws {
        let outcome = outcome(of: text, answersHEAD: answersHEAD, closing: true)
        guard case .response(_, let bytes) = outcome.output else {
            Issue.record("no response but \(outcome)")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self) == body)
    }

    @Test(
        arguments: [
            ("HTTP/2 200\r\n", .malformedStatusLine),
            ("HTTP/1.2 200 OK\r\n", .malformedStatusLine),
            ("ICY 200 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1 20 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1 2000 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1 099 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1 600 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1  200 OK\r\n", .malformedStatusLine),
            ("\r\nHTTP/1.1 200 OK\r\n", .malformedStatusLine),
            ("HTTP/1.1 200 OK\n", .bareLineFeed),
            ("HTTP/1.1 200 " + String(repeating: "x", count: 28), .malformedStatusLine),
            ("HTTP/1.1 200 OK\r\nA : b\r\n", .whitespaceBeforeColon),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1, 1\r\n\r\n", .malformedContentLength),
            ("HTTP/1.1 200 OK\r\nContent-Length: 17\r\n\r\n", .bodyTooLarge),
            ("HTTP/1.1 200 OK\r\n\r\n12345678901234567", .bodyTooLarge),
            ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no", .closedInsideMessage),
            ("HTTP/1.1 200 OK\r\nA: b\r\n", .closedInsideMessage),
            ("", .closedInsideMessage),
            (String(repeating: "HTTP/1.1 100 C\r\n\r\n", count: 17), .tooManyInterimResponses),
        ] as [(String, HTTPViolation)]
    )
    func `refuses`(text: String, violation: HTTPViolation) {
        #expect(outcome(of: text, closing: true).violation == violation)
    }

    @Test func `stays refused, and reads nothing behind a response`() throws {
        var refused = HTTPResponseParser()
        let bad = Array("HTTP/9\r\n".utf8)
        var position = 0
        for _ in 0..<2 {
            position = 0
            #expect(throws: HTTPViolation.malformedStatusLine) {
                try refused.next(bad.span, &position)
            }
        }
        #expect(throws: HTTPViolation.malformedStatusLine) { try refused.close() }

        var complete = HTTPResponseParser()
        let good = Array("HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n".utf8)
        position = 0
        _ = try complete.next(good.span, &position)
        #expect(try complete.next(good.span, &position) == .needsMore)
        #expect(try complete.close() == .needsMore)
        #expect(position == 27)
    }

    @Test(arguments: UInt64(0)..<20)
    func `says the same of mutated responses whole and divided`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pool = [
            "HTTP/1.1 100 C\r\n\r\nHTTP/1.1 101 S\r\nUpgrade: websocket\r\nA: b\r\n\r\nrest",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "5;a\r\nhello\r\n0\r\nT: x\r\n\r\n",
            "HTTP/1.0 404 Not Found\r\nServer: x\r\n\r\nno such",
        ].map { Array($0.utf8) }
        for round in 0..<400 {
            var bytes = pool[round % pool.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                Mutation.allCases.randomElement(using: &generator)?.apply(&bytes, &generator)
            }
            let whole = outcome([bytes[...]], closing: true)
            let bytewise = outcome(bytes.indices.map { bytes[$0...$0] }, closing: true)
            #expect(whole == bytewise, "seed \(seed), round \(round)")
        }
    }
}
