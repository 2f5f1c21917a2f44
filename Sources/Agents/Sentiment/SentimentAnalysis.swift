import AgentRuntime
import JSONRPC

/// Rates how positive or negative English texts are (``ValenceScore``).
struct SentimentAnalysis: TaskInput {
    static let mostTexts = 2_000

    var texts: [String]

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        texts = try fields.strings("texts")
        guard (1...Self.mostTexts).contains(texts.count) else {
            throw fields.wrong("texts", "an array of 1 to \(Self.mostTexts) texts")
        }
    }

    func result(context: any TaskContext) throws -> JSONValue {
        var results: [JSONValue] = []
        var sum = 0.0
        var counts: [ValenceScore.Label: Int] = [:]
        for (index, text) in texts.enumerated() {
            try Task.checkCancellation()
            let score = try ValenceScore(text)
            sum += score.compound
            counts[score.label, default: 0] += 1
            results.append([
                "positive": .double(score.positive),
                "neutral": .double(score.neutral),
                "negative": .double(score.negative),
                "compound": .double(score.compound),
                "label": .string(score.label.rawValue),
            ])
            if index % 100 == 99 {
                context.reportProgress(100 * index / texts.count, message: "rated")
            }
        }
        let labels = ValenceScore.Label.allCases.map { label in
            (label.rawValue, JSONValue.integer(counts[label] ?? 0))
        }
        return [
            "results": .array(results),
            "mean": .double(sum / Double(texts.count)),
            "labels": .object(JSONObject(labels)),
        ]
    }
}

extension SentimentAnalysis {
    private static let share = Schema.number(0...1)

    static let task = TaskFunction(
        "sentiment.analyze",
        summary: """
            Rates English texts by the rules and lexicon of VADER: negation, boosters, capitals, \
            punctuation, “but”, emoticons and emoji.
            """,
        definition: """
            VADER (Hutto and Gilbert 2014) with its lexicon, as its program 3.3.2; `label` by \
            ±0.05
            """,
        payload: Schema.object([
            "texts": Schema.array(
                Schema.string(0...262_144),
                1...mostTexts,
                description: "Sentences or short posts are rated best"
            )
        ]),
        result: Schema.object([
            "results": Schema.array(
                Schema.object([
                    "positive": share,
                    "neutral": share,
                    "negative": share,
                    "compound": Schema.number(-1...1),
                    "label": Schema.choice(
                        ValenceScore.Label.allCases.map(\.rawValue),
                        description: "Positive from 0.05 of compound, negative from −0.05"
                    ),
                ]),
                description: "In the order of the texts"
            ),
            "mean": Schema.number(-1...1, description: "Of the compounds"),
            "labels": Schema.object([
                "positive": Schema.integer(), "neutral": Schema.integer(),
                "negative": Schema.integer(),
            ]),
        ]),
        example: [
            "texts": [
                "The support team was VERY helpful!!!", "It works, but the update is horrible :(",
                "The parcel arrived on Tuesday.",
            ]
        ],
        perform: { (input: SentimentAnalysis, context) in try input.result(context: context) }
    )
}
