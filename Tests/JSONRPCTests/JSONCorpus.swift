import JSONRPC

enum JSONCorpus {
    static let accepted = [
        "[]", "[ ]", "{}", "{ }", "0", "-0", "1", "-1", "0.5", "-0.5", "1e2", "1E2", "1e+2", "1E-2",
        "1.5e10", "0e+1", "0e1", "20e1", "123.456e78", "-1.0", "1.7976931348623157e308", "5e-324",
        "1e-400", "0e999999999999999999999", "0.0000000000000000000000000000000000000001",
        "9223372036854775807", "-9223372036854775808", "18446744073709551615",
        "100000000000000000000000000000000000000000", "true", "false", "null", " null ",
        "\t\r\n [ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n", #""""#, #"" ""#, #""a""#, #""\u0000""#,
        #""\/""#, #""\\u0000""#, #""\"""#, #""\uD800\uDC00""#, #""\uDBFF\uDFFF""#, #""\u2028""#,
        "\"\u{2028}\u{2029}\"", "\"\u{7F}\"", "\"\u{FFFF}\"", "\"\u{10FFFF}\"", "\"\u{80}\"",
        "\"\u{D7FF}\u{E000}\"", "\"é€𝄞\"", #""new\u00A0line""#, #"["a","b"]"#, "[null,1,true]",
        "[[],[[]]]", #"{"a":[]}"#, #"{"":0}"#, #"{"a":1,"b":2}"#, #"{"a":{"a":1}}"#,
        #"{"A":1,"a":2}"#, #"{"a\u0000":1,"a":2}"#, #"{ "min" : -1.0e+28 , "max":1.0e+28 }"#,
        "{\"é\":1,\"e\u{301}\":2}", #"{"title":"\u041f\u043e\u043b\u0442\u043e\u0440\u0430"}"#,
        #""this string has more than sixteen plain bytes before \" and after""#,
    ]

