import JSONRPC
import Journal

/// What is wrong with a record or a snapshot of ours: a defect, or a file somebody edited.
package struct StateDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer to the value.
    package var path: String
    package var problem: String

    package var description: String { "\(path.isEmpty ? "the value" : path) \(problem)" }
}

/// Reads members of our own JSON and says which one is not as we wrote it.
struct JSONReader {
    private let bytes: [UInt8]
    private let entries: [JSONDocument.Entry]
    /// The value, and which entries are within it.
    private let slice: Range<Int>
    private let range: Range<Int>

    init(
        _ bytes: [UInt8],
        _ entries: [JSONDocument.Entry],
        _ slice: Range<Int>,
        within range: Range<Int>
    ) {
        self.bytes = bytes
        self.entries = entries
        self.slice = slice
        self.range = range
    }

    init(parsing bytes: [UInt8]) throws(StateDecodingError) {
        var document = JSONDocument()
        self = try document.read(bytes)
    }

    /// An object without members.
    static let empty = JSONReader(Array("{}".utf8), [], 0..<2, within: 0..<0)

    /// JSON pointer to the value.
    var path: String {
        var path = ""
        var index = 0
        var place = 0
        while index < entries.count, entries[index].value != slice {
            let entry = entries[index]
            if entry.value.contains(slice.lowerBound) {
                path += "/\(name(of: entry) ?? String(place))"
                index += 1
                place = 0
            } else {
                index = entry.end
                place += 1
            }
        }
        guard index < entries.count else { return path }
        return path + "/\(name(of: entries[index]) ?? String(place))"
    }

    private func name(of entry: JSONDocument.Entry) -> String? {
        entry.name.lowerBound == 0 ? nil : String(decoding: bytes[entry.name], as: UTF8.self)
    }

    /// The text of the value.
    var json: [UInt8] { Array(bytes[slice]) }

    /// The value, if it is a string.
    var stringValue: String? { bytes.span.jsonString(slice) }

    func has(_ name: StaticString) -> Bool { place(name) != nil }

    /// The bytes that a member's value takes.
    func size(of name: StaticString) -> Int { place(name)?.count ?? 0 }

    func member(_ name: StaticString) throws(StateDecodingError) -> JSONReader {
        guard let member = reader(name) else { throw wrong(name, "is missing") }
        return member
    }

    func ifPresent<Value>(
        _ name: StaticString,
        _ read: (JSONReader) throws(StateDecodingError) -> Value
    ) throws(StateDecodingError) -> Value? {
        guard let member = reader(name) else { return nil }
        return try read(member)
    }

    func elements(_ name: StaticString) throws(StateDecodingError) -> [JSONReader] {
        guard let array = reader(name), bytes[array.slice.lowerBound] == UInt8(ascii: "[") else {
            throw wrong(name, "is not an array")
        }
        var readers: [JSONReader] = []
        var index = array.range.lowerBound
        while index < array.range.upperBound {
            readers.append(reader(at: index))
            index = entries[index].end
        }
        return readers
    }

    func string(_ name: StaticString) throws(StateDecodingError) -> String {
        guard let text = optionalString(name) else { throw wrong(name, "is not a string") }
        return text
    }

    /// A string that may be missing; what is none counts as missing.
    func optionalString(_ name: StaticString) -> String? {
        guard let place = place(name) else { return nil }
        return bytes.span.jsonString(place)
    }

    func integer(_ name: StaticString) throws(StateDecodingError) -> Int {
        guard let place = place(name), let number = bytes.span.jsonInt(place) else {
            throw wrong(name, "is not an integer")
        }
        return number
    }

    func int64(_ name: StaticString) throws(StateDecodingError) -> Int64 {
        Int64(try integer(name))
    }

    func unsigned(_ name: StaticString) throws(StateDecodingError) -> UInt64 {
        guard let place = place(name), let number = bytes.span.jsonUInt64(place) else {
            throw wrong(name, "is not an unsigned integer")
        }
        return number
    }

    func unsignedElements(_ name: StaticString) throws(StateDecodingError) -> [UInt64] {
        var numbers: [UInt64] = []
        for element in try elements(name) {
            guard let number = bytes.span.jsonUInt64(element.slice) else {
                throw wrong(name, "has an element that is not an unsigned integer")
            }
            numbers.append(number)
        }
        return numbers
    }

    func bool(_ name: StaticString) throws(StateDecodingError) -> Bool {
        guard let place = place(name), let flag = bytes.span.jsonBool(place) else {
            throw wrong(name, "is not a Boolean")
        }
        return flag
    }

    func object(_ name: StaticString) throws(StateDecodingError) -> JSONObject {
        guard let place = place(name),
            let object = JSONValue(validated: bytes.span, place).objectValue
        else { throw wrong(name, "is not an object") }
        return object
    }

    /// A member of any kind, as it is written.
    func text(_ name: StaticString) throws(StateDecodingError) -> JSONText {
        guard let text = optionalText(name) else { throw wrong(name, "is missing") }
        return text
    }

    func optionalText(_ name: StaticString) -> JSONText? {
        place(name).map { JSONText(Array(bytes[$0])) }
    }

    func timestamp(_ name: StaticString) throws(StateDecodingError) -> Timestamp {
        guard let moment = try optionalTimestamp(name) else { throw wrong(name, "is missing") }
        return moment
    }

    func optionalTimestamp(_ name: StaticString) throws(StateDecodingError) -> Timestamp? {
        guard let place = place(name) else { return nil }
        let span = bytes.span
        // As we write it, it needs no string.
        if let contents = span.jsonPlainContents(place),
            let milliseconds = RFC3339.milliseconds(of: span.extracting(contents))
        {
            return Timestamp(millisecondsSince1970: milliseconds)
        }
        guard let text = span.jsonString(place), let moment = Timestamp(text) else {
            throw wrong(name, "is not an RFC 3339 time")
        }
        return moment
    }

    func choice<Choice: RawRepresentable<String>>(
        _ name: StaticString
    ) throws(StateDecodingError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else {
            throw wrong(name, "is not one of the known ones")
        }
        return choice
    }

    private func place(_ name: StaticString) -> Range<Int>? {
        entries.find(name, in: bytes, among: range).map { entries[$0].value }
    }

    private func reader(_ name: StaticString) -> JSONReader? {
        entries.find(name, in: bytes, among: range).map(reader(at:))
    }

    private func reader(at index: Int) -> JSONReader {
        let entry = entries[index]
        return JSONReader(bytes, entries, entry.value, within: index + 1..<entry.end)
    }

    private func wrong(_ name: StaticString, _ problem: String) -> StateDecodingError {
        StateDecodingError(path: "\(path)/\(name)", problem: problem)
    }
}
