import JSONRPC
import Testing
import Workflows

@Suite("Paths")
struct DataPathTests {
    private static let document = """
        {"store":{"book":[{"title":"A","price":8},{"title":"B","price":12},{"title":"C"}],
        "bike-1":{"price":19}},"a b":1,"x":null,"ü":"u"}
        """

    @Test(
        "Find what they name",
        arguments: [
            ("$.store.book[0].title", #""A""#), ("$.store.book[-1].title", #""C""#),
            ("$['store']['bike-1'].price", "19"), ("$.store.bike-1.price", "19"),
            ("$['a b']", "1"), (#"$["a b"]"#, "1"), ("$.x", "null"), ("$.ü", #""u""#),
            ("$.store.book[*].title", #"["A","B","C"]"#),
            ("$.store.book[0,2].title", #"["A","C"]"#),
            ("$.store.book[1:].title", #"["B","C"]"#), ("$.store.book[:1].title", #"["A"]"#),
            ("$.store.book[::2].title", #"["A","C"]"#),
            ("$.store.book[::-1].title", #"["C","B","A"]"#),
            ("$.store.book[-2:].title", #"["B","C"]"#), ("$..price", "[8,12,19]"),
            ("$..book[1].title", #"["B"]"#), ("$.store.*.price", "[19]"), ("$..none", "[]"),
            ("$.store.book[9:1]", "[]"),
            (
                "$['store','x']['book']",
                "[[{\"title\":\"A\",\"price\":8},{\"title\":\"B\",\"price\":12},{\"title\":\"C\"}]]"
            ),
        ]
    )
    func find(path: String, expected: String) throws {
        let found = try DataPath(path).value(in: try json(Self.document))
        #expect(try found?.text == json(expected).text)
    }

    @Test(
        "Find nothing where nothing is",
        arguments: [
            "$.none", "$.store.book[3]", "$.store.book[-4]", "$.x.y", "$.store[0]",
            "$.store.book.title",
        ]
    )
    func findNothing(path: String) throws {
        #expect(try DataPath(path).value(in: json(Self.document)) == nil)
    }

    @Test(
        "A text that is none is refused",
        arguments: [
            "", "store", "$.", "$..", "$[", "$[]", "$[1", "$['a", "$[a]", "$[?(@.x)]", "$.a b",
            "$[1:2:0]", "$[99999999999]", "$[-]", "$.a(", "$$.", "$.a[", "$a",
        ]
    )
    func isRefused(path: String) {
        #expect(throws: WorkflowProblem.self) { try DataPath(path) }
    }

    @Test("Random text never crashes the reader")
    func randomText() throws {
        var random = SeededRandom(seed: 3)
        let document = try json(Self.document)
        let signs = Array("$$.[]*:,'\"-0123abookstore?@\\é ")
        for _ in 0..<50_000 {
            let tail = (0..<Int.random(in: 0..<12, using: &random)).compactMap { _ in
                signs.randomElement(using: &random)
            }
            let path = "$" + String(tail)
            if let parsed = try? DataPath(path) {
                _ = parsed.value(in: document)
                #expect(parsed.text == path)
            }
        }
    }

    @Test("A slice takes what RFC 9535 says, whatever its ends")
    func slices() throws {
        let elements = (0..<5).map { JSONValue.integer($0) }
        let bounds: [Int?] = [nil, -9, -5, -2, 0, 1, 4, 5, 9]
        for start in bounds {
            for end in bounds {
                for step in [-3, -1, 1, 2, 7] {
                    let text = [start, end].map { $0.map(String.init) ?? "" }.joined(separator: ":")
                    let found = try DataPath("$[\(text):\(step)]").value(in: .array(elements))
                    let expected = sliced(5, start, end, step).map { JSONValue.integer($0) }
                    #expect(found == .array(expected), "\(text):\(step)")
                }
            }
        }
    }

    /// RFC 9535, section 2.3.4.2.2, written down as it stands there.
    private func sliced(_ count: Int, _ start: Int?, _ end: Int?, _ step: Int) -> [Int] {
        func normal(_ index: Int) -> Int { index >= 0 ? index : count + index }
        let first = normal(start ?? (step >= 0 ? 0 : count - 1))
        let last = end.map(normal) ?? (step >= 0 ? count : -1)
        var found: [Int] = []
        if step > 0 {
            let (lower, upper) = (min(max(first, 0), count), min(max(last, 0), count))
            var index = lower
            while index < upper {
                found.append(index)
                index += step
            }
        } else {
            let upper = min(max(first, -1), count - 1)
            let lower = min(max(last, -1), count - 1)
            var index = upper
            while lower < index {
                found.append(index)
                index += step
            }
        }
        return found
    }
}
