import JSONRPC
import Testing

@Suite("Slices of validated JSON")
struct JSONSlicesTests {
    static let text = Array(
        #" { "a" : 1 , "b\u0062":[ "x" , {"y":"]}"}, 3 ] ,"s":"pl\"ain\\","n":null,"t":true,"big":18446744073709551615,"e":"", "ü":-2.0 } "#
            .utf8
    )
    let bytes = JSONSlicesTests.text
    let object = 1..<JSONSlicesTests.text.count - 1

    @Test func `walks over members`() {
        var members = JSONMembers(object)
        var found: [String] = []
        while let member = members.next(in: bytes.span) {
            found.append("\(string(member.name))=\(string(member.value))")
        }
        #expect(
            found == [
                #""a"=1"#, #""b\u0062"=[ "x" , {"y":"]}"}, 3 ]"#, #""s"="pl\"ain\\""#, #""n"=null"#,
                #""t"=true"#, #""big"=18446744073709551615"#, #""e"="""#, #""ü"=-2.0"#,
            ]
        )
    }

    @Test func `walks over elements`() throws {
        let array = try member("bb")
        var elements = JSONElements(array)
        var found: [String] = []
        while let element = elements.next(in: bytes.span) { found.append(string(element)) }
        #expect(found == [#""x""#, #"{"y":"]}"}"#, "3"])
        let none = bytes.span.jsonMember("a", of: array)
        #expect(none == nil)
    }

    @Test(arguments: ["{}", "{ }"])
    func `finds nothing in an empty object`(text: String) {
        let bytes = Array(text.utf8)
        var members = JSONMembers(bytes.indices)
        let first = members.next(in: bytes.span)
        let member = bytes.span.jsonMember("a", of: bytes.indices)
        #expect(first == nil)
        #expect(member == nil)
    }

    @Test(
        arguments: [
            ("a", 1, 1), ("ü", -2, nil), ("big", nil, .max), ("s", nil, nil), ("t", nil, nil),
        ] as [(String, Int?, UInt64?)]
    )
    func `decodes integers`(name: String, int: Int?, unsigned: UInt64?) throws {
        let slice = try member(name)
        let found = (bytes.span.jsonInt(slice), bytes.span.jsonUInt64(slice))
        #expect(found == (int, unsigned))
    }

    @Test(
        arguments: [("s", #"pl"ain\"#), ("e", ""), ("a", nil), ("n", nil)] as [(String, String?)]
    )
    func `decodes strings`(name: String, expected: String?) throws {
        let slice = try member(name)
        let text = bytes.span.jsonString(slice)
        #expect(text == expected)
    }

    @Test(arguments: [("t", true), ("a", nil), ("n", nil)] as [(String, Bool?)])
    func `decodes booleans`(name: String, expected: Bool?) throws {
        let slice = try member(name)
        let value = bytes.span.jsonBool(slice)
        #expect(value == expected)
    }

    @Test func `finds a member whose name is escaped`() throws {
        let found = bytes.span.jsonMember("bb", of: object)
        let expected = try member("bb")
        #expect(found == expected)
    }

    @Test func `tells null from absent`() throws {
        let kind = bytes.span.jsonKind(try member("n"))
        let absent = bytes.span.jsonMember("absent", of: object)
        #expect(kind == .null)
        #expect(absent == nil)
    }

    @Test(
        arguments: [
            ("s", #"pl"ain\"#, true), ("s", "plain", false), ("e", "", true), ("a", "1", false),
            ("n", "null", false),
        ]
    )
    func `compares strings, escaped or not`(name: String, text: String, isEqual: Bool) throws {
        let slice = try member(name)
        let found = bytes.span.jsonString(slice, equals: Array(text.utf8).span)
        #expect(found == isEqual)
    }

    @Test func `compares strings with constants`() throws {
        let slice = try member("s")
        let isEqual = bytes.span.jsonString(slice, equals: #"pl"ain\"#)
        let isOther = bytes.span.jsonString(slice, equals: "plain")
        #expect(isEqual)
        #expect(!isOther)
    }

    @Test func `has the contents of a string only without escapes`() throws {
        let escaped = bytes.span.jsonPlainContents(try member("s"))
        let plain = bytes.span.jsonPlainContents(try member("e"))
        #expect(escaped == nil)
        #expect(plain?.isEmpty == true)
    }

    @Test(arguments: 0..<20)
    func `finds an escape wherever it is in a string`(position: Int) throws {
        var text = String(repeating: "x", count: 20)
        text.insert("\"", at: text.index(text.startIndex, offsetBy: position))
        let bytes = JSONValue.array([.string(text), 1]).encoded()
        var elements = JSONElements(bytes.indices)
        let next = elements.next(in: bytes.span)
        let slice = try #require(next)
        let plain = bytes.span.jsonPlainContents(slice)
        let decoded = bytes.span.jsonString(slice)
        #expect(plain == nil)
        #expect(decoded == text)
    }

    @Test func `builds the tree of a part`() throws {
        let value = JSONValue(validated: bytes.span, try member("bb"))
        #expect(value == ["x", ["y": "]}"], 3])
    }

    /// The value of a member, by walking, not by ``jsonMember(_:of:)``.
    private func member(_ name: String) throws -> Range<Int> {
        var members = JSONMembers(object)
        while let member = members.next(in: bytes.span) {
            if bytes.span.jsonString(member.name) == name { return member.value }
        }
        throw NoSuchMember(name: name)
    }

    private struct NoSuchMember: Error {
        var name: String
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: bytes[range], as: UTF8.self)
    }
}
