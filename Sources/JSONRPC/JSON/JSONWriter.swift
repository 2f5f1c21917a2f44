/// Writes JSON text into bytes that it owns; commas and colons come by themselves.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.beginObject()
/// writer.member("channel", "tasks")
/// writer.name("events")
/// writer.beginArray()
/// …
/// writer.endArray()
/// writer.endObject()
/// send(writer.takeBytes())
/// ```
/// Brackets must balance, which ``takeBytes()`` checks; that each value of an object has a name
/// is the caller's duty.
package struct JSONWriter: Sendable {
    package private(set) var bytes: [UInt8]
    /// Whether the next value or name follows another one in its container.
    private var needsComma = false
    private var depth = 0

    package init() {
        bytes = []
    }

    /// Continues `bytes`, which may hold anything; the text begins after it.
    package init(appendingTo bytes: consuming [UInt8]) {
        self.bytes = bytes
    }

    package init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Hands the bytes over and starts anew without any.
    package mutating func takeBytes() -> [UInt8] {
        precondition(depth == 0, "an object or array was not closed")
        needsComma = false
        let taken = bytes
        bytes = []
        return taken
    }

    package mutating func beginObject() { begin(ASCII.leftBrace) }
    package mutating func endObject() { end(ASCII.rightBrace) }
    package mutating func beginArray() { begin(ASCII.leftBracket) }
    package mutating func endArray() { end(ASCII.rightBracket) }

    /// Writes the name of the member whose value comes next; it needs no escapes.
    package mutating func name(_ name: StaticString) {
        separate()
        bytes.append(ASCII.quote)
        bytes.append(ascii: name)
        bytes.append(ASCII.quote)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    /// Writes a name that is not known beforehand.
    @_disfavoredOverload  // A literal is a name that needs no escapes.
    package mutating func name(_ name: String) {
        separate()
        bytes.appendQuoted(name)
        bytes.append(ASCII.colon)
        needsComma = false
    }

    package mutating func null() { literal("null") }

    package mutating func bool(_ value: Bool) { literal(value ? "true" : "false") }

    package mutating func integer(_ value: Int) {
        separate()
        bytes.appendDecimal(value)
    }

    package mutating func unsigned(_ value: UInt64) {
        separate()
        bytes.appendDecimal(value)
    }

    /// The shortest text that reads back as `value`; `null` when it is not finite.
    package mutating func double(_ value: Double) {
        guard value.isFinite else { return null() }
        separate()
        bytes.append(utf8: value.description)
    }

    package mutating func number(_ value: JSONNumber) {
        separate()
        bytes.append(utf8: value.text)
    }

    package mutating func string(_ value: String) {
        separate()
        bytes.appendQuoted(value)
    }

    /// Writes a string of what `append` adds to the bytes, which needs no escapes.
    package mutating func plainString(_ append: (inout [UInt8]) -> Void) {
        separate()
        bytes.append(ASCII.quote)
        append(&bytes)
        bytes.append(ASCII.quote)
    }

    /// Writes bytes that are a JSON value already.
    package mutating func raw(_ value: Span<UInt8>) {
        separate()
        bytes.append(span: value)
    }

    package mutating func raw(_ value: [UInt8]) {
        separate()
        bytes.append(contentsOf: value)
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let value): bool(value)
        case .number(let value): number(value)
        case .string(let value): string(value)
        case .array(let elements):
            beginArray()
            for element in elements { self.value(element) }
            endArray()
        case .object(let object): self.object(object)
        }
    }

    package mutating func object(_ object: JSONObject) {
        beginObject()
        for member in object.members {
            name(member.name)
            value(member.value)
        }
        endObject()
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        depth += 1
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        precondition(depth > 0, "more objects or arrays closed than opened")
        bytes.append(bracket)
        depth -= 1
        needsComma = true
    }

    private mutating func literal(_ text: StaticString) {
        separate()
        bytes.append(ascii: text)
    }

    @inline(__always)
    private mutating func separate() {
        if needsComma { bytes.append(ASCII.comma) }
        needsComma = true
    }
}
