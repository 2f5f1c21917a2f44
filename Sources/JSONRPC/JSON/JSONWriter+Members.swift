// A name and its value in one call. The name needs no escapes. An optional without a value leaves
// the member out.
extension JSONWriter {
    package mutating func member(_ name: StaticString, _ value: String) {
        self.name(name)
        string(value)
    }

    package mutating func member(_ name: StaticString, _ value: Int) {
        self.name(name)
        integer(value)
    }

    package mutating func member(_ name: StaticString, _ value: UInt64) {
        self.name(name)
        unsigned(value)
    }

    package mutating func member(_ name: StaticString, _ value: Double) {
        self.name(name)
        double(value)
    }

    package mutating func member(_ name: StaticString, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    package mutating func member(_ name: StaticString, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: StaticString, _ value: JSONObject) {
        self.name(name)
        object(value)
    }

    package mutating func member(_ name: StaticString, _ values: [String]) {
        self.name(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    package mutating func member(_ name: StaticString, ifPresent value: String?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: StaticString, ifPresent value: Int?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: StaticString, ifPresent value: JSONValue?) {
        if let value { member(name, value) }
    }

    /// A member whose value is JSON text already.
    package mutating func member(_ name: StaticString, raw value: Span<UInt8>) {
        self.name(name)
        raw(value)
    }

    package mutating func member(_ name: StaticString, raw value: [UInt8]) {
        self.name(name)
        raw(value)
    }
}

// The same with names that are not known beforehand; literals are names that need no escapes.
extension JSONWriter {
    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: UInt64) {
        self.name(name)
        unsigned(value)
    }

    @_disfavoredOverload
    package mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    @_disfavoredOverload
    package mutating func member(_ name: String, raw value: [UInt8]) {
        self.name(name)
        raw(value)
    }
}

extension JSONValue {
    /// The value as compact JSON text.
    package func encoded() -> [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.takeBytes()
    }

    package var encodedString: String { String(decoding: encoded(), as: UTF8.self) }
}
