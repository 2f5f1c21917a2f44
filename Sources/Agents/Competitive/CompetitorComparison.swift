import AgentRuntime
import JSONRPC

/// Compares what competitors write, by the cosine of their ``TermVectors``.
struct CompetitorComparison: TaskInput {
    struct Document {
        var id: String
        var text: String
    }

    var documents: [Document]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        var documents: [Document] = []
        var ids: Set<String> = []
        for document in try fields.objects("documents") {
            let id = try document.string("id")
            guard ids.insert(id).inserted else { throw document.wrong("id", "unique") }
            documents.append(Document(id: id, text: try document.string("text")))
        }
        self.documents = documents
    }

    func result() throws -> JSONValue {
        let vectors = try TermVectors(documents.map(\.text))
        var matrix = documents.map { _ in [Double](repeating: 0, count: documents.count) }
        for row in documents.indices {
            try Task.checkCancellation()
            for column in row..<documents.count {
                let similarity = vectors.similarity(row, column)
                matrix[row][column] = similarity
                matrix[column][row] = similarity
            }
        }
        let nearest = documents.indices.map { self.nearest(to: $0, matrix[$0], vectors) }
        return [
            "documents": .array(documents.map { .string($0.id) }),
            "similarity": .array(matrix.map { .array($0.map(JSONValue.double)) }),
            "nearest": .array(nearest),
            "terms": .integer(vectors.termCount),
            "summary": .string(summary(matrix)),
            "engine": "deterministic",
        ]
    }

    private func nearest(to index: Int, _ row: [Double], _ vectors: TermVectors) -> JSONValue {
        let others = row.indices.filter { $0 != index }
        guard let best = others.max(by: { (row[$0], $1) < (row[$1], $0) }), row[best] > 0 else {
            return ["id": .string(documents[index].id), "nearest": nil, "sharedTerms": []]
        }
        return [
            "id": .string(documents[index].id),
            "nearest": .string(documents[best].id),
            "sharedTerms": .array(
                vectors.sharedTerms(index, best, limit: 5).map(JSONValue.string)
            ),
        ]
    }

    private func summary(_ matrix: [[Double]]) -> String {
        var closest = (first: 0, second: 0, similarity: 0.0)
        for row in matrix.indices {
            for column in row + 1..<matrix.count
            where matrix[row][column] > closest.similarity {
                closest = (row, column, matrix[row][column])
            }
        }
        guard closest.similarity > 0 else { return "No two documents have a term in common." }
        let percent = Int((closest.similarity * 100).rounded())
        return """
            Closest are “\(documents[closest.first].id)” and “\(documents[closest.second].id)” \
            with a similarity of \(percent) %.
            """
    }
}

extension CompetitorComparison {
    static let task = TaskFunction(
        "competitor.compare",
        summary: """
            Compares documents by the cosine of their TF-IDF vectors (raw counts, smoothed idf, \
            Euclidean length 1).
            """,
        definition: """
            TF-IDF (Salton and Buckley 1988): words of two or more letters, digits or `_`, raw \
            counts, idf = ln((1 + n) ÷ (1 + df)) + 1, vectors of length 1; cosine
            """,
        payload: Schema.object(
            [
                "documents": Schema.array(
                    Schema.object([
                        "id": Schema.string(1...200),
                        "text": Schema.string(0...262_144),
                    ]),
                    1...100
                ),
                "engine": ModelWriter.engineSchema,
            ],
            required: ["documents"]
        ),
        result: Schema.object(
            [
                "documents": Schema.array(Schema.string(), description: "The order of the matrix"),
                "similarity": Schema.array(
                    Schema.array(Schema.number(0...1)),
                    description: "Symmetric; a document without terms is like none, not even itself"
                ),
                "nearest": Schema.array(
                    Schema.object([
                        "id": Schema.string(),
                        "nearest": Schema.nullable(Schema.string()),
                        "sharedTerms": Schema.array(Schema.string(), 0...5),
                    ])
                ),
                "terms": Schema.integer(description: "Different terms of all documents"),
                "summary": Schema.string(),
                "engine": Schema.string(description: "Of the summary"),
                "usage": ModelWriter.usageSchema,
            ],
            required: ["documents", "similarity", "nearest", "terms", "summary", "engine"]
        ),
        example: [
            "documents": [
                ["id": "us", "text": "A durable event hub with exact offsets and recovery."],
                ["id": "them", "text": "An event hub that scales, with dashboards."],
                ["id": "others", "text": "Coffee, roasted in small batches."],
            ]
        ],
        perform: { (input: CompetitorComparison, _) in try input.result() },
        enrich: { input, result, writer in try await input.result(result, by: writer) }
    )
}
