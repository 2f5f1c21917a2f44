import JSONRPC

/// Checks one value against a compiled schema and gathers what is wrong with it.
///
/// Recursion is bounded by the depth of the schema, which has no references.
struct SchemaValidator {
    private(set) var violations: [SchemaViolation] = []
    private var path = JSONPointer()
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    private var isFull: Bool { violations.count >= limit }

    mutating func check(_ value: JSONValue, against node: SchemaNode) {
        guard !isFull else { return }
        switch node {
        case .nothing:
            report("is not allowed")
        case .rules(let rules):
            for rule in rules {
                // What a value of another type lacks besides says nothing more.
                guard check(value, against: rule) else { return }
            }
        }
    }

    /// Returns `false` when the other rules of the schema are not worth a look.
    private mutating func check(_ value: JSONValue, against rule: SchemaNode.Rule) -> Bool {
        switch rule {
        case .type(let types):
            guard types.allows(value) else {
                report("must be \(types.noun), is \(value.kindForPeople)")
                return false
            }
        case .enumeration(let allowed):
            if !allowed.values.contains(CanonicalValue(value)) {
                let choice = allowed.values.count > 1 ? "one of " : ""
                report("must be \(choice)\(allowed.listing), is \(value.summary)")
            }
        case .number(let rule):
            if case .number(let number) = value { check(number, against: rule) }
        case .string(let size):
            if case .string(let text) = value { check(text, against: size) }
        case .array(let rule):
            if case .array(let elements) = value { check(elements, against: rule) }
        case .object(let rule):
            if case .object(let object) = value { check(object, against: rule) }
        case .allOf(let nodes):
            for node in nodes { check(value, against: node) }
        case .anyOf(let nodes):
            checkAlternatives(value, nodes)
        case .oneOf(let nodes):
            let matches = nodes.count { violations(of: value, against: $0).isEmpty }
            if matches == 0 {
                checkAlternatives(value, nodes)
            } else if matches > 1 {
                report("must match exactly one of \(nodes.count) alternatives, matches \(matches)")
            }
        case .not(let node):
            if violations(of: value, against: node).isEmpty { report("is not allowed") }
        }
        return !isFull
    }

    private mutating func check(_ number: JSONNumber, against rule: NumberRule) {
        if !rule.contains(number) {
            report("must be \(rule.rangeForPeople), is \(number.text.abbreviated)")
        } else if let divisor = rule.divisor,
            !DecimalNumber(number).isMultiple(of: divisor.decimal)
        {
            report("must be a multiple of \(divisor.number.text), is \(number.text.abbreviated)")
        }
    }

    private mutating func check(_ text: String, against size: SizeRule) {
        // A scalar takes one to four bytes, so the length in bytes settles most texts.
        let bytes = text.utf8.count
        guard bytes > size.maximum || (bytes + 3) / 4 < size.minimum else { return }
        let count = text.unicodeScalars.count
        if !size.allows(count) {
            report("must have \(size.text("character", "characters")), has \(count)")
        }
    }

    private mutating func check(_ elements: [JSONValue], against rule: ArrayRule) {
        if !rule.size.allows(elements.count) {
            report("must have \(rule.size.text("element", "elements")), has \(elements.count)")
        }
        for (index, element) in elements.enumerated() where !isFull {
            guard let node = index < rule.prefix.count ? rule.prefix[index] : rule.rest else {
                break
            }
            path.push(index)
            check(element, against: node)
            path.pop()
        }
        if rule.isUnique { checkUniqueness(elements) }
    }

    private mutating func checkUniqueness(_ elements: [JSONValue]) {
        var firstIndices: [CanonicalValue: Int] = [:]
        for (index, element) in elements.enumerated() where !isFull {
            let first = firstIndices.updateValue(index, forKey: CanonicalValue(element))
            if let first {
                path.push(index)
                report("must differ from the element at \(first)")
                path.pop()
            }
        }
    }

    private mutating func check(_ object: JSONObject, against rule: ObjectRule) {
        if !rule.size.allows(object.count) {
            report("must have \(rule.size.text("member", "members")), has \(object.count)")
        }
        var isPresent = [Bool](repeating: false, count: rule.required.count)
        for member in object.members where !isFull {
            let property = rule.properties[member.name]
            if let index = property?.requiredIndex { isPresent[index] = true }
            // A name that is only in `required` counts as additional.
            let node = property?.schema ?? rule.additional
            guard let node else { continue }
            path.push(member.name)
            if property?.schema == nil, case .nothing = node {
                report("is not known here")
            } else {
                check(member.value, against: node)
            }
            path.pop()
        }
        guard !isFull else { return }
        for (name, isPresent) in zip(rule.required, isPresent) where !isPresent {
            path.push(name)
            report("is required")
            path.pop()
        }
    }

    private mutating func checkAlternatives(_ value: JSONValue, _ nodes: [SchemaNode]) {
        var reasons: [String] = []
        for node in nodes {
            guard let first = violations(of: value, against: node).first else { return }
            let place = first.path.isEmpty ? "" : "\(first.path) "
            let reason = place + first.reason
            if !reasons.contains(reason) { reasons.append(reason) }
        }
        report(reasons.joined(separator: "; or "))
    }

    /// The first thing wrong with `value`, if any; its path begins at `value`.
    private func violations(
        of value: JSONValue,
        against node: SchemaNode
    ) -> [SchemaViolation] {
        var validator = SchemaValidator(limit: 1)
        validator.check(value, against: node)
        return validator.violations
    }

    private mutating func report(_ reason: String) {
        guard !isFull else { return }
        violations.append(SchemaViolation(path: path.text, reason: reason))
    }
}
