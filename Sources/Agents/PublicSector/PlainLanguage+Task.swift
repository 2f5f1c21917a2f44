import JSONRPC

extension PlainLanguage {
    static let task = TaskFunction(
        "plainlanguage.check",
        summary: """
            Finds long sentences, passives, long words and wordiness in an English text (Federal \
            Plain Language Guidelines).
            """,
        definition: """
            Federal Plain Language Guidelines (2011): sentences over 25 words, passive voice, \
            words of five syllables, wordiness; grade of Flesch and Kincaid (1975)
            """,
        payload: Schema.object(["text": Schema.string(1...262_144)]),
        result: Schema.object([
            "score": Schema.number(0...100, description: "Share of sentences without a finding"),
            "grade": Schema.number(description: "Flesch–Kincaid"),
            "words": Schema.integer(),
            "sentences": Schema.integer(),
            "counts": Schema.object([
                "long-sentence": Schema.integer(), "passive-voice": Schema.integer(),
                "long-word": Schema.integer(), "wordiness": Schema.integer(),
            ]),
            "findings": Schema.array(
                Schema.object([
                    "rule": Schema.choice(Rule.allCases.map(\.rawValue)),
                    "start": Schema.integer(description: "In code points"),
                    "end": Schema.integer(),
                    "text": Schema.string(),
                    "suggestion": Schema.nullable(
                        Schema.string(description: "Empty when it can be left out")
                    ),
                    "message": Schema.string(),
                ]),
                0...listed
            ),
        ]),
        example: [
            "text": """
            Prior to commencement, the form must be completed. It was not signed in a timely \
            manner. Call us.
            """
        ],
        perform: { (input: PlainLanguage, _) in try input.result() }
    )
}
