/// One element of a `Sec-WebSocket-Extensions` field (RFC 6455 §9.1).
struct ExtensionElement: Equatable, Sendable {
    struct Parameter: Equatable, Sendable {
        var name: String
        var value: String?
    }

    var name: String
    var parameters: [Parameter] = []

    /// Reads the elements of all fields of that name, in order.
    ///
    /// - Returns: `nil` when a field breaks the grammar: `token *( ";" token [ "=" value ] )`,
    ///   separated by commas, where a value is a token or a quoted string that spells one.
    static func parse(_ fields: [String]) -> [ExtensionElement]? {
        var elements: [ExtensionElement] = []
        for field in fields {
            var reader = ExtensionReader(rest: Array(field.utf8)[...])
            while true {
                // A list may have empty elements (RFC 9110 §5.6.1.2).
                while reader.skip(",") {}
                if reader.reachesEnd() { break }
                guard let element = reader.readElement() else { return nil }
                elements.append(element)
                guard reader.reachesEnd() || reader.skip(",") else { return nil }
            }
        }
        return elements
    }
}

/// A cursor over the bytes of one field.
private struct ExtensionReader {
    var rest: ArraySlice<UInt8>

    /// Steps over blanks and tells whether nothing follows them.
    mutating func reachesEnd() -> Bool {
        skipBlanks()
        return rest.isEmpty
    }

    /// Steps over `character` and the blanks before it, if it comes next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        skipBlanks()
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }

    mutating func readElement() -> ExtensionElement? {
        guard let name = readToken() else { return nil }
        var element = ExtensionElement(name: name)
        while skip(";") {
            guard let name = readToken() else { return nil }
            var parameter = ExtensionElement.Parameter(name: name)
            if skip("=") {
                guard let value = readValue() else { return nil }
                parameter.value = value
            }
            element.parameters.append(parameter)
        }
        return element
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }

    private mutating func readToken() -> String? {
        skipBlanks()
        let token = rest.prefix(while: \.isTokenCharacter)
        rest = rest.dropFirst(token.count)
        return token.isEmpty ? nil : String(decoding: token, as: UTF8.self)
    }

    private mutating func readValue() -> String? {
        guard skip("\"") else { return readToken() }
        var value: [UInt8] = []
        while var byte = rest.popFirst() {
            if byte == UInt8(ascii: "\"") {
                return value.isEmpty ? nil : String(decoding: value, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                guard let escaped = rest.popFirst() else { return nil }
                byte = escaped
            }
            guard byte.isTokenCharacter else { return nil }
            value.append(byte)
        }
        return nil
    }
}

extension StringProtocol {
    /// Whether it is a token of RFC 9110 §5.6.2.
    var isHTTPToken: Bool { !isEmpty && utf8.allSatisfy(\.isTokenCharacter) }
}

extension UInt8 {
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
