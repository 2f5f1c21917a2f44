package import JSONRPC

/// A JSON Schema, compiled: a subset of draft 2020-12 that needs neither references nor patterns.
///
/// Checked are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`,
/// `minProperties`, `maxProperties`, `items`, `prefixItems`, `minItems`, `maxItems`,
/// `uniqueItems`, `minimum`, `maximum`, `exclusiveMinimum`, `exclusiveMaximum`, `multipleOf`,
/// `minLength`, `maxLength`, `anyOf`, `oneOf`, `allOf` and `not`. `title`, `description`,
/// `default`, `examples`, `format` and `$schema` are annotations. Any other keyword is refused,
/// because a rule that is silently not checked is worse than none. Numbers are compared exactly.
package struct Schema: Sendable {
    /// A value with more mistakes is told of these many.
    package static let maximumViolations = 20

    private let root: SchemaNode

    /// Compiles `document`.
    ///
    /// - Throws: ``SchemaDefinitionError`` for the first thing in it that is unknown or wrong.
    package init(_ document: JSONValue) throws(SchemaDefinitionError) {
        var compiler = SchemaCompiler()
        root = try compiler.compile(document)
    }

    /// What is wrong with `value`, in the order of the schema's keywords; empty when it is valid.
    package func violations(in value: JSONValue) -> [SchemaViolation] {
        var validator = SchemaValidator(limit: Self.maximumViolations)
        validator.check(value, against: root)
        return validator.violations
    }
}
