import JSONRPC

/// The condition of one rule of a `Choice` state.
indirect enum ChoiceRule: Hashable, Sendable {
    case and([ChoiceRule])
    case or([ChoiceRule])
    case not(ChoiceRule)
    case test(variable: DataPath, ChoiceTest)
}

/// One comparison: which kind of values it is about, what it asks, and what with.
enum ChoiceTest: Hashable, Sendable {
    case strings(Order, Operand<String>)
    case numbers(Order, Operand<Double>)
    case timestamps(Order, Operand<Double>)
    case booleans(Operand<Bool>)
    case matches(WildcardPattern)
    case isNull(Bool)
    case isPresent(Bool)
    case isNumeric(Bool)
    case isString(Bool)
    case isBoolean(Bool)
    case isTimestamp(Bool)

    enum Order: String, CaseIterable, Sendable {
        case equals = "Equals"
        case lessThan = "LessThan"
        case greaterThan = "GreaterThan"
        case lessThanEquals = "LessThanEquals"
        case greaterThanEquals = "GreaterThanEquals"

        func holds<Value: Comparable>(_ one: Value, _ other: Value) -> Bool {
            switch self {
            case .equals: one == other
            case .lessThan: one < other
            case .greaterThan: one > other
            case .lessThanEquals: one <= other
            case .greaterThanEquals: one >= other
            }
        }
    }

    enum Operand<Value: Hashable & Sendable>: Hashable, Sendable {
        case constant(Value)
        case path(DataPath)
    }
}

/// A text in which `*` stands for any characters; `\*` and `\\` for the characters themselves.
struct WildcardPattern: Hashable, Sendable {
    /// The texts between the stars.
    private let parts: [[UInt8]]

    init(_ text: String) throws(WorkflowProblem) {
        var parts: [[UInt8]] = [[]]
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.popFirst() {
            switch byte {
            case UInt8(ascii: "*"):
                parts.append([])
            case UInt8(ascii: "\\"):
                guard let escaped = bytes.popFirst(),
                    escaped == byte || escaped == UInt8(ascii: "*")
                else { throw WorkflowProblem("has a '\\' before something other than * and \\") }
                parts[parts.count - 1].append(escaped)
            default:
                parts[parts.count - 1].append(byte)
            }
        }
        self.parts = parts
    }

    /// Takes the leftmost place for each part, which is enough; O(text × pattern) at most.
    func matches(_ text: String) -> Bool {
        var rest = Array(text.utf8)[...]
        guard parts.count > 1, let first = parts.first, let last = parts.last else {
            return rest.elementsEqual(parts.first ?? [])
        }
        guard rest.starts(with: first) else { return false }
        rest = rest.dropFirst(first.count)
        guard rest.count >= last.count, rest.suffix(last.count).elementsEqual(last) else {
            return false
        }
        rest = rest.dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }
}

extension ChoiceRule {
    /// Whether the rule holds.
    ///
    /// - Throws: `States.Runtime` when a variable that is compared is not there.
    func holds(_ data: TemplateData) throws(WorkflowError) -> Bool {
        switch self {
        case .and(let rules):
            for rule in rules where try !rule.holds(data) { return false }
            return true
        case .or(let rules):
            for rule in rules where try rule.holds(data) { return true }
            return false
        case .not(let rule):
            return try !rule.holds(data)
        case .test(let variable, let test):
            let value = variable.value(in: variable.isOfContext ? data.context : data.input)
            if case .isPresent(let expected) = test { return (value != nil) == expected }
            guard let value else {
                throw .runtime("the variable \(variable.text) of a choice is not there")
            }
            return try test.holds(value, data)
        }
    }
}

extension ChoiceTest {
    /// Values of another kind fail a comparison.
    fileprivate func holds(_ value: JSONValue, _ data: TemplateData) throws(WorkflowError) -> Bool {
        switch self {
        case .strings(let order, let operand):
            guard let one = value.stringValue,
                let other = try operand.value(data, { $0.stringValue })
            else { return false }
            // By code points, as in other implementations: `<` of strings goes by meaning.
            return order.holds(Scalars(one), Scalars(other))
        case .numbers(let order, let operand):
            guard let one = value.doubleValue,
                let other = try operand.value(data, { $0.doubleValue })
            else { return false }
            return order.holds(one, other)
        case .timestamps(let order, let operand):
            guard let one = value.stringValue.flatMap(WorkflowTime.seconds),
                let other = try operand.value(
                    data,
                    { $0.stringValue.flatMap(WorkflowTime.seconds) }
                )
            else { return false }
            return order.holds(one, other)
        case .booleans(let operand):
            guard let one = value.boolValue, let other = try operand.value(data, { $0.boolValue })
            else { return false }
            return one == other
        case .matches(let pattern):
            return value.stringValue.map(pattern.matches) ?? false
        case .isNull(let expected): return value.isNull == expected
        case .isPresent(let expected): return expected
        case .isNumeric(let expected): return (value.numberValue != nil) == expected
        case .isString(let expected): return (value.stringValue != nil) == expected
        case .isBoolean(let expected): return (value.boolValue != nil) == expected
        case .isTimestamp(let expected):
            return (value.stringValue.flatMap(WorkflowTime.seconds) != nil) == expected
        }
    }

    private struct Scalars: Comparable {
        let text: String

        init(_ text: String) { self.text = text }

        static func == (one: Scalars, other: Scalars) -> Bool {
            one.text.utf8.elementsEqual(other.text.utf8)
        }

        static func < (one: Scalars, other: Scalars) -> Bool {
            one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
        }
    }
}

extension ChoiceTest.Operand {
    fileprivate func value(
        _ data: TemplateData,
        _ read: (JSONValue) -> Value?
    ) throws(WorkflowError) -> Value? {
        switch self {
        case .constant(let value):
            return value
        case .path(let path):
            guard let value = path.value(in: path.isOfContext ? data.context : data.input) else {
                throw .runtime("the path \(path.text) of a choice finds nothing")
            }
            return read(value)
        }
    }
}
