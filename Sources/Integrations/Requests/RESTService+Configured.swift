import JSONRPC

// Calls that an operator describes: the type `http`.
extension RESTService {
    private typealias Schema = ConfigurationSchema

    private static let texts: JSONValue = [
        "type": "object", "maxProperties": 50,
        "additionalProperties": ["type": "string", "maxLength": 2048],
    ]

    /// The schema of the configuration.
    static let configuredSchema = Schema.object(
        [
            "baseUrl": Schema.url,
            "authentication": Schema.choice(
                "How requests prove who sends them: bearer, header and query use the secret token, "
                    + "basic the member user and the secret password",
                ["none", "bearer", "basic", "header", "query"]
            ),
            "name": Schema.text("Of the header or the parameter with the token", longest: 64),
            "user": Schema.text("For basic"),
            "headers": texts,
            "calls": [
                "type": "object", "minProperties": 1, "maxProperties": 50,
                "additionalProperties": Schema.object(
                    [
                        "method": Schema.choice(
                            "Of HTTP",
                            ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"]
                        ),
                        "path": [
                            "type": "string", "maxLength": 2048,
                            "description": "With variables, such as /items/{{id}}",
                        ],
                        "query": texts,
                        "headers": texts,
                        "body": ["description": "JSON with variables in its texts"],
                        "form": texts,
                    ],
                    required: ["path"]
                ),
            ],
            "test": Schema.text("The call that shows whether the connection works"),
            "pull": Schema.text("The call of a sync from the service"),
            "push": Schema.text("The call of a sync to the service"),
        ],
        required: ["baseUrl", "calls", "test"]
    )

    /// The service of a configuration that is valid by ``configuredSchema``.
    init(configured configuration: JSONObject) {
        let name = configuration["name"]?.stringValue ?? ""
        let authentication: Authentication =
            switch configuration["authentication"]?.stringValue {
            case "bearer": .bearer
            case "basic": .basic
            case "header": .header(name)
            case "query": .query(name)
            default: .none
            }
        self.init(
            baseURL: configuration["baseUrl"]?.stringValue ?? "",
            authentication: authentication,
            headers: Self.pairs(configuration["headers"]),
            calls: (configuration["calls"]?.objectValue?.members ?? []).map(Self.call),
            test: configuration["test"]?.stringValue ?? "",
            pull: configuration["pull"]?.stringValue,
            push: configuration["push"]?.stringValue
        )
    }

    private static func call(_ member: JSONObject.Member) -> RESTCall {
        let body: RESTCall.Body =
            if let tree = member.value["body"] {
                .json(tree)
            } else if let form = member.value["form"] {
                .form(pairs(form))
            } else {
                .none
            }
        return RESTCall(
            name: member.name,
            method: member.value["method"]?.stringValue ?? "GET",
            path: member.value["path"]?.stringValue ?? "",
            query: pairs(member.value["query"]),
            headers: pairs(member.value["headers"]),
            body: body
        )
    }

    private static func pairs(_ value: JSONValue?) -> [(name: String, value: String)] {
        (value?.objectValue?.members ?? []).map { ($0.name, $0.value.stringValue ?? "") }
    }

    /// What a schema cannot say of a configuration.
    func problems(_ configuration: JSONObject) -> [IntegrationProblem] {
        var problems: [IntegrationProblem] = []
        for (member, call) in [("test", test), ("pull", pull), ("push", push)] {
            guard let call, self.call(call) == nil else { continue }
            problems.append(IntegrationProblem("/config/\(member)", "must be one of calls"))
        }
        switch authentication {
        case .header(let name) where !HeaderName.isValid(name):
            problems.append(IntegrationProblem("/config/name", "must be the name of a header"))
        case .query(let name) where name.isEmpty:
            problems.append(IntegrationProblem("/config/name", "must be the name of a parameter"))
        case .basic where configuration["user"] == nil:
            problems.append(IntegrationProblem("/config/user", "must be given for basic"))
        default: break
        }
        for header in headers + calls.flatMap(\.headers) where !HeaderName.isValid(header.name) {
            problems.append(
                IntegrationProblem("/config", "'\(header.name.prefix(64))' is no header to be set")
            )
        }
        return problems
    }
}
