import JSONRPC

/// Turns a schema document into nodes, refusing whatever it does not understand.
struct SchemaCompiler {
    /// How deep schemas may nest, as each level costs the validator a level of recursion.
    private static let maximumDepth = 64

    private var path = JSONPointer()

    mutating func compile(_ document: JSONValue) throws(SchemaDefinitionError) -> SchemaNode {
        guard path.depth <= Self.maximumDepth else { throw error("is nested too deeply") }
        switch document {
        case .bool(true): return .rules([])
        case .bool(false): return .nothing
        case .object(let schema): return .rules(try rules(of: schema))
        case .null, .number, .string, .array:
            throw error("a schema must be an object, true or false")
        }
    }

    private mutating func rules(
        of schema: JSONObject
    ) throws(SchemaDefinitionError) -> [SchemaNode.Rule] {
        var draft = SchemaDraft()
        for member in schema.members {
            path.push(member.name)
            try add(member, to: &draft)
            path.pop()
        }
        if let problem = draft.contradiction { throw error(problem) }
        return draft.rules
    }

    private mutating func add(
        _ keyword: JSONObject.Member,
        to draft: inout SchemaDraft
    ) throws(SchemaDefinitionError) {
        let value = keyword.value
        switch keyword.name {
        case "title", "description", "default", "examples", "format", "$schema": break
        case "type": draft.type = try types(value)
        case "enum": draft.combinators.append(.enumeration(try enumeration(value)))
        case "const": draft.combinators.append(.enumeration(constant(value)))
        case "minimum": draft.minima.append(try bound(value))
        case "exclusiveMinimum": draft.minima.append(try bound(value, isExclusive: true))
        case "maximum": draft.maxima.append(try bound(value))
        case "exclusiveMaximum": draft.maxima.append(try bound(value, isExclusive: true))
        case "multipleOf": draft.divisor = try divisor(value)
        case "minLength": draft.length.minimum = try size(value)
        case "maxLength": draft.length.maximum = try size(value)
        case "minItems": draft.array.size.minimum = try size(value)
        case "maxItems": draft.array.size.maximum = try size(value)
        case "uniqueItems": draft.array.isUnique = try bool(value)
        case "items": draft.array.rest = try compile(value)
        case "prefixItems": draft.array.prefix = try schemas(value)
        case "minProperties": draft.object.size.minimum = try size(value)
        case "maxProperties": draft.object.size.maximum = try size(value)
        case "properties": try addProperties(value, to: &draft)
        case "required": try addRequired(value, to: &draft)
        case "additionalProperties": draft.object.additional = try compile(value)
        case "allOf": draft.combinators.append(.allOf(try schemas(value)))
        case "anyOf": draft.combinators.append(.anyOf(try schemas(value)))
        case "oneOf": draft.combinators.append(.oneOf(try schemas(value)))
        case "not": draft.combinators.append(.not(try compile(value)))
        default: throw error("is no keyword of this dialect")
        }
    }

    private mutating func addProperties(
        _ value: JSONValue,
        to draft: inout SchemaDraft
    ) throws(SchemaDefinitionError) {
        guard case .object(let properties) = value else { throw error("must be an object") }
        for member in properties.members {
            path.push(member.name)
            let schema = try compile(member.value)
            path.pop()
            draft.object.properties[member.name, default: .init()].schema = schema
        }
    }

    private func addRequired(
        _ value: JSONValue,
        to draft: inout SchemaDraft
    ) throws(SchemaDefinitionError) {
        guard case .array(let names) = value else { throw error("must be an array") }
        for (index, name) in names.enumerated() {
            guard case .string(let name) = name else { throw error("must hold strings") }
            let previous = draft.object.properties[name]?.requiredIndex
            guard previous == nil else { throw error("names '\(name)' twice") }
            draft.object.required.append(name)
            draft.object.properties[name, default: .init()].requiredIndex = index
        }
    }

    private mutating func schemas(
        _ value: JSONValue
    ) throws(SchemaDefinitionError) -> [SchemaNode] {
        guard case .array(let documents) = value, !documents.isEmpty else {
            throw error("must be an array of schemas")
        }
        var nodes: [SchemaNode] = []
        for (index, document) in documents.enumerated() {
            path.push(index)
            nodes.append(try compile(document))
            path.pop()
        }
        return nodes
    }

    private func types(_ value: JSONValue) throws(SchemaDefinitionError) -> TypeSet {
        let names = value.arrayValue ?? [value]
        var types: TypeSet = []
        for name in names {
            guard let name = name.stringValue, let type = TypeSet(keyword: name) else {
                throw error("must be the name of a type or an array of such names")
            }
            types.formUnion(type)
        }
        guard !types.isEmpty else { throw error("must name a type") }
        return types
    }

    private func enumeration(_ value: JSONValue) throws(SchemaDefinitionError) -> Enumeration {
        guard case .array(let values) = value, !values.isEmpty else {
            throw error("must be an array of values")
        }
        let set = Set(values.map(CanonicalValue.init))
        guard set.count == values.count else { throw error("has a value twice") }
        return Enumeration(
            values: set,
            listing: values.map(\.encodedString).joinedAsAlternatives()
        )
    }

    private func constant(_ value: JSONValue) -> Enumeration {
        Enumeration(values: [CanonicalValue(value)], listing: value.encodedString)
    }

    private func bound(
        _ value: JSONValue,
        isExclusive: Bool = false
    ) throws(SchemaDefinitionError) -> NumberRule.Bound {
        guard case .number(let number) = value else { throw error("must be a number") }
        return NumberRule.Bound(
            number: number,
            decimal: DecimalNumber(number),
            isExclusive: isExclusive
        )
    }

    private func divisor(_ value: JSONValue) throws(SchemaDefinitionError) -> NumberRule.Bound {
        let divisor = try bound(value)
        // Within 17 digits every remainder is exact.
        let isUsable =
            !divisor.decimal.digits.isEmpty && !divisor.decimal.isNegative
            && divisor.decimal.digits.count <= 17
        guard isUsable else { throw error("must be above 0 and of at most 17 digits") }
        return divisor
    }

    private func size(_ value: JSONValue) throws(SchemaDefinitionError) -> Int {
        guard let size = value.intValue, size >= 0 else {
            throw error("must be an integer of at least 0")
        }
        return size
    }

    private func bool(_ value: JSONValue) throws(SchemaDefinitionError) -> Bool {
        guard let bool = value.boolValue else { throw error("must be true or false") }
        return bool
    }

    private func error(_ reason: String) -> SchemaDefinitionError {
        SchemaDefinitionError(path: path.text, reason: reason)
    }
}
