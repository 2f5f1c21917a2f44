import AgentRuntime
import JSONRPC

/// Gives a ticket its priority, category and due times.
///
/// The priority is that of ITIL's matrix of impact and urgency (ITIL Service Operation, 2011,
/// 4.2.5.4), its five levels drawn together to four: P1 high and high; P2 high and medium; P3 high
/// and low, or medium and medium; else P4. Due times are the targets in minutes after `receivedAt`,
/// of working time where business hours are given (``BusinessHours``); the targets are this hub's
/// unless given. The category has the most of its words (``TicketCategory``) in the ticket, those
/// of the subject counting twice.
struct TicketTriage: TaskInput {
    enum Level: String, CaseIterable {
        case high
        case medium
        case low
    }

    enum Priority: String, CaseIterable {
        case p1 = "P1"
        case p2 = "P2"
        case p3 = "P3"
        case p4 = "P4"

        init(impact: Level, urgency: Level) {
            self =
                switch (impact, urgency) {
                case (.high, .high): .p1
                case (.high, .medium), (.medium, .high): .p2
                case (.high, .low), (.medium, .medium), (.low, .high): .p3
                case (.medium, .low), (.low, .medium), (.low, .low): .p4
                }
        }

        var targets: Targets {
            switch self {
            case .p1: Targets(response: 15, resolve: 240)
            case .p2: Targets(response: 60, resolve: 480)
            case .p3: Targets(response: 240, resolve: 1_440)
            case .p4: Targets(response: 480, resolve: 2_400)
            }
        }
    }

    /// Minutes.
    struct Targets {
        static let range = 1...100_000

        var response: Int
        var resolve: Int
    }

    /// Later moments could be due after the last date there is.
    private static let latest = "9900-01-01"

    var subject: String
    var body: String
    var priority: Priority
    var targets: Targets
    var receivedAt: Moment
    var hours: BusinessHours?
    /// Whether an answer to the customer is drafted too.
    var wantsReply: Bool

    init(payload: JSONValue) throws(InvalidPayload) {
        let fields = try PayloadFields(payload)
        subject = try fields.string("subject")
        body = try fields.string("body")
        guard fields.has("impact") else { throw fields.wrong("impact", "given") }
        guard fields.has("urgency") else { throw fields.wrong("urgency", "given") }
        priority = Priority(
            impact: try fields.choice("impact", default: .low),
            urgency: try fields.choice("urgency", default: .low)
        )
        targets = priority.targets
        receivedAt = try fields.moment("receivedAt")
        wantsReply = try fields.bool("reply", default: false)
        let date = Moment.split(receivedAt.milliseconds).days
        guard date < CalendarDate(Self.latest)?.days ?? 0 else {
            throw fields.wrong("receivedAt", "before \(Self.latest)")
        }
        hours =
            fields.has("businessHours")
            ? try BusinessHours(fields.fields("businessHours")) : nil
        if fields.has("targets") {
            let all = try fields.fields("targets")
            if all.has(priority.rawValue) {
                let own = try all.fields(priority.rawValue)
                targets.response = try Self.minutes("responseMinutes", own)
                targets.resolve = try Self.minutes("resolveMinutes", own)
            }
        }
    }

    private static func minutes(
        _ name: String,
        _ fields: PayloadFields
    ) throws(InvalidPayload) -> Int {
        let minutes = try fields.integer(name)
        guard Targets.range.contains(minutes) else {
            throw fields.wrong(name, "from 1 to \(Targets.range.upperBound)")
        }
        return minutes
    }

    func result() throws -> JSONValue {
        let (category, words) = try TicketCategory.category(subject: subject, body: body)
        var result: JSONObject = [
            "priority": .string(priority.rawValue),
            "category": .string(category.rawValue),
            "responseDue": .string(due(targets.response).text),
            "resolveDue": .string(due(targets.resolve).text),
            "responseMinutes": .integer(targets.response),
            "resolveMinutes": .integer(targets.resolve),
            "words": .array(words.map(JSONValue.string)),
        ]
        if wantsReply {
            result["reply"] = .string(reply(category))
            result["engine"] = .string(ModelWriter.deterministic)
        }
        return .object(result)
    }

    func due(_ minutes: Int) -> Moment {
        hours?.adding(minutes: minutes, to: receivedAt)
            ?? Moment(milliseconds: receivedAt.milliseconds + minutes * 60_000)
    }
}

extension TicketTriage {
    private static let targetSchema = Schema.object([
        "responseMinutes": Schema.integer(Targets.range),
        "resolveMinutes": Schema.integer(Targets.range),
    ])

    static let task = TaskFunction(
        "ticket.triage",
        summary: """
            Gives a ticket its priority by ITIL's impact × urgency matrix, a category, and due \
            times in business hours.
            """,
        definition: """
            ITIL's matrix of impact and urgency (Service Operation 2011) drawn together to P1–P4; \
            targets in minutes of working time: P1 15 and 240, P2 60 and 480, P3 240 and 1,440, \
            P4 480 and 2,400
            """,
        payload: Schema.object(
            [
                "subject": Schema.string(0...1_000),
                "body": Schema.string(0...200_000),
                "impact": Schema.choice(Level.allCases.map(\.rawValue)),
                "urgency": Schema.choice(Level.allCases.map(\.rawValue)),
                "receivedAt": Schema.moment(),
                "businessHours": BusinessHours.schema,
                "targets": Schema.object(
                    [
                        "P1": targetSchema, "P2": targetSchema, "P3": targetSchema,
                        "P4": targetSchema,
                    ],
                    required: [],
                    description: "P1 15 and 240, P2 60 and 480, P3 240 and 1440, P4 480 and 2400"
                ),
                "reply": Schema.boolean(
                    default: false,
                    description: "Whether to draft an answer to the customer"
                ),
                "engine": ModelWriter.engineSchema,
            ],
            required: ["subject", "body", "impact", "urgency", "receivedAt"]
        ),
        result: Schema.object(
            [
                "priority": Schema.choice(Priority.allCases.map(\.rawValue)),
                "category": Schema.choice(TicketCategory.allCases.map(\.rawValue)),
                "responseDue": Schema.string(description: "RFC 3339, in UTC"),
                "resolveDue": Schema.string(description: "RFC 3339, in UTC"),
                "responseMinutes": Schema.integer(),
                "resolveMinutes": Schema.integer(),
                "words": Schema.array(
                    Schema.string(),
                    description: "Of the category, in the order of the ticket"
                ),
                "reply": Schema.string(description: "Where one was asked for"),
                "engine": Schema.string(
                    description: "Of the reply: deterministic, or provider/model"
                ),
                "usage": ModelWriter.usageSchema,
            ],
            required: [
                "priority", "category", "responseDue", "resolveDue", "responseMinutes",
                "resolveMinutes", "words",
            ]
        ),
        example: [
            "subject": "Cannot log in",
            "body": "Since this morning my password is refused and the reset e-mail never comes.",
            "impact": "medium",
            "urgency": "high",
            "receivedAt": "2026-11-27T16:30:00Z",
            "businessHours": ["start": "09:00", "end": "17:00", "holidays": ["2026-12-25"]],
        ],
        perform: { (input: TicketTriage, _) in try input.result() },
        enrich: { input, result, writer in try await input.result(result, by: writer) }
    )
}
