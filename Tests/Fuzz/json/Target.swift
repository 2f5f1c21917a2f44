import JSONRPC

// Input: a JSON text.
//
// The scanner of messages and the tree accept the same texts and blame the same byte of others;
// what slices say is what the tree has; the writer's text reads back as the same tree.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    let bytes = Array(FuzzInput(data, size).rest)
    var scanner = MessageScanner()
    var failure: JSONError?
    do throws(JSONError) { try scanner.scan(bytes.span) } catch { failure = error }
    do throws(JSONError) {
        let value = try JSONValue(parsing: bytes)
        expect(failure == nil, "only the scanner refuses: \(String(describing: failure))")
        expect(String(validating: bytes, as: UTF8.self) != nil, "not UTF-8")
        let written = value.encoded()
        do throws(JSONError) {
            let again = try JSONValue(parsing: written)
            expectEqual(again, value, "written and read")
            expectEqual(again.encoded(), written, "written twice")
        } catch {
            fatalError("\(error) in \(String(decoding: written, as: UTF8.self))")
        }
        // The first byte of the only value: what precedes it is white space.
        if let start = bytes.firstIndex(where: { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
            var end = bytes.count
            while end > start, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[end - 1]) { end -= 1 }
            compare(value, start..<end, bytes)
        }
    } catch {
        expect(failure == error, "\(error), but the scanner: \(String(describing: failure))")
        expect(error.offset <= bytes.count, "\(error)")
        expect(scanner.items.isEmpty && scanner.itemCount == 0, "items of no JSON")
    }
    return 0
}

/// Walks over slices and tree side by side.
private func compare(_ value: JSONValue, _ slice: Range<Int>, _ bytes: [UInt8]) {
    let span = bytes.span
    expectEqual(JSONValue(validated: span, slice), value, "built from its slice")
    switch (span.jsonKind(slice), value) {
    case (.null, .null): break
    case (.true, .bool(true)), (.false, .bool(false)):
        expectEqual(span.jsonBool(slice), value.boolValue, "Boolean")
    case (.number, .number(let number)):
        expectEqual(span.jsonNumber(slice), number, "number")
        expectEqual(span.jsonInt(slice), number.intValue, "integer")
        expect(number.doubleValue.isFinite, "not finite")
        if let unsigned = span.jsonUInt64(slice), let int = number.intValue {
            expect(UInt64(exactly: int) == unsigned, "\(unsigned) and \(int)")
        }
    case (.string, .string(let text)):
        expectEqual(span.jsonString(slice), text, "string")
        expect(span.jsonString(slice, equals: Array(text.utf8).span), "a string unlike itself")
        if let plain = span.jsonPlainContents(slice) {
            expectEqual(String(decoding: bytes[plain], as: UTF8.self), text, "plain string")
        }
    case (.array, .array(let elements)):
        var slices = JSONElements(slice)
        for element in elements {
            guard let next = slices.next(in: span) else { fatalError("too few elements") }
            compare(element, next, bytes)
        }
        expect(slices.next(in: span) == nil, "too many elements")
    case (.object, .object(let object)):
        var slices = JSONMembers(slice)
        for member in object.members {
            guard let next = slices.next(in: span) else { fatalError("too few members") }
            expectEqual(span.jsonString(next.name), member.name, "name")
            compare(member.value, next.value, bytes)
        }
        expect(slices.next(in: span) == nil, "too many members")
        let names = Set(object.members.map { Array($0.name.utf8) })
        expect(names.count == object.count, "a name was given twice")
    default: fatalError("\(span.jsonKind(slice)) and \(value)")
    }
}
