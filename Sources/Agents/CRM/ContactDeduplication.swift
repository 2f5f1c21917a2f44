import AgentRuntime
import JSONRPC

/// Groups contacts that are probably the same person.
///
/// Two contacts match when their e-mail addresses are equal (case aside), or their phone numbers
/// (digits only, of seven or more), or when the Jaro–Winkler similarity (``JaroWinkler``) of their
/// names reaches the threshold; names are lower-cased and their white space made single spaces.
/// Clusters are what matches connect, directly or through others (single linkage); `links` are the
/// matches that connected them.
struct ContactDeduplication: TaskInput {
    static let mostContacts = 1_000

    struct Contact {
        var id: String
        var name: String
        var email: String?
        var phone: String?
    }

    var contacts: [Contact]
    var threshold: Double

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        let objects = try fields.objects("contacts")
        guard objects.count <= Self.mostContacts else {
            throw fields.wrong("contacts", "at most \(Self.mostContacts) contacts")
        }
        var contacts: [Contact] = []
        for contact in objects {
            let name = try contact.string("name").lowercased()
                .split(whereSeparator: \.isWhitespace).joined(separator: " ")
            guard name.unicodeScalars.count <= JaroWinkler.longest else {
                throw contact.wrong("name", "at most \(JaroWinkler.longest) characters")
            }
            let email = contact.has("email") ? try contact.string("email").lowercased() : ""
            let phone = contact.has("phone") ? try contact.string("phone") : ""
            let digits = phone.filter { $0.isASCII && $0.isNumber }
            contacts.append(
                Contact(
                    id: try contact.string("id"),
                    name: name,
                    email: email.isEmpty ? nil : email,
                    phone: digits.utf8.count >= 7 ? digits : nil
                )
            )
        }
        self.contacts = contacts
        threshold = try fields.number("threshold", in: 0...1, default: 0.9)
    }

    private struct Link {
        var first: Int
        var second: Int
        var similarity: Double
        var field: String
    }

    func result(context: any TaskContext) throws -> JSONValue {
        var sets = DisjointSets(contacts.count)
        var links: [Link] = []
        for (field, value) in [("email", \Contact.email), ("phone", \.phone)] {
            var holders: [String: Int] = [:]
            for (index, contact) in contacts.enumerated() {
                guard let value = contact[keyPath: value] else { continue }
                if let holder = holders[value] {
                    guard sets.unite(holder, index) else { continue }
                    links.append(
                        Link(first: holder, second: index, similarity: 1, field: field)
                    )
                } else {
                    holders[value] = index
                }
            }
        }
        try linkNames(&sets, &links, context)
        return Self.described(contacts, &sets, links)
    }

    private func linkNames(
        _ sets: inout DisjointSets,
        _ links: inout [Link],
        _ context: any TaskContext
    ) throws {
        var alphabet = JaroWinkler.Alphabet()
        let names = contacts.map { alphabet.encoded($0.name) }
        for (index, name) in names.enumerated() where !name.isEmpty {
            try Task.checkCancellation()
            let comparison = JaroWinkler(name, alphabetSize: alphabet.count)
            for other in names.indices[(index + 1)...] {
                let candidate = names[other]
                if candidate.isEmpty
                    || JaroWinkler.isHopeless(name.count, candidate.count, threshold: threshold)
                {
                    continue
                }
                let similarity = comparison.similarity(candidate)
                guard similarity >= threshold, sets.unite(index, other) else { continue }
                links.append(
                    Link(first: index, second: other, similarity: similarity, field: "name")
                )
            }
            if index.isMultiple(of: 100) {
                context.reportProgress(100 * index / names.count, message: "compared")
            }
        }
    }

    private static func described(
        _ contacts: [Contact],
        _ sets: inout DisjointSets,
        _ links: [Link]
    ) -> JSONValue {
        var members: [Int: [Int]] = [:]
        for index in contacts.indices { members[sets.root(index), default: []].append(index) }
        let clusters = members.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
        return [
            "clusters": .array(
                clusters.map { cluster in .array(cluster.map { .string(contacts[$0].id) }) }
            ),
            "links": .array(
                links.map { link in
                    [
                        "a": .string(contacts[link.first].id),
                        "b": .string(contacts[link.second].id),
                        "field": .string(link.field),
                        "similarity": .double(link.similarity),
                    ]
                }
            ),
            "contacts": .integer(contacts.count),
            "distinct": .integer(members.count),
        ]
    }
}

extension ContactDeduplication {
    static let task = TaskFunction(
        "contact.dedupe",
        summary: """
            Groups contacts by equal e-mail addresses and phone numbers and by names whose \
            Jaro–Winkler similarity reaches the threshold.
            """,
        definition: """
            Jaro–Winkler (Winkler 1990) with a boost above 0.7, equal addresses and phone \
            numbers; single linkage
            """,
        payload: Schema.object(
            [
                "contacts": Schema.array(
                    Schema.object(
                        [
                            "id": Schema.string(1...200),
                            "name": Schema.string(0...JaroWinkler.longest),
                            "email": Schema.string(0...320),
                            "phone": Schema.string(0...64),
                        ],
                        required: ["id", "name"]
                    ),
                    0...mostContacts
                ),
                "threshold": Schema.number(0...1, default: 0.9),
            ],
            required: ["contacts"]
        ),
        result: Schema.object([
            "clusters": Schema.array(
                Schema.array(Schema.string()),
                description: "Ids of two contacts or more each"
            ),
            "links": Schema.array(
                Schema.object([
                    "a": Schema.string(),
                    "b": Schema.string(),
                    "field": Schema.choice(["email", "phone", "name"]),
                    "similarity": Schema.number(0...1),
                ]),
                description: "The matches that connected the clusters"
            ),
            "contacts": Schema.integer(),
            "distinct": Schema.integer(description: "How many are left when clusters are merged"),
        ]),
        example: [
            "threshold": 0.9,
            "contacts": [
                ["id": "1", "name": "Martha Jones", "email": "martha@example.com"],
                ["id": "2", "name": "Marhta Jones"],
                ["id": "3", "name": "M. Jones", "email": "Martha@Example.com"],
                ["id": "4", "name": "Dwayne Smith", "phone": "+1 555 010 9999"],
            ],
        ],
        perform: { (input: ContactDeduplication, context) in try input.result(context: context) }
    )
}
