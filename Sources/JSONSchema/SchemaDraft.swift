import JSONRPC

/// What the keywords of one schema say so far, gathered by the kind of value they speak of.
struct SchemaDraft {
    var type: TypeSet?
    var minima: [NumberRule.Bound] = []
    var maxima: [NumberRule.Bound] = []
    var divisor: NumberRule.Bound?
    var length = SizeRule()
    var array = ArrayRule()
    var object = ObjectRule()
    var combinators: [SchemaNode.Rule] = []

    /// The rules, the ones that explain most to people first.
    var rules: [SchemaNode.Rule] {
        var rules: [SchemaNode.Rule] = []
        if let type { rules.append(.type(type)) }
        let number = numberRule
        if number.minimum != nil || number.maximum != nil || number.divisor != nil {
            rules.append(.number(number))
        }
        if !length.isTrivial { rules.append(.string(length)) }
        if !array.isTrivial { rules.append(.array(array)) }
        if !object.isTrivial { rules.append(.object(object)) }
        return rules + combinators
    }

    /// Why no value of the kind spoken of can be valid; a slip of whoever wrote the schema.
    var contradiction: String? {
        let sizes = [length, array.size, object.size]
        if sizes.contains(where: { $0.minimum > $0.maximum }) {
            return "a minimum is above its maximum"
        }
        let number = numberRule
        if let minimum = number.minimum, let maximum = number.maximum,
            maximum.decimal < minimum.decimal
        {
            return "minimum is above maximum"
        }
        return nil
    }

    private var numberRule: NumberRule {
        NumberRule(
            minimum: minima.max(by: { Self.isLooser($0, $1, $0.decimal < $1.decimal) }),
            maximum: maxima.max(by: { Self.isLooser($0, $1, $1.decimal < $0.decimal) }),
            divisor: divisor,
            noun: type == .integer ? "an integer" : "a number"
        )
    }

    /// Whether the first bound forbids less: by its value, and for equal values by exclusiveness.
    private static func isLooser(
        _ lhs: NumberRule.Bound,
        _ rhs: NumberRule.Bound,
        _ isLooserByValue: Bool
    ) -> Bool {
        lhs.decimal == rhs.decimal ? !lhs.isExclusive && rhs.isExclusive : isLooserByValue
    }
}

extension SizeRule {
    fileprivate var isTrivial: Bool { minimum == 0 && maximum == .max }
}

extension ArrayRule {
    fileprivate var isTrivial: Bool {
        size.isTrivial && prefix.isEmpty && rest == nil && !isUnique
    }
}

extension ObjectRule {
    fileprivate var isTrivial: Bool { size.isTrivial && properties.isEmpty && additional == nil }
}
