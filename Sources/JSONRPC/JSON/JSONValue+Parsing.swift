extension JSONValue {
    /// Parses one JSON text.
    ///
    /// - Throws: ``JSONError`` for the first byte that breaks a rule of the dialect.
    package init(parsing bytes: Span<UInt8>) throws(JSONError) {
        var scanner = JSONScanner()
        let place = try scanner.scanDocument(bytes)
        self.init(validated: bytes, place)
    }

    package init(parsing bytes: [UInt8]) throws(JSONError) {
        try self.init(parsing: bytes.span)
    }

    package init(parsing text: String) throws(JSONError) {
        try self.init(parsing: Array(text.utf8).span)
    }

    /// Builds the tree of `slice`, a value of a text that was validated before.
    package init(validated bytes: Span<UInt8>, _ slice: Range<Int>) {
        var builder = JSONTreeBuilder(offset: slice.lowerBound)
        self = builder.value(bytes)
    }
}

/// Builds trees of bytes that ``JSONScanner`` has accepted; its recursion is bounded by that.
private struct JSONTreeBuilder {
    var offset: Int

    mutating func value(_ bytes: Span<UInt8>) -> JSONValue {
        let start = offset
        switch bytes.jsonKind(at: start) {
        case .object:
            return .object(object(bytes))
        case .array:
            return .array(array(bytes))
        case .string:
            return .string(string(bytes))
        case .number:
            offset = bytes.skippingScalar(from: start)
            return .number(JSONNumber(validated: bytes.extracting(start..<offset)))
        case .true, .false:
            offset = bytes.skippingScalar(from: start)
            return .bool(bytes[start] == UInt8(ascii: "t"))
        case .null:
            offset = bytes.skippingScalar(from: start)
            return .null
        }
    }

    private mutating func string(_ bytes: Span<UInt8>) -> String {
        let start = offset
        offset = bytes.skippingString(from: start)
        return bytes.decodedContents(start + 1..<offset - 1)
    }

    private mutating func array(_ bytes: Span<UInt8>) -> [JSONValue] {
        var elements: [JSONValue] = []
        offset = bytes.skippingWhitespace(from: offset + 1)
        while bytes[offset] != ASCII.rightBracket {
            elements.append(value(bytes))
            offset = bytes.skippingSeparators(from: offset)
        }
        offset += 1
        return elements
    }

    private mutating func object(_ bytes: Span<UInt8>) -> JSONObject {
        var members: [JSONObject.Member] = []
        offset = bytes.skippingWhitespace(from: offset + 1)
        while bytes[offset] != ASCII.rightBrace {
            let name = string(bytes)
            offset = bytes.skippingSeparators(from: offset)
            members.append(JSONObject.Member(name: name, value: value(bytes)))
            offset = bytes.skippingSeparators(from: offset)
        }
        offset += 1
        return JSONObject(uniqueMembers: members)
    }
}
