import JSONRPC
import JSONSchema
import Testing

@Suite("JSON Schema, draft 2020-12 subset")
struct SchemaTests {
    @Test(arguments: SchemaCases.valid)
    func `accepts`(schema: String, value: String) throws {
        let schema = try Schema(JSONValue(parsing: schema))
        #expect(schema.violations(in: try JSONValue(parsing: value)) == [])
    }

    @Test(arguments: SchemaCases.invalid)
    func `refuses`(schema: String, value: String, path: String, reason: String) throws {
        let schema = try Schema(JSONValue(parsing: schema))
        let violations = schema.violations(in: try JSONValue(parsing: value))
        #expect(violations == [SchemaViolation(path: path, reason: reason)])
    }

    @Test(arguments: SchemaCases.meaningless)
    func `refuses the definition`(schema: String, path: String, reason: String) throws {
        let document = try JSONValue(parsing: schema)
        #expect(throws: SchemaDefinitionError(path: path, reason: reason)) {
            try Schema(document)
        }
    }

    @Test func `tells all mistakes in order`() throws {
        let schema = try Schema([
            "type": "object",
            "properties": [
                "text": ["type": "string", "minLength": 1],
                "weights": ["type": "array", "items": ["type": "number", "minimum": 0]],
            ],
            "required": ["text", "language"],
            "additionalProperties": false,
        ])
        #expect(
            schema.violations(in: ["text": "", "weights": [1, -1, "x"], "extra": 0])
                == [
                    .init(path: "/text", reason: "must have at least 1 character, has 0"),
                    .init(path: "/weights/1", reason: "must be a number of at least 0, is -1"),
                    .init(path: "/weights/2", reason: "must be a number, is a string"),
                    .init(path: "/extra", reason: "is not known here"),
                    .init(path: "/language", reason: "is required"),
                ]
        )
    }

    @Test func `tells no more than twenty mistakes`() throws {
        let schema = try Schema(["items": ["type": "string"]])
        let value = JSONValue.array(Array(repeating: 0, count: 1000))
        #expect(schema.violations(in: value).count == 20)
    }

    @Test func `refuses a schema too deep to check`() {
        var document: JSONValue = true
        for _ in 0..<100 { document = ["not": document] }
        #expect(throws: SchemaDefinitionError.self) { try Schema(document) }
    }

    @Test(.timeLimit(.minutes(1)))
    func `checks 100,000 elements for uniqueness without comparing all pairs`() throws {
        let schema = try Schema(["uniqueItems": true])
        let values = (0..<100_000).map { JSONValue.integer($0) }
        #expect(schema.violations(in: .array(values)) == [])
        #expect(
            schema.violations(in: .array(values + [.double(7)]))
                == [.init(path: "/100000", reason: "must differ from the element at 7")]
        )
    }
}
