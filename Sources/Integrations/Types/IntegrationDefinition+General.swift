package import JSONRPC

extension IntegrationDefinition {
    private typealias Schema = ConfigurationSchema

    static let webhook = IntegrationDefinition(
        type: .webhook,
        summary: "Posts events of the hub, signed, in their order",
        configuration: Schema.object(
            [
                "url": Schema.url,
                "events": Schema.list(
                    Schema.text("A type such as task.completed, or a group such as task.*"),
                    0...50
                ),
            ],
            required: ["url"]
        ),
        secrets: [
            SecretField("secret", "whsec_ and 24 to 64 bytes in base 64: the key of signatures")
        ],
        service: .webhook
    )

    static let http = IntegrationDefinition(
        type: .http,
        summary: "Any REST API, with calls of your own",
        configuration: RESTService.configuredSchema,
        secrets: [
            SecretField("token", isRequired: false, "For bearer, header and query"),
            SecretField("password", isRequired: false, "For basic"),
        ],
        service: .configured
    )

    static let slack = IntegrationDefinition(
        type: .slack,
        summary: "Posts to a chat by an incoming webhook of Slack or Mattermost",
        configuration: Schema.object([
            "username": Schema.text("Whom posts are from, where the chat allows that"),
            "channel": Schema.text("Where to post, where the chat allows that"),
        ]),
        secrets: [SecretField("url", "The address of the webhook")],
        service: .rest(
            RESTService(
                baseURL: "{{secret.url}}",
                authentication: .none,
                calls: [
                    RESTCall(
                        name: "post",
                        method: "POST",
                        path: "",
                        body: .json([
                            "text": "{{text}}", "username": "{{config.username}}",
                            "channel": "{{config.channel}}",
                        ]),
                        params: Schema.object(
                            ["text": Schema.text("Markdown of the chat", longest: 40_000)],
                            required: ["text"]
                        )
                    ),
                    // A chat refuses a message without a text, and so shows that it is there.
                    RESTCall(
                        name: "check",
                        method: "POST",
                        path: "",
                        body: .json([:]),
                        acceptable: [400]
                    ),
                ],
                test: "check",
                push: "post"
            )
        )
    )

    static let smtp = IntegrationDefinition(
        type: .smtp,
        summary: "Sends e-mail by a mail server",
        configuration: Schema.object(
            [
                "host": Schema.text("Of the server"),
                "port": Schema.whole("587 for starttls, 465 for implicit, else 25", 1...65_535),
                "security": Schema.choice(
                    "When TLS begins; starttls without it",
                    SMTPClient.Security.allCases.map(\.rawValue)
                ),
                "mechanism": Schema.choice(
                    "Of AUTH; auto without it",
                    SMTPClient.Mechanism.allCases.map(\.rawValue)
                ),
                "user": Schema.text("Who sends, for AUTH"),
                "from": Schema.text("The address of the sender", longest: 320),
            ],
            required: ["host", "from"]
        ),
        secrets: [SecretField("password", isRequired: false, "For AUTH")],
        service: .smtp
    )

    /// Params of the call `send` of `smtp`.
    package static let mailParams = Schema.object(
        [
            "to": Schema.list(Schema.text("An address", longest: 320), 1...100),
            "subject": Schema.text("Of the message", longest: 500),
            "text": Schema.text("Of the message", longest: 200_000),
        ],
        required: ["to", "subject", "text"]
    )

    static let ics = IntegrationDefinition(
        type: .ics,
        summary: "Reads a calendar file that is published somewhere",
        configuration: Schema.object(["url": Schema.url], required: ["url"]),
        secrets: [],
        service: .rest(
            RESTService(
                baseURL: "{{config.url}}",
                authentication: .none,
                calls: [
                    RESTCall(
                        name: "events",
                        path: "",
                        headers: [("Accept", "text/calendar")],
                        answer: .calendar
                    )
                ],
                test: "events",
                pull: "events"
            )
        )
    )

    private static let calendarQuery = """
        <?xml version="1.0" encoding="utf-8"?>
        <c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav">\
        <d:prop><d:getetag/><c:calendar-data/></d:prop>\
        <c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">\
        <c:time-range start="{{from}}" end="{{to}}"/>\
        </c:comp-filter></c:comp-filter></c:filter></c:calendar-query>
        """

    private static let time = Schema.text("UTC, as in 20261126T184650Z", longest: 16)

    static let caldav = IntegrationDefinition(
        type: .caldav,
        summary: "Reads and writes a calendar by CalDAV (RFC 4791)",
        configuration: Schema.object(
            ["url": Schema.url, "user": Schema.text("Of HTTP authentication")],
            required: ["url"]
        ),
        secrets: [SecretField("password", isRequired: false, "Of HTTP authentication")],
        service: .rest(
            RESTService(
                baseURL: "{{config.url}}",
                authentication: .basic,
                calls: [
                    RESTCall(
                        name: "check",
                        method: "PROPFIND",
                        path: "",
                        headers: [("Depth", "0")],
                        body: .xml(
                            """
                            <?xml version="1.0" encoding="utf-8"?>
                            <d:propfind xmlns:d="DAV:"><d:prop><d:resourcetype/>\
                            <d:displayname/></d:prop></d:propfind>
                            """
                        )
                    ),
                    RESTCall(
                        name: "events",
                        method: "REPORT",
                        path: "",
                        headers: [("Depth", "1")],
                        body: .xml(calendarQuery),
                        params: Schema.object(
                            ["from": time, "to": time],
                            required: ["from", "to"]
                        ),
                        answer: .calendars
                    ),
                    RESTCall(
                        name: "put",
                        method: "PUT",
                        path: "/{{uid}}.ics",
                        body: .raw(contentType: "text/calendar; charset=utf-8", param: "ics"),
                        params: Schema.object(
                            [
                                "uid": Schema.text("Of the event"),
                                "ics": Schema.text("An iCalendar object", longest: 200_000),
                            ],
                            required: ["uid", "ics"]
                        )
                    ),
                    RESTCall(
                        name: "delete",
                        method: "DELETE",
                        path: "/{{uid}}.ics",
                        params: Schema.object(
                            ["uid": Schema.text("Of the event")],
                            required: ["uid"]
                        )
                    ),
                ],
                test: "check",
                pull: "events",
                push: "put"
            )
        )
    )

    static func model(_ type: IntegrationType, _ api: String) -> IntegrationDefinition {
        IntegrationDefinition(
            type: type,
            summary: "Asks a language model: \(api)",
            configuration: Schema.object(
                [
                    "model": Schema.text("As the service calls it", longest: 128),
                    "baseUrl": Schema.url,
                    "maxTokens": Schema.whole("Of an answer; 1024 without it", 1...1_000_000),
                ],
                required: ["model"]
            ),
            secrets: [SecretField("key", isRequired: type != .openAI, "Of the service's API")],
            service: .model
        )
    }

    /// Params of the call `complete` of the language models.
    package static let promptParams = Schema.object(
        [
            "prompt": Schema.text("What is asked", longest: 100_000),
            "instructions": Schema.text("What the model is and must keep to", longest: 20_000),
            "maxTokens": Schema.whole("Of the answer", 1...1_000_000),
        ],
        required: ["prompt"]
    )

    /// Params of the call `send` of `webhook`.
    package static let eventParams = Schema.object(
        ["type": Schema.text("Of the event"), "data": ["type": "object"]],
        required: ["type", "data"]
    )
}
