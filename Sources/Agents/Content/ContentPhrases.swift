/// What drafts are made of in one tone; `{t}` stands for the topic, `{k}` for a keyword.
struct ContentPhrases {
    var greeting: String
    var farewell: String
    var headlines: [String]
    var openings: [String]
    var points: [String]
    var benefits: [String]
    var calls: [String]

    /// The sections of an article without keywords.
    static let aspects = ["why it matters", "how it works", "what to watch"]
}

extension ContentPhrases {
    init(_ tone: ContentGeneration.Tone) {
        switch tone {
        case .professional: self = Self.professional
        case .friendly: self = Self.friendly
        case .enthusiastic: self = Self.enthusiastic
        case .informative: self = Self.informative
        case .urgent: self = Self.urgent
        }
    }

    private static let professional = ContentPhrases(
        greeting: "Dear reader,",
        farewell: "Kind regards",
        headlines: ["{t}: what to know", "A closer look at {t}", "Planning for {t}"],
        openings: [
            "We have been working on {t} and would like to share where it stands.",
            "{t} deserves a clear plan. Here is how we approach it.",
            "Teams ask us about {t} more often than before, and for good reasons.",
        ],
        points: [
            "With {t} in mind, {k} is a decision to take early and to write down.",
            "{k} is where {t} shows its effect first, so it is where we measure.",
            "Responsibility for {k} should have a name before {t} begins.",
        ],
        benefits: [
            "Done well, {k} saves time that is spent on repairs otherwise.",
            "A steady approach to {k} makes results easier to compare.",
            "Clear rules for {k} let people work without asking twice.",
        ],
        calls: [
            "Contact us to discuss what it means for you.",
            "Read the details and tell us what you need.",
            "Arrange a conversation with our team.",
        ]
    )

    private static let friendly = ContentPhrases(
        greeting: "Hello,",
        farewell: "See you soon",
        headlines: ["Let's talk about {t}", "{t}, made easy", "A friendly guide to {t}"],
        openings: [
            "Good news: we have something to show you about {t}.",
            "You asked about {t}, so we sat down and wrote it up.",
            "{t} does not have to be hard. Here is how we do it.",
        ],
        points: [
            "Start small with {k}; {t} grows from there.",
            "If you only look at one part of {t}, make it {k}.",
            "We like {k} because it brings {t} into everyday work.",
        ],
        benefits: [
            "You will notice {k} on the first day.",
            "With {k} out of the way there is time for what you enjoy.",
            "Once {k} works, everything around it gets lighter.",
        ],
        calls: [
            "Give it a try and tell us how it went.",
            "Come and have a look.",
            "Write back, we read every answer.",
        ]
    )

    private static let enthusiastic = ContentPhrases(
        greeting: "Hi there!",
        farewell: "Onwards!",
        headlines: ["{t} is here!", "Say hello to {t}!", "Big things ahead: {t}!"],
        openings: [
            "We are thrilled to share {t} with you!",
            "It is finally time for {t}, and we could not wait to tell you!",
            "{t} is the one we have been looking forward to!",
        ],
        points: [
            "{k} makes {t} shine!",
            "Wait until you see {k} together with {t}!",
            "{k} was the first thing everyone asked for, and {t} has it!",
        ],
        benefits: [
            "Just imagine what {k} will do for your week!",
            "{k} turns hours into minutes!",
            "Less waiting, more doing: that is {k}!",
        ],
        calls: [
            "Try it today and show us what you make of it!",
            "Jump in now!",
            "Join us and be among the first!",
        ]
    )

    private static let informative = ContentPhrases(
        greeting: "Dear reader,",
        farewell: "With best wishes",
        headlines: ["{t} explained", "Understanding {t}", "An introduction to {t}"],
        openings: [
            "This is an overview of {t}: what it is, and what it changes.",
            "What is behind {t}? Here are the essentials.",
            "{t} comes up often. These are the terms and the steps.",
        ],
        points: [
            "{k} describes one part of {t} and can be looked at by itself.",
            "In connection with {t}, {k} answers the question of how.",
            "Two things matter for {k}: where it begins, and how {t} depends on it.",
        ],
        benefits: [
            "Knowing {k} makes the rest easier to follow.",
            "Whoever measures {k} can say whether it improves.",
            "Most questions about {k} are settled by one example.",
        ],
        calls: [
            "Read on for the details.",
            "Find sources and examples on our pages.",
            "Ask us what is not covered here.",
        ]
    )

    private static let urgent = ContentPhrases(
        greeting: "Hello,",
        farewell: "Please do not wait",
        headlines: ["{t}: act now", "Do not miss {t}", "Last call for {t}"],
        openings: [
            "{t} will not wait. Decide today.",
            "There is little time left for {t}.",
            "If {t} concerns you, now is the moment to act.",
        ],
        points: [
            "{k} comes first: without it {t} stalls.",
            "Check {k} today, before {t} makes it harder.",
            "{k} is the part of {t} that runs out of time first.",
        ],
        benefits: [
            "Each day without {k} costs more than the day before.",
            "Settle {k} now and the rest can follow.",
            "{k} is quick to do today and slow to repair later.",
        ],
        calls: ["Act today.", "Reserve your place now.", "Answer before the day is over."]
    )
}
