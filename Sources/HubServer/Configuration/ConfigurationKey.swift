/// One thing that can be set: its name, what it may be, and where in the configuration it lives.
///
/// Parsing, `--print-config`, the help text and the documentation are all made from these.
package struct ConfigurationKey: Sendable {
    /// With dots, such as `limits.maxMessageBytes`.
    package let path: String
    /// What it is for; a sentence.
    package let summary: String
    package let kind: Kind
    /// An environment variable that sets it.
    package let variable: String?
    /// Puts a value of the right kind into its place, or says why it is none.
    let store: @Sendable (ConfigurationValue, inout HubConfiguration) throws(Refusal) -> Void
    let load: @Sendable (HubConfiguration) -> ConfigurationValue

    package enum Kind: Equatable, Sendable {
        case integer(ClosedRange<Int>, unit: Unit)
        case bool
        case text
        case choice([String])
        case list
        /// An object whose members have names of the operator's choice.
        case table
    }

    package enum Unit: String, Sendable {
        case bytes
        case milliseconds = "ms"
        case seconds = "s"
        case count = ""
        case perSecond = "per second"
    }

    /// Why a value was not taken; the part of the sentence after the key.
    struct Refusal: Error {
        let reason: String

        init(_ reason: String) {
            self.reason = reason
        }
    }

    /// The value of the key in `configuration`.
    package func value(in configuration: HubConfiguration) -> ConfigurationValue {
        load(configuration)
    }

    /// What a text, from the command line or the environment, means for this key; whether it is
    /// allowed is judged later.
    package func value(ofText text: String) -> ConfigurationValue {
        switch kind {
        case .integer: Int(text).map(ConfigurationValue.integer) ?? .string(text)
        case .bool:
            switch text {
            case "1", "true", "yes": .bool(true)
            case "0", "false", "no": .bool(false)
            default: .string(text)
            }
        case .text, .choice, .table: .string(text)
        case .list:
            .array(
                text.split(separator: ",", omittingEmptySubsequences: false)
                    .map { .string($0.trimmingSpaces) }
            )
        }
    }
}

extension ConfigurationKey {
    typealias Place<Value> = any WritableKeyPath<HubConfiguration, Value> & Sendable

    static func integer(
        _ path: String,
        _ place: Place<Int>,
        _ range: ClosedRange<Int>,
        _ unit: Unit,
        _ summary: String,
        variable: String? = nil
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .integer(range, unit: unit),
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                configuration[keyPath: place] = try value.integer(in: range)
            },
            load: { .integer($0[keyPath: place]) }
        )
    }

    static func bool(
        _ path: String,
        _ place: Place<Bool>,
        _ summary: String,
        variable: String? = nil
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .bool,
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                configuration[keyPath: place] = try value.flag()
            },
            load: { .bool($0[keyPath: place]) }
        )
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
        _ path: String,
        _ place: Place<Choice>,
        _ summary: String,
        variable: String? = nil
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .choice(Choice.allCases.map(\.rawValue)),
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                configuration[keyPath: place] = try value.choice()
            },
            load: { .string($0[keyPath: place].rawValue) }
        )
    }

    /// A name without control characters, of at most 256 bytes.
    static func text(
        _ path: String,
        _ place: Place<String>,
        mayBeEmpty: Bool,
        _ summary: String
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .text,
            variable: nil,
            store: { (value, configuration) throws(Refusal) in
                guard case .string(let text) = value else {
                    throw Refusal("expected a text, not \(value.description.printable)")
                }
                guard text.utf8.count <= 256, text.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
                else { throw Refusal("a name has at most 256 bytes and no control characters") }
                guard mayBeEmpty || !text.isEmpty else { throw Refusal("must not be empty") }
                configuration[keyPath: place] = text
            },
            load: { .string($0[keyPath: place]) }
        )
    }

    /// A folder or file; an empty text stands for the default.
    static func path(
        _ path: String,
        _ place: Place<String>,
        _ summary: String,
        variable: String? = nil
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .text,
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                guard case .string(let text) = value else {
                    throw Refusal("expected a path as text, not \(value.description.printable)")
                }
                // Who took the content for its file must not find it in the log.
                guard !text.contains("-----BEGIN") else {
                    throw Refusal("give the path of a file, not what is in it")
                }
                guard text.utf8.count < 4096, !text.utf8.contains(0) else {
                    throw Refusal("a path has at most 4095 bytes and no NUL")
                }
                configuration[keyPath: place] = text
            },
            load: { .string($0[keyPath: place]) }
        )
    }

    /// A list of texts that `read` understands.
    static func list<Element: CustomStringConvertible & SendableMetatype>(
        _ path: String,
        _ place: Place<[Element]>,
        mayBeEmpty: Bool,
        _ summary: String,
        variable: String? = nil,
        read: @escaping @Sendable (String) throws(Refusal) -> Element
    ) -> ConfigurationKey {
        ConfigurationKey(
            path: path,
            summary: summary,
            kind: .list,
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                guard case .array(let values) = value else {
                    throw Refusal("expected a list of texts, not \(value.description.printable)")
                }
                guard mayBeEmpty || !values.isEmpty else {
                    throw Refusal("the list must not be empty")
                }
                var elements: [Element] = []
                for value in values {
                    guard case .string(let text) = value else {
                        throw Refusal("expected texts, not \(value.description.printable)")
                    }
                    elements.append(try read(text))
                }
                configuration[keyPath: place] = elements
            },
            load: { .array($0[keyPath: place].map { .string($0.description) }) }
        )
    }
}

extension ConfigurationValue {
    /// A whole number in a range.
    func integer(in range: ClosedRange<Int>) throws(ConfigurationKey.Refusal) -> Int {
        guard case .integer(let number) = self else {
            throw ConfigurationKey.Refusal("expected a whole number, not \(description.printable)")
        }
        guard number >= range.lowerBound else {
            throw ConfigurationKey.Refusal("\(number) is below the minimum \(range.lowerBound)")
        }
        guard number <= range.upperBound else {
            throw ConfigurationKey.Refusal("\(number) is above the maximum \(range.upperBound)")
        }
        return number
    }

    func flag() throws(ConfigurationKey.Refusal) -> Bool {
        guard case .bool(let flag) = self else {
            throw ConfigurationKey.Refusal("expected true or false, not \(description.printable)")
        }
        return flag
    }

    /// One of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>()
        throws(ConfigurationKey.Refusal) -> Choice
    {
        guard case .string(let name) = self, let choice = Choice(rawValue: name) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw ConfigurationKey.Refusal("expected one of \(names), not \(description.printable)")
        }
        return choice
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
