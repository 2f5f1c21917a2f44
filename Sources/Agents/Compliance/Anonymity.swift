import AgentRuntime
import JSONRPC

/// Measures how well rows hide the people behind them.
///
/// Rows that agree in all quasi-identifiers are an equivalence class. k is the size of the
/// smallest class (L. Sweeney, “k-Anonymity”, 2002), l the smallest number of distinct values of a
/// sensitive attribute within a class (A. Machanavajjhala et al., “l-Diversity”, 2007, distinct
/// l-diversity), over all sensitive attributes. A missing attribute is a value of its own, the
/// same as null; numbers are compared by value.
struct Anonymity: TaskInput {
    /// What of a class a result lists.
    static let listedRows = 20
    static let listedClasses = 200

    var rows: [JSONObject] = []
    var quasiIdentifiers: [String]
    var sensitive: [String] = []
    var minimumK: Int
    var minimumL: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        for row in try fields.objects("rows") { rows.append(row.object) }
        guard !rows.isEmpty else { throw fields.wrong("rows", "at least one row") }
        quasiIdentifiers = try fields.strings("quasiIdentifiers")
        guard !quasiIdentifiers.isEmpty else {
            throw fields.wrong("quasiIdentifiers", "at least one attribute")
        }
        if let name = fields.object["sensitive"]?.stringValue {
            sensitive = [name]
        } else if fields.has("sensitive") {
            sensitive = try fields.strings("sensitive")
        }
        minimumK = try fields.integer("minimumK", default: 2)
        minimumL = try fields.integer("minimumL", default: 2)
        for (name, attributes) in [
            ("quasiIdentifiers", quasiIdentifiers), ("sensitive", sensitive),
        ] {
            for attribute in attributes where !rows.contains(where: { $0[attribute] != nil }) {
                throw fields.wrong(name, "attributes of the rows; none has \(attribute)")
            }
        }
    }

    private struct Class {
        var rows: [Int] = []
        /// Distinct values of each sensitive attribute.
        var values: [Set<String>]
    }

    func result() throws -> JSONValue {
        var numbers: [[String]: Int] = [:]
        var classes: [Class] = []
        for (index, row) in rows.enumerated() {
            if index.isMultiple(of: 256) { try Task.checkCancellation() }
            let key = quasiIdentifiers.map { Self.key(row[$0]) }
            let number = numbers[key] ?? classes.count
            if number == classes.count {
                numbers[key] = number
                classes.append(Class(values: sensitive.map { _ in [] }))
            }
            classes[number].rows.append(index)
            for (place, attribute) in sensitive.enumerated() {
                classes[number].values[place].insert(Self.key(row[attribute]))
            }
        }
        let k = classes.reduce(Int.max) { min($0, $1.rows.count) }
        let l = classes.reduce(Int.max) { min($0, Self.diversity($1) ?? .max) }
        let violating = classes.filter { one in
            one.rows.count < minimumK || Self.diversity(one).map { $0 < minimumL } == true
        }
        let exposed = violating.reduce(0) { $0 + $1.rows.count }
        return [
            "k": .integer(k),
            "l": sensitive.isEmpty ? .null : .integer(l),
            "violations": .array(violating.prefix(Self.listedClasses).map(violation)),
            "violating": .integer(violating.count),
            "classes": .integer(classes.count),
            "exposedShare": .double(Double(exposed) / Double(rows.count)),
        ]
    }

    private static func diversity(_ one: Class) -> Int? { one.values.map(\.count).min() }

    private func violation(_ one: Class) -> JSONValue {
        let values = quasiIdentifiers.map { name in
            (name, one.rows.first.flatMap { rows[$0][name] } ?? .null)
        }
        return [
            "values": .object(JSONObject(values)),
            "size": .integer(one.rows.count),
            "diversity": Self.diversity(one).map(JSONValue.integer) ?? .null,
            "rows": .array(one.rows.prefix(Self.listedRows).map(JSONValue.integer)),
        ]
    }

    /// Equal for equal values.
    private static func key(_ value: JSONValue?) -> String {
        switch value ?? .null {
        case .number(let number): "n\(number.doubleValue)"
        case .string(let text): "s\(text)"
        case let other: "j\(other.encodedString)"
        }
    }
}

extension Anonymity {
    private static let attribute = Schema.string(1...200)

    static let task = TaskFunction(
        "privacy.kanonymity",
        summary: "Measures the k-anonymity and the distinct l-diversity of rows.",
        definition: """
            k-anonymity (Sweeney 2002), distinct l-diversity (Machanavajjhala et al. 2007), the \
            least over all sensitive attributes
            """,
        payload: Schema.object(
            [
                "rows": Schema.array(["type": "object"], 1...100_000),
                "quasiIdentifiers": Schema.array(attribute, 1...50),
                "sensitive": ["anyOf": [attribute, Schema.array(attribute, 0...50)]],
                "minimumK": Schema.integer(1...1_000_000, default: 2),
                "minimumL": Schema.integer(1...1_000_000, default: 2),
            ],
            required: ["rows", "quasiIdentifiers"]
        ),
        result: Schema.object([
            "k": Schema.integer(),
            "l": Schema.nullable(
                Schema.integer(description: "Null when no attribute is sensitive")
            ),
            "violations": Schema.array(
                Schema.object([
                    "values": ["type": "object"],
                    "size": Schema.integer(),
                    "diversity": Schema.nullable(Schema.integer()),
                    "rows": Schema.array(Schema.integer(), 0...listedRows),
                ]),
                0...listedClasses,
                description: "Classes below minimumK or minimumL"
            ),
            "violating": Schema.integer(description: "Also those beyond the listed"),
            "classes": Schema.integer(),
            "exposedShare": Schema.number(0...1, description: "Rows in violating classes"),
        ]),
        example: [
            "rows": [
                ["age": "30-39", "postcode": "20**", "illness": "flu"],
                ["age": "30-39", "postcode": "20**", "illness": "cold"],
                ["age": "40-49", "postcode": "30**", "illness": "flu"],
            ],
            "quasiIdentifiers": ["age", "postcode"],
            "sensitive": "illness",
        ],
        perform: { (input: Anonymity, _) in try input.result() }
    )
}
