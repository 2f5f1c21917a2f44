import AgentRuntime
import Glibc
import JSONRPC

/// Finds the documents that a query is about, by Okapi BM25.
///
/// S. Robertson and H. Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond”, 2009: a
/// document scores Σ idf(t) × f (k₁ + 1) ÷ (f + k₁ (1 − b + b × length ÷ mean length)) over the
/// words of the query, each as often as it is there, with k₁ = 1.2 and b = 0.75. As in Lucene,
/// idf(t) = ln(1 + (N − n + ½) ÷ (n + ½)), which is never negative. Words are those of ``Words``.
/// Only documents that have a word of the query are hits; equal scores stay in their order.
struct KnowledgeSearch: TaskInput {
    static let k1 = 1.2
    static let b = 0.75

    struct Document {
        var id: String
        var text: String
    }

    var query: String
    var documents: [Document]
    var limit: Int

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        query = try fields.string("query")
        var documents: [Document] = []
        for document in try fields.objects("documents") {
            documents.append(
                Document(id: try document.string("id"), text: try document.string("text"))
            )
        }
        self.documents = documents
        limit = try fields.integer("limit", default: 10)
        guard limit > 0 else { throw fields.wrong("limit", "1 or more") }
    }

    func result() throws -> JSONValue {
        let terms = Words.lowercased(in: query)
        let vocabulary = Set(terms)
        var lengths: [Double] = []
        var frequencies: [[String: Int]] = []
        var holders: [String: Int] = [:]
        for document in documents {
            try Task.checkCancellation()
            let words = Words.lowercased(in: document.text)
            var counts: [String: Int] = [:]
            for word in words where vocabulary.contains(word) { counts[word, default: 0] += 1 }
            for word in counts.keys { holders[word, default: 0] += 1 }
            lengths.append(Double(words.count))
            frequencies.append(counts)
        }
        let mean = Statistics.mean(lengths)
        var scores: [Double] = []
        for (counts, length) in zip(frequencies, lengths) {
            try Task.checkCancellation()
            guard !counts.isEmpty, mean > 0 else {
                scores.append(0)
                continue
            }
            let norm = Self.k1 * (1 - Self.b + Self.b * length / mean)
            scores.append(
                terms.reduce(0) { score, term in
                    guard let count = counts[term] else { return score }
                    let frequency = Double(count)
                    let idf = inverseFrequency(holders[term] ?? 0)
                    return score + idf * frequency * (Self.k1 + 1) / (frequency + norm)
                }
            )
        }
        let hits = Vectors.ranked(scores).filter { scores[$0.index] > 0 }
        return [
            "hits": .array(
                hits.prefix(limit).map { hit in
                    [
                        "id": .string(documents[hit.index].id),
                        "score": .double(scores[hit.index]),
                    ]
                }
            ),
            "found": .integer(hits.count),
            "meanLength": .double(mean),
        ]
    }

    private func inverseFrequency(_ holders: Int) -> Double {
        let rest = Double(documents.count - holders) + 0.5
        return log(1 + rest / (Double(holders) + 0.5))
    }
}

extension KnowledgeSearch {
    static let task = TaskFunction(
        "kb.search",
        summary: "Finds the documents that match a query best, by Okapi BM25 (k₁ 1.2, b 0.75).",
        definition: """
            Okapi BM25 (Robertson and Zaragoza 2009), k₁ = 1.2, b = 0.75, idf = ln(1 + (N − n + \
            ½) ÷ (n + ½)); words are runs of letters and digits
            """,
        payload: Schema.object(
            [
                "query": Schema.string(0...2_000),
                "documents": Schema.array(
                    Schema.object([
                        "id": Schema.string(1...200), "text": Schema.string(0...262_144),
                    ]),
                    0...10_000
                ),
                "limit": Schema.integer(1...1_000, default: 10),
            ],
            required: ["query", "documents"]
        ),
        result: Schema.object([
            "hits": Schema.array(
                Schema.object(["id": Schema.string(), "score": Schema.number()]),
                description: "By falling score"
            ),
            "found": Schema.integer(description: "Hits before the limit"),
            "meanLength": Schema.number(description: "Words of a document"),
        ]),
        example: [
            "query": "reset password",
            "documents": [
                ["id": "login", "text": "To reset a forgotten password, open the login page."],
                ["id": "bill", "text": "Invoices are sent on the first day of each month."],
                ["id": "key", "text": "A password may be replaced by a security key."],
            ],
            "limit": 2,
        ],
        perform: { (input: KnowledgeSearch, _) in try input.result() }
    )
}
