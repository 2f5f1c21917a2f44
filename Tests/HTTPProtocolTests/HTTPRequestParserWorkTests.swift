import HTTPProtocol
import Testing

@Suite("Request parser: work and mutated input")
struct HTTPRequestParserWorkTests {
    @Test(arguments: [1, 7, 4096])
    func `refuses a 20 MB header at its limit with linear work`(pieceSize: Int) {
        var parser = HTTPRequestParser()
        let start = Array("GET / HTTP/1.1\r\nHost: h\r\nX: ".utf8)
        var position = 0
        #expect(throws: Never.self) { try parser.next(start.span, &position) }
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: pieceSize)
        var fed = start.count
        var violation: HTTPViolation?
        while violation == nil, fed < 20 << 20 {
            position = 0
            do throws(HTTPViolation) {
                _ = try parser.next(piece.span, &position)
            } catch {
                violation = error
            }
            fed += pieceSize
        }
        #expect(violation == .headTooLarge)
        #expect(fed <= HTTPLimits().headBytes + 2 * 2 + pieceSize)
        #expect(parser.work <= 2 * fed)
    }

    @Test func `does at most two steps for each byte however the bytes arrive`() {
        let request =
            HTTPRequestParserTests.browserUpgrade + "POST / HTTP/1.1\r\nHost: h\r\n"
            + "Content-Length: 100000\r\n\r\n" + String(repeating: "b", count: 100_000)
            + "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + String(repeating: "2;e\r\nab\r\n", count: 3000) + "0\r\n\r\n"
        let bytes = Array(request.utf8)
        let whole = ParsedRequests([bytes[...]])
        let bytewise = ParsedRequests(bytewise: bytes)
        #expect(whole.heads.count == 3)
        #expect(whole == bytewise)
        #expect(whole.work <= bytes.count)
        #expect(bytewise.work <= 2 * bytes.count)
    }

    static let seeds = [
        HTTPRequestParserTests.browserUpgrade,
        "GET /a?b=c HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            + "GET / HTTP/1.1\r\nHost: [::1]:1\r\n\r\n",
        "POST /rpc HTTP/1.1\r\nHost: h:1\r\nContent-Length: 12\r\nExpect: 100-continue\r\n\r\n"
            + "hello, world\r\nGET / HTTP/1.1\r\nHost: 1.2.3.4\r\n\r\n",
        "POST /rpc HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;a=b\r\nhello\r\nb\r\n, big world\r\n0\r\nT: x\r\n\r\n"
            + "GET /x HTTP/1.1\r\nHost: h\r\n\r\n",
    ]

    @Test(arguments: UInt64(0)..<40)
    func `says the same of mutated requests whole and divided`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let limits = HTTPLimits(startLineBytes: 64, headBytes: 700, fieldCount: 16, bodyBytes: 64)
        let pool = Self.seeds.map { Array($0.utf8) }
        for round in 0..<600 {
            var bytes = pool[round % pool.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                Mutation.allCases.randomElement(using: &generator)?.apply(&bytes, &generator)
            }
            let whole = ParsedRequests([bytes[...]], limits: limits)
            let bytewise = ParsedRequests(bytewise: bytes, limits: limits)
            let pieces = Self.pieces(of: bytes, &generator)
            let divided = ParsedRequests(pieces, limits: limits)
            #expect(whole == bytewise, "seed \(seed), round \(round)")
            #expect(whole == divided, "seed \(seed), round \(round)")
        }
    }

    private static func pieces(
        of bytes: [UInt8],
        _ generator: inout SeededGenerator
    ) -> [ArraySlice<UInt8>] {
        let cuts = (0..<4).map { _ in Int.random(in: 0...bytes.count, using: &generator) }
        let bounds = [0] + cuts.sorted() + [bytes.count]
        return zip(bounds, bounds.dropFirst()).map { bytes[$0..<$1] }
    }
}

/// One way of spoiling a message.
enum Mutation: CaseIterable {
    case flipBit, replace, insert, remove, duplicateRange, removeRange, truncate

    /// Bytes that parsers treat specially.
    private static let telling: [UInt8] =
        Array("\r\n\r\n \t:;,/0159aFgxZ\"[]#%\u{0}\u{7F}".utf8) + [
            0x80, 0xC3, 0xFF,
        ]

    func apply(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let index = Int.random(in: bytes.indices, using: &generator)
        let end = min(bytes.count, index + Int.random(in: 1...24, using: &generator))
        let byte = Self.telling.randomElement(using: &generator) ?? 0
        switch self {
        case .flipBit: bytes[index] ^= 1 << UInt8.random(in: 0...7, using: &generator)
        case .replace: bytes[index] = byte
        case .insert: bytes.insert(byte, at: index)
        case .remove: bytes.remove(at: index)
        case .duplicateRange: bytes.insert(contentsOf: bytes[index..<end], at: end)
        case .removeRange: bytes.removeSubrange(index..<end)
        case .truncate: bytes.removeSubrange(end...)
        }
    }
}
