import JSONRPC

// What chooses: retriers, catchers and the rules of a choice.
extension DefinitionReader {
    mutating func retriers(_ value: JSONValue?, _ place: String) -> [Retrier] {
        list(value, place).enumerated().map { index, element in
            let place = "\(place)/\(index)"
            let object = element.objectValue ?? [:]
            allowOnly(
                [
                    "ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate",
                    "MaxDelaySeconds", "JitterStrategy", "Comment",
                ],
                in: object,
                place
            )
            var retrier = Retrier(errors: errors(object, place))
            if let seconds = positive(object["IntervalSeconds"], "\(place)/IntervalSeconds") {
                retrier.intervalSeconds = seconds
            }
            let attempts = "\(place)/MaxAttempts"
            if let number = integer(object["MaxAttempts"], attempts, in: 0...99_999_999) {
                retrier.maxAttempts = number
            }
            if let rate = object["BackoffRate"] {
                if let number = rate.doubleValue, (1...1_000).contains(number) {
                    retrier.backoffRate = number
                } else {
                    report("\(place)/BackoffRate", "must be a number from 1 to 1000")
                }
            }
            let delay = "\(place)/MaxDelaySeconds"
            retrier.maxDelaySeconds = integer(object["MaxDelaySeconds"], delay, in: 1...31_622_400)
            switch object["JitterStrategy"] {
            case nil, "NONE": break
            case "FULL": retrier.hasFullJitter = true
            default: report("\(place)/JitterStrategy", "must be FULL or NONE")
            }
            return retrier
        }
    }

    mutating func catchers(_ value: JSONValue?, _ place: String) -> [Catcher] {
        list(value, place).enumerated().map { index, element in
            let place = "\(place)/\(index)"
            let object = element.objectValue ?? [:]
            allowOnly(["ErrorEquals", "Next", "ResultPath", "Comment"], in: object, place)
            return Catcher(
                errors: errors(object, place),
                resultPath: resultPlace(object["ResultPath"], "\(place)/ResultPath"),
                next: string(object["Next"], "\(place)/Next", isRequired: true) ?? ""
            )
        }
    }

    private mutating func list(_ value: JSONValue?, _ place: String) -> [JSONValue] {
        guard let value else { return [] }
        guard let elements = value.arrayValue else {
            report(place, "must be an array")
            return []
        }
        for (index, element) in elements.enumerated() {
            if element.objectValue == nil { report("\(place)/\(index)", "must be an object") }
            let names = element["ErrorEquals"]?.arrayValue ?? []
            if names.contains("States.ALL"), names.count > 1 || index + 1 < elements.count {
                report("\(place)/\(index)/ErrorEquals", "States.ALL must be alone and in the last")
            }
        }
        return elements
    }

    private mutating func errors(_ object: JSONObject, _ place: String) -> [String] {
        let place = "\(place)/ErrorEquals"
        guard let elements = object["ErrorEquals"]?.arrayValue, !elements.isEmpty else {
            report(place, "must be an array with at least one name")
            return []
        }
        return elements.enumerated().compactMap { index, element in
            guard let name = string(element, "\(place)/\(index)", isRequired: true) else {
                return nil
            }
            if name.hasPrefix("States."), !WorkflowError.Name.reserved.contains(name) {
                report("\(place)/\(index)", "is '\(name.prefix(80))', which is no error")
            }
            return name
        }
    }

