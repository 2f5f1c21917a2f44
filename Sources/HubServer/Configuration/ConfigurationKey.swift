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
        case .text, .choice: .string(text)
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
                guard case .integer(let number) = value else {
                    throw Refusal("expected a whole number, not \(value.description.printable)")
                }
                guard number >= range.lowerBound else {
                    throw Refusal("\(number) is below the minimum \(range.lowerBound)")
                }
                guard number <= range.upperBound else {
                    throw Refusal("\(number) is above the maximum \(range.upperBound)")
                }
                configuration[keyPath: place] = number
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
                guard case .bool(let flag) = value else {
                    throw Refusal("expected true or false, not \(value.description.printable)")
                }
                configuration[keyPath: place] = flag
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
        let names = Choice.allCases.map(\.rawValue)
        return ConfigurationKey(
            path: path,
            summary: summary,
            kind: .choice(names),
            variable: variable,
            store: { (value, configuration) throws(Refusal) in
                guard case .string(let name) = value, let choice = Choice(rawValue: name) else {
                    let found = value.description.printable
                    throw Refusal("expected one of \(names.joined(separator: ", ")), not \(found)")
                }
                configuration[keyPath: place] = choice
            },
            load: { .string($0[keyPath: place].rawValue) }
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

extension Substring {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
