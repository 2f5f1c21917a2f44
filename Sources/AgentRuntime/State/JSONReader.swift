import JSONRPC

/// What is wrong with a record or a snapshot of ours: a defect, or a file somebody edited.
package struct StateDecodingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// JSON pointer to the value.
    package var path: String
    package var problem: String

    package var description: String { "\(path.isEmpty ? "the value" : path) \(problem)" }
}

/// Reads members of our own JSON and says which one is not as we wrote it.
struct JSONReader {
    let value: JSONValue
    let path: String

    init(_ value: JSONValue, path: String = "") {
        self.value = value
        self.path = path
    }

    init(parsing bytes: [UInt8]) throws(StateDecodingError) {
        do {
            value = try JSONValue(parsing: bytes)
            path = ""
        } catch {
            throw StateDecodingError(path: "", problem: "is not JSON: \(error)")
        }
    }

    func member(_ name: String) throws(StateDecodingError) -> JSONReader {
        guard let member = value[name] else { throw wrong(name, "is missing") }
        return JSONReader(member, path: "\(path)/\(name)")
    }

    func ifPresent<Value>(
        _ name: String,
        _ read: (JSONReader) throws(StateDecodingError) -> Value
    ) throws(StateDecodingError) -> Value? {
        guard let member = value[name] else { return nil }
        return try read(JSONReader(member, path: "\(path)/\(name)"))
    }

    func elements(_ name: String) throws(StateDecodingError) -> [JSONReader] {
        guard let elements = value[name]?.arrayValue else { throw wrong(name, "is not an array") }
        return elements.enumerated().map { index, element in
            JSONReader(element, path: "\(path)/\(name)/\(index)")
        }
    }

    func string(_ name: String) throws(StateDecodingError) -> String {
        guard let text = value[name]?.stringValue else { throw wrong(name, "is not a string") }
        return text
    }

    func integer(_ name: String) throws(StateDecodingError) -> Int {
        guard let number = value[name]?.intValue else { throw wrong(name, "is not an integer") }
        return number
    }

    func int64(_ name: String) throws(StateDecodingError) -> Int64 {
        Int64(try integer(name))
    }

    func unsigned(_ name: String) throws(StateDecodingError) -> UInt64 {
        switch value[name]?.numberValue {
        case .integer(let number) where number >= 0: return UInt64(number)
        case .unsigned(let number): return number
        default: throw wrong(name, "is not an unsigned integer")
        }
    }

    func bool(_ name: String) throws(StateDecodingError) -> Bool {
        guard let flag = value[name]?.boolValue else { throw wrong(name, "is not a Boolean") }
        return flag
    }

    func object(_ name: String) throws(StateDecodingError) -> JSONObject {
        guard let object = value[name]?.objectValue else { throw wrong(name, "is not an object") }
        return object
    }

    /// A member of any kind, as text.
    func text(_ name: String) throws(StateDecodingError) -> JSONText {
        JSONText(try member(name).value.encoded())
    }

    func timestamp(_ name: String) throws(StateDecodingError) -> Timestamp {
        try Timestamp(reading: member(name))
    }

    func choice<Choice: RawRepresentable<String>>(
        _ name: String
    ) throws(StateDecodingError) -> Choice {
        guard let choice = Choice(rawValue: try string(name)) else {
            throw wrong(name, "is not one of the known ones")
        }
        return choice
    }

    private func wrong(_ name: String, _ problem: String) -> StateDecodingError {
        StateDecodingError(path: "\(path)/\(name)", problem: problem)
    }
}
