/// Header fields in the order in which they were sent; names compare without regard to case.
package struct HTTPHeaders: Equatable, Sendable {
    package struct Field: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    package private(set) var fields: [Field]

    package init(_ fields: [(String, String)] = []) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
    }

    package mutating func append(_ name: String, _ value: String) {
        // A browser sends some 15 fields: growing by doubling would move them four times.
        if fields.isEmpty { fields.reserveCapacity(16) }
        fields.append(Field(name: name, value: value))
    }

    /// All values of fields called `name`, in order.
    package func values(of name: String) -> [String] {
        var values: [String] = []
        for field in fields where field.name.equalsIgnoringASCIICase(name) {
            values.append(field.value)
        }
        return values
    }

    /// The value of the only field called `name`; `nil` when there is none or more than one.
    package func single(_ name: String) -> String? {
        var value: String?
        for field in fields where field.name.equalsIgnoringASCIICase(name) {
            guard value == nil else { return nil }
            value = field.value
        }
        return value
    }

    /// Whether there is a field called `name`.
    package func contains(_ name: String) -> Bool {
        fields.contains { $0.name.equalsIgnoringASCIICase(name) }
    }

    /// Whether a comma-separated list field (RFC 9110 §5.6.1) holds `token` in any case.
    package func list(_ name: String, contains token: String) -> Bool {
        for field in fields where field.name.equalsIgnoringASCIICase(name) {
            // Most lists are of one element, and need not be taken apart.
            if field.value.equalsIgnoringASCIICase(token) { return true }
            for element in Self.elements(field.value)
            where element.equalsIgnoringASCIICase(token) {
                return true
            }
        }
        return false
    }

    /// The elements of a comma-separated list field, across repeated fields, without blanks.
    package func listElements(of name: String) -> [Substring] {
        values(of: name).flatMap(Self.elements)
    }

    private static func elements(_ value: String) -> [Substring] {
        value.utf8.split(separator: UInt8(ascii: ","))
            .map { Substring($0).trimmingHTTPWhitespace }
            .filter { !$0.isEmpty }
    }
}

extension String {
    package func equalsIgnoringASCIICase(_ other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        // Most clients write a name as its RFC does, which a comparison of words shows.
        return self == other || Substring(self).equalsIgnoringASCIICase(Substring(other))
    }
}

extension StringProtocol {
    package func equalsIgnoringASCIICase(_ other: some StringProtocol) -> Bool {
        utf8.count == other.utf8.count
            && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
    }
}

extension Substring {
    /// Without leading and trailing spaces and tabs (OWS of RFC 9110 §5.6.3).
    package var trimmingHTTPWhitespace: Substring {
        var rest = utf8.drop(while: \.isFieldBlank)
        while let last = rest.last, last.isFieldBlank { rest.removeLast() }
        return Substring(rest)
    }
}
