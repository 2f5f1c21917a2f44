/// What a JSON value is, as its first byte tells.
package enum JSONKind: Sendable {
    case object, array, string, number, `true`, `false`, null
}

// Reads parts of a text that was validated, without building a tree. A slice is the range of a
// whole value in that text, quotes and brackets included; a slice of anything else is a mistake
// of the caller, which traps or yields nonsense but never leaves the bounds of the span.
extension Span<UInt8> {
    package func jsonKind(_ slice: Range<Int>) -> JSONKind {
        jsonKind(at: slice.lowerBound)
    }

    func jsonKind(at offset: Int) -> JSONKind {
        switch self[offset] {
        case ASCII.leftBrace: .object
        case ASCII.leftBracket: .array
        case ASCII.quote: .string
        case UInt8(ascii: "t"): .true
        case UInt8(ascii: "f"): .false
        case UInt8(ascii: "n"): .null
        default: .number
        }
    }

    /// The value of the member `name` of an object; `nil` when `object` has none or is none.
    ///
    /// Allocates nothing. O(bytes of the object).
    package func jsonMember(_ name: StaticString, of object: Range<Int>) -> Range<Int>? {
        guard jsonKind(object) == .object else { return nil }
        var members = JSONMembers(object)
        while let member = members.next(in: self) {
            if jsonString(member.name, equals: name) { return member.value }
        }
        return nil
    }

    /// The text of a string; `nil` when `slice` is none.
    package func jsonString(_ slice: Range<Int>) -> String? {
        guard jsonKind(slice) == .string else { return nil }
        return decodedContents(slice.lowerBound + 1..<slice.upperBound - 1)
    }

    /// What is between the quotes of a string without escapes, which is then its UTF-8 text;
    /// `nil` for a string with escapes and for other values.
    package func jsonPlainContents(_ slice: Range<Int>) -> Range<Int>? {
        guard jsonKind(slice) == .string else { return nil }
        let contents = slice.lowerBound + 1..<slice.upperBound - 1
        return hasEscapes(contents) ? nil : contents
    }

    /// Whether `slice` is a string with this text, escaped or not.
    package func jsonString(_ slice: Range<Int>, equals text: StaticString) -> Bool {
        guard jsonKind(slice) == .string else { return false }
        let length = text.utf8CodeUnitCount
        if slice.count == length + 2, matches(text, at: slice.lowerBound + 1) { return true }
        // An escape is longer than what it stands for.
        guard slice.count > length + 2, hasEscapes(slice) else { return false }
        return decodedContents(slice.lowerBound + 1..<slice.upperBound - 1) == text.description
    }

    /// Whether `slice` is a string with this UTF-8 text, escaped or not.
    package func jsonString(_ slice: Range<Int>, equals text: Span<UInt8>) -> Bool {
        guard jsonKind(slice) == .string else { return false }
        let contents = slice.lowerBound + 1..<slice.upperBound - 1
        guard hasEscapes(contents) else { return isEqual(contents, text) }
        var unescaped: [UInt8] = []
        unescaped.appendUnescaped(contents, of: self)
        return unescaped.span.isEqual(0..<unescaped.count, text)
    }

    /// The integer that `slice` is exactly, however it is written; `nil` otherwise.
    package func jsonInt(_ slice: Range<Int>) -> Int? {
        jsonNumber(slice)?.intValue
    }

    /// The non-negative integer that `slice` is exactly; `nil` otherwise.
    package func jsonUInt64(_ slice: Range<Int>) -> UInt64? {
        switch jsonNumber(slice) {
        case .integer(let value): UInt64(exactly: value)
        case .unsigned(let value): value
        case .literal(let text): JSONNumber.literal(text).intValue.flatMap(UInt64.init(exactly:))
        case nil: nil
        }
    }

    package func jsonBool(_ slice: Range<Int>) -> Bool? {
        switch jsonKind(slice) {
        case .true: true
        case .false: false
        case .object, .array, .string, .number, .null: nil
        }
    }

    package func jsonNumber(_ slice: Range<Int>) -> JSONNumber? {
        guard jsonKind(slice) == .number else { return nil }
        return JSONNumber(validated: extracting(slice))
    }
}

/// Walks over the members of an object in a validated text.
package struct JSONMembers: Sendable {
    private var offset: Int

    /// Starts at the first member of `object`, the slice of a whole object.
    package init(_ object: Range<Int>) {
        offset = object.lowerBound + 1
    }

    /// The next member's name, in its quotes, and value; `nil` after the last.
    package mutating func next(
        in bytes: Span<UInt8>
    ) -> (name: Range<Int>, value: Range<Int>)? {
        let name = bytes.skippingSeparators(from: offset)
        guard bytes[name] != ASCII.rightBrace else { return nil }
        let nameEnd = bytes.skippingString(from: name)
        let value = bytes.skippingSeparators(from: nameEnd)
        offset = bytes.skippingValue(from: value)
        return (name..<nameEnd, value..<offset)
    }
}

/// Walks over the elements of an array in a validated text.
package struct JSONElements: Sendable {
    private var offset: Int

    /// Starts at the first element of `array`, the slice of a whole array.
    package init(_ array: Range<Int>) {
        offset = array.lowerBound + 1
    }

    /// The next element; `nil` after the last.
    package mutating func next(in bytes: Span<UInt8>) -> Range<Int>? {
        let value = bytes.skippingSeparators(from: offset)
        guard bytes[value] != ASCII.rightBracket else { return nil }
        offset = bytes.skippingValue(from: value)
        return value..<offset
    }
}
