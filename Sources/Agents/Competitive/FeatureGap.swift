import AgentRuntime
import JSONRPC

/// Compares our features with those of competitors.
///
/// Features are the same when they agree without regard to case and spaces at their ends. Coverage
/// is the share of all features known in the market that a product has; likeness is the Jaccard
/// index |A ∩ B| ÷ |A ∪ B| (P. Jaccard, 1901). A gap is what a competitor has and we have not,
/// ranked by how many have it.
struct FeatureGap: TaskInput {
    struct Product {
        var name: String
        /// Keys of its features.
        var features: Set<String>
    }

    /// Gaps, unique features and holders of one feature that a result lists.
    static let listed = 500
    static let listedHolders = 10

    var ours: Set<String>
    var theirs: [Product] = []
    /// Keys of all features in the order of the payload, with how they were first written.
    private(set) var names: [(key: String, name: String)] = []

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var known: Set<String> = []
        var names: [(key: String, name: String)] = []
        func features(
            _ fields: PayloadFields,
            _ member: String
        ) throws(InvalidPayload) -> Set<String> {
            var result: Set<String> = []
            for text in try fields.strings(member) {
                let name = text.trimmingSpaces
                let key = name.lowercased()
                guard !key.isEmpty else { throw fields.wrong(member, "features with a name") }
                if known.insert(key).inserted { names.append((key, name)) }
                result.insert(key)
            }
            return result
        }
        ours = try features(fields, "ours")
        let others = try fields.fields("theirs")
        for member in others.object.members {
            guard (1...200).contains(member.name.unicodeScalars.count) else {
                throw fields.wrong("theirs", "by names of 1 to 200 characters")
            }
            theirs.append(Product(name: member.name, features: try features(others, member.name)))
        }
        self.names = names
    }

    func result() throws -> JSONValue {
        var holders: [String: [Int]] = [:]
        for (index, product) in theirs.enumerated() {
            for feature in product.features { holders[feature, default: []].append(index) }
        }
        try Task.checkCancellation()
        let missing = names.filter { !ours.contains($0.key) }
        let places = Vectors.ranked(missing.map { Double(holders[$0.key]?.count ?? 0) })
        let gaps = places.prefix(Self.listed).map { place -> JSONValue in
            let gap = missing[place.index]
            let who = holders[gap.key] ?? []
            return [
                "feature": .string(gap.name),
                "offeredBy": .array(
                    who.prefix(Self.listedHolders).map { .string(theirs[$0].name) }
                ),
                "offers": .integer(who.count),
                "share": .double(Double(who.count) / Double(theirs.count)),
            ]
        }
        let unique = names.filter { ours.contains($0.key) && holders[$0.key] == nil }
        return [
            "coverage": .double(Double(ours.count) / Double(names.count)),
            "gaps": .array(gaps),
            "missing": .integer(missing.count),
            "unique": .array(unique.prefix(Self.listed).map { .string($0.name) }),
            "competitors": .array(theirs.map(competitor)),
            "features": .integer(names.count),
        ]
    }

    private func competitor(_ product: Product) -> JSONValue {
        let shared = product.features.intersection(ours).count
        let union = product.features.count + ours.count - shared
        return [
            "name": .string(product.name),
            "coverage": .double(Double(product.features.count) / Double(names.count)),
            "shared": .integer(shared),
            "ahead": .integer(product.features.count - shared),
            "behind": .integer(ours.count - shared),
            "jaccard": .double(union > 0 ? Double(shared) / Double(union) : 0),
        ]
    }
}

extension FeatureGap {
    private static let list = Schema.array(Schema.string(1...200), 0...2_000)

    static let task = TaskFunction(
        "feature.gap",
        summary: "Finds which features of competitors we lack, and which only we have.",
        definition: "shares of the union of all features; Jaccard index (1901)",
        payload: Schema.object([
            "ours": Schema.array(Schema.string(1...200), 1...2_000),
            "theirs": .object([
                "type": "object",
                "description": "The features of each competitor, by its name",
                "minProperties": 1,
                "maxProperties": 100,
                "additionalProperties": list,
            ]),
        ]),
        result: Schema.object([
            "coverage": Schema.number(0...1, description: "Our share of all known features"),
            "gaps": Schema.array(
                Schema.object([
                    "feature": Schema.string(),
                    "offeredBy": Schema.array(Schema.string(), 0...listedHolders),
                    "offers": Schema.integer(description: "How many have it"),
                    "share": Schema.number(0...1, description: "Of the competitors"),
                ]),
                0...listed,
                description: "What most competitors have comes first"
            ),
            "missing": Schema.integer(description: "Gaps, also beyond those listed"),
            "unique": Schema.array(
                Schema.string(),
                0...listed,
                description: "What nobody else has"
            ),
            "competitors": Schema.array(
                Schema.object([
                    "name": Schema.string(),
                    "coverage": Schema.number(0...1),
                    "shared": Schema.integer(),
                    "ahead": Schema.integer(description: "Features that we lack"),
                    "behind": Schema.integer(description: "Features that it lacks"),
                    "jaccard": Schema.number(0...1),
                ])
            ),
            "features": Schema.integer(description: "Different ones in the market"),
        ]),
        example: [
            "ours": ["Single sign-on", "Audit log", "Offline mode"],
            "theirs": [
                "Acme": ["Single sign-on", "Mobile app", "SLA"],
                "Globex": ["audit log", "Mobile app"],
            ],
        ],
        perform: { (input: FeatureGap, _) in try input.result() }
    )
}
