import JSONRPC
import Testing

@Suite("JSON writer")
struct JSONWriterTests {
    @Test func `sets commas and colons`() {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("a", 1)
        writer.name("b")
        writer.beginArray()
        writer.integer(-12)
        writer.beginObject()
        writer.endObject()
        writer.beginArray()
        writer.endArray()
        writer.null()
        writer.bool(true)
        writer.double(0.5)
        writer.unsigned(.max)
        writer.endArray()
        writer.member("c", ifPresent: nil as String?)
        writer.member("d", raw: Array("[1, 2]".utf8))
        writer.member("e", ["x", "y"])
        writer.endObject()
        let text = String(decoding: writer.takeBytes(), as: UTF8.self)
        #expect(
            text
                == #"{"a":1,"b":[-12,{},[],null,true,0.5,18446744073709551615],"d":[1, 2],"e":["x","y"]}"#
        )
    }

    @Test(
        arguments: [
            ("plain", #""plain""#), ("", #""""#), ("\"\\/", #""\"\\/""#),
            ("\u{8}\u{9}\u{A}\u{C}\u{D}", #""\b\t\n\f\r""#),
            ("\0\u{1}\u{F}\u{10}\u{1F}\u{7F}", "\"\\u0000\\u0001\\u000f\\u0010\\u001f\u{7F}\""),
            ("é\u{2028}漢🎉", "\"é\u{2028}漢🎉\""), ("tail\n", #""tail\n""#),
        ]
    )
    func `escapes what it must and nothing else`(text: String, expected: String) {
        #expect(JSONValue.string(text).encodedString == expected)
    }

    @Test func `reads back every scalar that a string may hold`() throws {
        var text = ""
        for value in 0...0x10FFFF as ClosedRange<UInt32> {
            if let scalar = Unicode.Scalar(value) { text.unicodeScalars.append(scalar) }
        }
        let read = try JSONValue(parsing: JSONValue.string(text).encoded())
        #expect(read.stringValue?.utf8.elementsEqual(text.utf8) == true)
    }

    @Test func `escapes what must be escaped wherever it is, and nothing else`() {
        for byte in UInt8(0)..<128 {
            let character = String(UnicodeScalar(byte))
            let escaped: String =
                switch character {
                case "\"": #"\""#
                case "\\": #"\\"#
                case "\n": #"\n"#
                case "\r": #"\r"#
                case "\t": #"\t"#
                case "\u{8}": #"\b"#
                case "\u{C}": #"\f"#
                case _ where byte < 0x20: #"\u00"# + (byte < 16 ? "0" : "1") + hex(byte % 16)
                default: character
                }
            for place in 0..<20 {
                let before =
                    String(repeating: "ä", count: place / 2)
                    + String(repeating: "z", count: place % 2)
                let after = String(repeating: "!", count: 17 - place % 17)
                var writer = JSONWriter()
                writer.string(before + character + after)
                let text = String(decoding: writer.takeBytes(), as: UTF8.self)
                #expect(text == "\"" + before + escaped + after + "\"")
            }
        }
    }

    private func hex(_ digit: UInt8) -> String { String(digit, radix: 16) }

    @Test(arguments: [Int.min, -10, -1, 0, 9, 10, 99, 1_234_567_890, Int.max])
    func `writes integers`(number: Int) {
        var writer = JSONWriter()
        writer.integer(number)
        #expect(String(decoding: writer.takeBytes(), as: UTF8.self) == "\(number)")
    }

    @Test func `writes names that are not known beforehand`() {
        var writer = JSONWriter()
        writer.beginObject()
        for name in ["plain", "with \"quotes\""] { writer.member(name, 1) }
        writer.endObject()
        let text = String(decoding: writer.takeBytes(), as: UTF8.self)
        #expect(text == #"{"plain":1,"with \"quotes\"":1}"#)
    }

    @Test func `continues bytes that it was given`() {
        var writer = JSONWriter(appendingTo: Array("data: ".utf8))
        writer.value(["a": nil])
        #expect(String(decoding: writer.takeBytes(), as: UTF8.self) == #"data: {"a":null}"#)
        writer.value(1)
        #expect(writer.takeBytes() == Array("1".utf8))
    }

    @Test(arguments: [Double.nan, .infinity])
    func `writes null for what is not finite`(value: Double) {
        var writer = JSONWriter()
        writer.double(value)
        #expect(writer.takeBytes() == Array("null".utf8))
    }
}
