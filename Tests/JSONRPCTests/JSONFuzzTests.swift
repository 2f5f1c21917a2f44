import JSONRPC
import Testing

/// Texts mutated from valid ones; the same seed makes the same texts.
@Suite("JSON readers under mutation")
struct JSONFuzzTests {
    @Test(arguments: 0..<30 as Range<UInt64>)
    func `the scanner and the tree accept the same texts`(seed: UInt64) {
        var mutator = Mutator(seed: seed)
        var scanner = MessageScanner()
        var acceptedCount = 0
        for _ in 0..<1000 {
            let bytes = mutator.text()
            let scanned = Result { () throws(JSONError) in try scanner.scan(bytes.span) }
            let parsed = Result { () throws(JSONError) in try JSONValue(parsing: bytes) }
            switch (scanned, parsed) {
            case (.success, .success(let value)):
                acceptedCount += 1
                #expect((try? JSONValue(parsing: value.encoded())) == value)
                #expect(slicesAgree(scanner.items, with: value, in: bytes))
            case (.failure(let error), .failure(let other)):
                #expect(error == other, "\(String(decoding: bytes, as: UTF8.self))")
            case (.success, .failure), (.failure, .success):
                Issue.record("seed \(seed): \(bytes)")
            }
        }
        // A run in which nothing, or everything, is accepted would show nothing.
        #expect((50..<950).contains(acceptedCount), "\(acceptedCount)")
    }

    /// Whether the slices found in one pass are the values that the tree has.
    private func slicesAgree(
        _ items: [MessageItem],
        with value: JSONValue,
        in bytes: [UInt8]
    ) -> Bool {
        let elements = value.arrayValue ?? [value]
        guard !elements.isEmpty else { return items == [.invalid(id: nil, .emptyBatch)] }
        return items.count == elements.count
            && zip(items, elements).allSatisfy { item, element in
                guard case .request(let request) = item else { return true }
                return tree(request.id, bytes) == element["id"]
                    && tree(request.method, bytes) == element["method"]
                    && tree(request.params, bytes) == element["params"]
            }
    }

    private func tree(_ slice: Range<Int>?, _ bytes: [UInt8]) -> JSONValue? {
        slice.map { JSONValue(validated: bytes.span, $0) }
    }
}

/// Makes texts that are nearly JSON.
private struct Mutator {
    private static let seeds =
        JSONCorpus.containers.map { Array($0.utf8) }
        + JSONCorpus.accepted.map { Array($0.utf8) }
        + [
            Array(#"[{"jsonrpc":"2.0","id":"é","method":"m"},{"jsonrpc":"2.0","method":"n"}]"#.utf8)
        ]
    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\uD83D", "\\uDE00", "\\u0061", "0", "-",
        "1", "e", "E+", ".", "null", "true", "1e400", " ", "\n", "\0", "é", "🎉", "\u{2028}",
        "\"id\":1,", "\"id\"", "[]", "{\"a\":1}", "]]]]",
    ].map { Array($0.utf8) }

    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func text() -> [UInt8] {
        var bytes = Self.seeds[below(Self.seeds.count)]
        for _ in 0..<below(4) {
            let start = below(bytes.count + 1)
            let end = min(start + below(4), bytes.count)
            switch below(5) {
            case 0: bytes.removeSubrange(start..<end)
            case 1: bytes.insert(contentsOf: Self.tokens[below(Self.tokens.count)], at: start)
            case 2: bytes.replaceSubrange(start..<end, with: Self.tokens[below(Self.tokens.count)])
            case 3: bytes.insert(contentsOf: bytes[start..<end], at: below(bytes.count + 1))
            default: if start < bytes.count { bytes[start] = UInt8(below(256)) }
            }
        }
        return bytes
    }

    private mutating func below(_ bound: Int) -> Int {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(bound))
    }
}