    static let rejected: [(String, JSONError.Reason, Int)] = [
        ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("\u{FEFF}{}", .byteOrderMark, 0),
        // Values
        ("[1 true]", .expectedCommaOrBracket, 3), ("[a]", .expectedValue, 1),
        ("[1,]", .expectedValue, 3), ("[,1]", .expectedValue, 1), ("[1,,2]", .expectedValue, 3),
        ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
        ("[\"\",", .unexpectedEnd, 4), ("]", .expectedValue, 0), ("[]]", .trailingBytes, 2),
        ("[1}", .expectedCommaOrBracket, 2), ("1 2", .trailingBytes, 2), ("{}#", .trailingBytes, 2),
        ("nul", .expectedValue, 0), ("nulL", .expectedValue, 0), ("True", .expectedValue, 0),
        ("truE", .expectedValue, 0), ("nullx", .trailingBytes, 4), ("[fals]", .expectedValue, 1),
        ("<null>", .expectedValue, 0), ("'a'", .expectedValue, 0), ("// x", .expectedValue, 0),
        ("[1/**/]", .expectedCommaOrBracket, 2), ("\u{A0}1", .expectedValue, 0),
        ("\u{C}1", .expectedValue, 0), ("1\0", .trailingBytes, 1), ("undefined", .expectedValue, 0),
        // Numbers
        ("01", .invalidNumber, 0), ("-01", .invalidNumber, 1), ("00", .invalidNumber, 0),
        ("-", .unexpectedEnd, 1), ("- 1", .invalidNumber, 1), ("--1", .invalidNumber, 1),
        ("+1", .expectedValue, 0), (".5", .expectedValue, 0), ("-.5", .invalidNumber, 1),
        ("1.", .unexpectedEnd, 2), ("[1.]", .invalidNumber, 3), ("1.e1", .invalidNumber, 2),
        ("1e", .unexpectedEnd, 2), ("[1e]", .invalidNumber, 3), ("1e+", .unexpectedEnd, 3),
        ("[1e+-1]", .invalidNumber, 4), ("[1.5e1.5]", .expectedCommaOrBracket, 6),
        ("0x10", .trailingBytes, 1), ("1_000", .trailingBytes, 1), ("NaN", .expectedValue, 0),
        ("Infinity", .expectedValue, 0), ("-Infinity", .invalidNumber, 1),
        ("１", .expectedValue, 0), ("[1a]", .expectedCommaOrBracket, 2),
        ("1e400", .numberOutOfRange, 0), ("[-1e309]", .numberOutOfRange, 1),
        ("1.7976931348623159e308", .numberOutOfRange, 0), ("0.1e310", .numberOutOfRange, 0),
        ("1e99999999999999999999", .numberOutOfRange, 0),
        ("1" + String(repeating: "0", count: 309), .numberOutOfRange, 0),
        // Strings
        ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("[\"a]", .unexpectedEnd, 4),
        ("\"\n\"", .controlCharacter, 1), ("\"a\tb\"", .controlCharacter, 2),
        ("\"\0\"", .controlCharacter, 1), ("\"\u{1F}\"", .controlCharacter, 1),
        ("\"more than eight bytes\u{1}\"", .controlCharacter, 22),
        (#""\""#, .unexpectedEnd, 3), (#""\x00""#, .invalidEscape, 1),
        (#""\a""#, .invalidEscape, 1),
        (#""\'""#, .invalidEscape, 1), (#""\U0041""#, .invalidEscape, 1),
        (#""\u00A""#, .invalidEscape, 1), (#""\u00G0""#, .invalidEscape, 1),
        (#""\u+123""#, .invalidEscape, 1), (#""\"#, .invalidEscape, 1),
        (#""\uD800""#, .loneSurrogate, 1), (#""\uD800\n""#, .loneSurrogate, 1),
        (#""\uD800\u0041""#, .loneSurrogate, 1), (#""\uD800\uD800""#, .loneSurrogate, 1),
        (#""\uDC00""#, .loneSurrogate, 1), (#""a\uDFFF\uD800""#, .loneSurrogate, 2),
        (#""\uD83D\uDE0""#, .loneSurrogate, 1),
        // Objects
        ("{", .unexpectedEnd, 1), ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5),
        ("{\"a\":1", .unexpectedEnd, 6), ("{\"a\":1,}", .expectedName, 7),
        ("{,\"a\":1}", .expectedName, 1), ("{a:1}", .expectedName, 1), ("{1:1}", .expectedName, 1),
        ("{'a':1}", .expectedName, 1), ("{\"a\" 1}", .expectedColon, 5),
        ("{\"a\",1}", .expectedColon, 4), ("{\"a\"::1}", .expectedValue, 5),
        ("{\"a\":1 \"b\":2}", .expectedCommaOrBrace, 7), ("{\"a\":1]", .expectedCommaOrBrace, 6),
        ("{\"a\":1}}", .trailingBytes, 7), ("{\"a\":1,\"a\":1}", .duplicateName, 7),
        (#"{"a":1,"b":{},"\u0061":2}"#, .duplicateName, 14), (#"{"":1,"":1}"#, .duplicateName, 6),
        (#"{"a long name":1,"a long nam\u0065":1}"#, .duplicateName, 17),
    ]

    static let rejectedBytes: [([UInt8], JSONError.Reason, Int)] = [
        // UTF-16 and UTF-32, with and without a mark
        ([0x5B, 0x00, 0x5D, 0x00], .expectedValue, 1),
        ([0x00, 0x5B, 0x00, 0x5D], .expectedValue, 0),
        ([0xFF, 0xFE, 0x5B, 0x00], .expectedValue, 0),
        ([0xFE, 0xFF, 0x00, 0x5B], .expectedValue, 0),
        // A continuation byte alone, overlong forms, surrogates, beyond U+10FFFF, cut short
        ([0x22, 0x80, 0x22], .invalidUTF8, 1), ([0x22, 0xFF, 0x22], .invalidUTF8, 1),
        ([0x22, 0xC0, 0xAF, 0x22], .invalidUTF8, 1), ([0x22, 0xC1, 0xBF, 0x22], .invalidUTF8, 1),
        ([0x22, 0xE0, 0x9F, 0xBF, 0x22], .invalidUTF8, 1),
        ([0x22, 0xF0, 0x8F, 0xBF, 0xBF, 0x22], .invalidUTF8, 1),
        ([0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 1),
        ([0x22, 0xED, 0xBF, 0xBF, 0x22], .invalidUTF8, 1),
        ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], .invalidUTF8, 1),
        ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], .invalidUTF8, 1),
        ([0x22, 0xC3, 0x22], .invalidUTF8, 1), ([0x22, 0xE2, 0x82, 0x22], .invalidUTF8, 1),
        ([0x22, 0xF0, 0x9D, 0x84, 0x22], .invalidUTF8, 1), ([0x22, 0xC3], .invalidUTF8, 1),
        ([0x22, 0xC3, 0xA9, 0xE9, 0x22], .invalidUTF8, 3),
        ([0x5B, 0xE9, 0x5D], .expectedValue, 1),
    ]

    static let containers = [
        #"{"jsonrpc":"2.0","method":"subtract","params":{"subtrahend":23,"minuend":42},"id":3}"#,
        #"[{"a":[1,-2.5e+10,"x\u00e9\ud834\udd1e"],"b":{"c":null}},true,false,"Ünïcödé 漢字 🎉"]"#,
        #" [ [ ] , { } , "a\\" , { "k" : [ { } ] } ]"#,
    ]
}
