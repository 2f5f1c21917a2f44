// A name and its value in one call. An optional without a value leaves the member out.
extension JSONWriter {
    package mutating func member(_ name: String, _ value: String) {
        self.name(name)
        string(value)
    }

    package mutating func member(_ name: String, _ value: Int) {
        self.name(name)
        integer(value)
    }

    package mutating func member(_ name: String, _ value: UInt64) {
        self.name(name)
        unsigned(value)
    }

    package mutating func member(_ name: String, _ value: Double) {
        self.name(name)
        double(value)
    }

    package mutating func member(_ name: String, _ value: Bool) {
        self.name(name)
        bool(value)
    }

    package mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        self.value(value)
    }

    package mutating func member(_ name: String, _ value: JSONObject) {
        self.name(name)
        object(value)
    }

    package mutating func member(_ name: String, _ values: [String]) {
        self.name(name)
        beginArray()
        for value in values { string(value) }
        endArray()
    }

    package mutating func member(_ name: String, ifPresent value: String?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: String, ifPresent value: Int?) {
        if let value { member(name, value) }
    }

    package mutating func member(_ name: String, ifPresent value: JSONValue?) {
        if let value { member(name, value) }
    }

    /// A member whose value is JSON text already.
    package mutating func member(_ name: String, raw value: Span<UInt8>) {
        self.name(name)
        raw(value)
    }

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
