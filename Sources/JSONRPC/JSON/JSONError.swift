/// The first place at which a text stops being JSON as this project accepts it.
///
/// The dialect is RFC 8259 without its liberties: UTF-8 without a byte order mark, nesting of at
/// most 64, member names unique after unescaping, no lone surrogates, and no number beyond the
/// range of a `Double`.
package struct JSONError: Error, Equatable, Sendable {
    /// What is wrong, as a phrase for people.
    package enum Reason: String, Sendable {
        case unexpectedEnd = "unexpected end"
        case byteOrderMark = "unexpected byte order mark"
        case expectedValue = "expected a value"
        case expectedName = "expected a member name in quotes"
        case expectedColon = "expected a colon"
        case expectedCommaOrBracket = "expected a comma or a closing bracket"
        case expectedCommaOrBrace = "expected a comma or a closing brace"
        case trailingBytes = "expected nothing more after the value"
        case invalidNumber = "malformed number"
        case numberOutOfRange = "number beyond the range of a double"
        case controlCharacter = "unescaped control character in a string"
        case invalidEscape = "malformed escape in a string"
        case loneSurrogate = "lone surrogate in a string"
        case invalidUTF8 = "malformed UTF-8 in a string"
        case duplicateName = "member name given twice"
        case tooDeep = "nesting deeper than 64"
    }

    package var reason: Reason
    /// Distance in bytes from the start of the text.
    package var offset: Int

    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    /// `expected a value at byte 12`.
    package var description: String { "\(reason.rawValue) at byte \(offset)" }
}