    mutating func choiceRule(_ value: JSONValue, _ place: String, isTop: Bool) -> ChoiceRule? {
        guard let object = value.objectValue else {
            report(place, "must be an object")
            return nil
        }
        if !isTop, object["Next"] != nil { report("\(place)/Next", "is allowed at the top only") }
        let conditions = object.members.filter {
            !["Next", "Variable", "Comment"].contains($0.name)
        }
        guard conditions.count == 1, let condition = conditions.first else {
            report(place, "must have one condition, and has \(conditions.count)")
            return nil
        }
        let inner = "\(place)/\(condition.name.asPointerToken)"
        switch condition.name {
        case "And": return .and(choiceRules(condition.value, inner))
        case "Or": return .or(choiceRules(condition.value, inner))
        case "Not":
            return choiceRule(condition.value, inner, isTop: false).map { .not($0) }
        default:
            let variable = requiredPath(object["Variable"], "\(place)/Variable")
            let test = choiceTest(condition.name, condition.value, inner)
            guard let variable, let test else { return nil }
            return .test(variable: variable, test)
        }
    }

    private mutating func choiceRules(_ value: JSONValue, _ place: String) -> [ChoiceRule] {
        guard let elements = value.arrayValue, !elements.isEmpty else {
            report(place, "must be an array with at least one rule")
            return []
        }
        return elements.enumerated().compactMap {
            choiceRule($0.element, "\(place)/\($0.offset)", isTop: false)
        }
    }

    private mutating func choiceTest(
        _ name: String,
        _ value: JSONValue,
        _ place: String
    ) -> ChoiceTest? {
        switch name {
        case "IsNull": return flag(value, place).map(ChoiceTest.isNull)
        case "IsPresent": return flag(value, place).map(ChoiceTest.isPresent)
        case "IsNumeric": return flag(value, place).map(ChoiceTest.isNumeric)
        case "IsString": return flag(value, place).map(ChoiceTest.isString)
        case "IsBoolean": return flag(value, place).map(ChoiceTest.isBoolean)
        case "IsTimestamp": return flag(value, place).map(ChoiceTest.isTimestamp)
        case "StringMatches":
            guard let text = string(value, place, isRequired: true) else { return nil }
            do throws(WorkflowProblem) {
                return .matches(try WildcardPattern(text))
            } catch {
                report(place, error.description)
                return nil
            }
        default:
            return comparison(name, value, place)
        }
    }

    private mutating func flag(_ value: JSONValue, _ place: String) -> Bool? {
        if value.boolValue == nil { report(place, "must be true or false") }
        return value.boolValue
    }

    /// `String`, `Numeric`, `Timestamp` or `Boolean`, then an order, then perhaps `Path`.
    private mutating func comparison(
        _ name: String,
        _ value: JSONValue,
        _ place: String
    ) -> ChoiceTest? {
        let isPath = name.hasSuffix("Path")
        let base = isPath ? String(name.dropLast(4)) : name
        let order = { (kind: String) in
            ChoiceTest.Order(rawValue: String(base.dropFirst(kind.count)))
        }
        if base.hasPrefix("String"), let order = order("String") {
            return operand(value, place, isPath, "a string") { $0.stringValue }
                .map { .strings(order, $0) }
        }
        if base.hasPrefix("Numeric"), let order = order("Numeric") {
            return operand(value, place, isPath, "a number") { $0.doubleValue }
                .map { .numbers(order, $0) }
        }
        if base.hasPrefix("Timestamp"), let order = order("Timestamp") {
            return operand(value, place, isPath, "a time such as 2026-01-31T12:00:00Z") {
                $0.stringValue.flatMap(WorkflowTime.seconds)
            }.map { .timestamps(order, $0) }
        }
        if base == "BooleanEquals" {
            return operand(value, place, isPath, "true or false") { $0.boolValue }
                .map(ChoiceTest.booleans)
        }
        report(place, "is no comparison")
        return nil
    }

    private mutating func operand<Value>(
        _ value: JSONValue,
        _ place: String,
        _ isPath: Bool,
        _ kind: String,
        _ read: (JSONValue) -> Value?
    ) -> ChoiceTest.Operand<Value>? {
        if isPath { return requiredPath(value, place).map { .path($0) } }
        guard let constant = read(value) else {
            report(place, "must be \(kind)")
            return nil
        }
        return .constant(constant)
    }
}
