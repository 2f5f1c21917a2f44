import JSONRPC

// How rules and values are told to people.
extension NumberRule {
    /// Whether `number` is within the bounds.
    func contains(_ number: JSONNumber) -> Bool {
        (minimum.map { $0.isBelow(number) } ?? true)
            && (maximum.map { $0.isAbove(number) } ?? true)
    }

    /// `a number between 0 and 1`.
    var rangeForPeople: String {
        switch (minimum, maximum) {
        case (nil, nil): noun
        case (let minimum?, nil): "\(noun) \(minimum.text("above", "of at least"))"
        case (nil, let maximum?): "\(noun) \(maximum.text("below", "of at most"))"
        case (let minimum?, let maximum?) where !minimum.isExclusive && !maximum.isExclusive:
            "\(noun) between \(minimum.number.text) and \(maximum.number.text)"
        case (let minimum?, let maximum?):
            "\(noun) \(minimum.text("above", "of at least")) and "
                + maximum.text("below", "at most")
        }
    }
}

extension NumberRule.Bound {
    fileprivate func text(_ exclusive: String, _ inclusive: String) -> String {
        "\(isExclusive ? exclusive : inclusive) \(number.text)"
    }

    /// Whether `number` respects this bound as its minimum.
    fileprivate func isBelow(_ number: JSONNumber) -> Bool {
        if case (.integer(let bound), .integer(let value)) = (self.number, number) {
            return isExclusive ? bound < value : bound <= value
        }
        let value = DecimalNumber(number)
        return isExclusive ? decimal < value : decimal <= value
    }

    /// Whether `number` respects this bound as its maximum.
    fileprivate func isAbove(_ number: JSONNumber) -> Bool {
        if case (.integer(let bound), .integer(let value)) = (self.number, number) {
            return isExclusive ? bound > value : bound >= value
        }
        let value = DecimalNumber(number)
        return isExclusive ? decimal > value : decimal >= value
    }
}

extension SizeRule {
    /// `at least 1 element`, `between 2 and 5 elements`.
    func text(_ singular: String, _ plural: String) -> String {
        switch (minimum, maximum) {
        case (_, .max): "at least \(minimum) \(minimum == 1 ? singular : plural)"
        case (0, _): "at most \(maximum) \(maximum == 1 ? singular : plural)"
        case (maximum, _): "\(maximum) \(maximum == 1 ? singular : plural)"
        default: "between \(minimum) and \(maximum) \(plural)"
        }
    }
}

extension JSONValue {
    /// What a value of a wrong type is; numbers as themselves, as they may just not be integers.
    var kindForPeople: String {
        switch self {
        case .null: "null"
        case .bool(let value): value ? "true" : "false"
        case .number(let number): number.text.abbreviated
        case .string: "a string"
        case .array: "an array"
        case .object: "an object"
        }
    }

    /// The value itself when it is short enough to read.
    var summary: String {
        switch self {
        case .null, .bool, .number, .array, .object: kindForPeople
        case .string(let text): JSONValue.string(text.abbreviated).encodedString
        }
    }
}

extension String {
    /// At most 40 characters of the text, with a sign that there are more.
    var abbreviated: String {
        // Never count a text that may be long: 161 bytes are more than 40 scalars.
        if utf8.count <= 40 || utf8.count <= 160 && unicodeScalars.count <= 40 { return self }
        return String(unicodeScalars.prefix(40)) + "…"
    }
}
