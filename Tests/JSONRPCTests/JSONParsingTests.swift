import JSONRPC
import Testing

/// Accepted and refused texts in the manner of Nicolas Seriot's JSONTestSuite.
@Suite("JSON parsing, RFC 8259")
struct JSONParsingTests {
    @Test(arguments: JSONCorpus.accepted)
    func `accepts`(text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(try JSONValue(parsing: value.encoded()) == value)
    }

    @Test(arguments: JSONCorpus.rejected)
    func `refuses`(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason, at: offset)) { try JSONValue(parsing: text) }
    }

    @Test(arguments: JSONCorpus.rejectedBytes)
    func `refuses the bytes`(bytes: [UInt8], reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError(reason, at: offset)) { try JSONValue(parsing: bytes) }
    }

    /// The two examples of RFC 8259 §13.
    @Test func `reads the object of the RFC`() throws {
        let value = try JSONValue(
            parsing: """
                {
                  "Image": {
                      "Width":  800,
                      "Height": 600,
                      "Title":  "View from 15th Floor",
                      "Thumbnail": {
                          "Url":    "http://www.example.com/image/481989943",
                          "Height": 125,
                          "Width":  100
                      },
                      "Animated" : false,
                      "IDs": [116, 943, 234, 38793]
                    }
                }
                """
        )
        let image = try #require(value["Image"])
        #expect(image["Width"] == 800)
        #expect(image["Title"] == "View from 15th Floor")
        #expect(image["Thumbnail"]?["Url"] == "http://www.example.com/image/481989943")
        #expect(image["Animated"] == false)
        #expect(image["IDs"] == [116, 943, 234, 38793])
        #expect(
            image.objectValue?.members.map(\.name)
                == ["Width", "Height", "Title", "Thumbnail", "Animated", "IDs"]
        )
    }

    @Test func `reads the array of the RFC`() throws {
        let value = try JSONValue(
            parsing: """
                [
                  {
                     "precision": "zip",
                     "Latitude":  37.7668,
                     "Longitude": -122.3959,
                     "Address":   "",
                     "City":      "SAN FRANCISCO",
                     "State":     "CA",
                     "Zip":       "94107",
                     "Country":   "US"
                  },
                  {
                     "precision": "zip",
                     "Latitude":  37.371991,
                     "Longitude": -122.026020,
                     "Address":   "",
                     "City":      "SUNNYVALE",
                     "State":     "CA",
                     "Zip":       "94085",
                     "Country":   "US"
                  }
                ]
                """
        )
        let places = try #require(value.arrayValue)
        #expect(places.count == 2)
        #expect(places[0]["Longitude"] == .number(.literal("-122.3959")))
        #expect(places[1]["Longitude"] == .number(.literal("-122.026020")))
        #expect(places[1]["Address"] == "")
    }

    @Test(
        arguments: [
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u20AC\uD834\udd1e""#, "Aé€𝄞"),
            (#""a\u0000b""#, "a\0b"),
            (#""\uFFFF\uDBFF\uDFFF""#, "\u{FFFF}\u{10FFFF}"),
            (#""Ünïcödé 漢字 🎉 plain""#, "Ünïcödé 漢字 🎉 plain"),
        ] as [(String, String)]
    )
    func `unescapes`(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text) == .string(expected))
    }

    @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
    func `nests 64 levels and no more`(open: String, close: String) throws {
        func nested(_ depth: Int) -> String {
            String(repeating: open, count: depth - 1) + "[]"
                + String(repeating: close, count: depth - 1)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(64)) }
        #expect(throws: JSONError(.tooDeep, at: open.utf8.count * 64)) {
            try JSONValue(parsing: nested(65))
        }
    }

    @Test func `refuses depth 100,000 without descending`() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONError(.tooDeep, at: 64)) { try JSONValue(parsing: text) }
    }

    @Test(arguments: JSONCorpus.containers)
    func `refuses every truncation`(text: String) {
        let bytes = Array(text.utf8)
        for length in bytes.indices {
            #expect(throws: JSONError.self, "\(length) bytes of \(text)") {
                try JSONValue(parsing: Array(bytes[..<length]))
            }
        }
    }

    @Test func `says in words what is wrong`() {
        let error = #expect(throws: JSONError.self) { try JSONValue(parsing: #"{"a":  [1,]}"#) }
        #expect(error?.description == "expected a value at byte 10")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [16, 17, 100_000])
    func `finds a name given twice in an object of any size`(count: Int) throws {
        let members = (0..<count).map { #""name number \#($0)":0"# }
        let unique = "{" + members.joined(separator: ",") + "}"
        #expect(try JSONValue(parsing: unique).objectValue?.count == count)
        let twice = unique.dropLast() + #","name number \u0030":1}"#
        #expect(throws: JSONError.self) { try JSONValue(parsing: String(twice)) }
    }

    @Test func `errors at the second of two equal names`() {
        #expect(throws: JSONError(.duplicateName, at: 7)) {
            try JSONValue(parsing: #"{"a":1,"\u0061":2}"#)
        }
    }

    @Test func `keeps the names of nested objects apart`() throws {
        let value = try JSONValue(parsing: #"{"a":{"a":{"a":1},"b":2},"b":[{"a":3},{"a":4}]}"#)
        #expect(value["a"]?["a"]?["a"] == 1)
        #expect(value["b"] == [["a": 3], ["a": 4]])
    }
}
