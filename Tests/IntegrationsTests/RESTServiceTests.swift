import JSONRPC
import Testing

@testable import Integrations

@Suite("Requests of services")
struct RESTServiceTests {
    private func request(
        _ type: IntegrationType,
        _ call: String,
        _ params: JSONObject = [:],
        config: JSONObject,
        secrets: [String: String] = ["token": "t0ken"]
    ) throws -> IntegrationRequest {
        let service = try #require(IntegrationDefinition.of(type).service(for: config))
        return try service.request(
            try #require(service.call(call)),
            params: params,
            for: ConnectionValues(configuration: config, secrets: secrets)
        )
    }

    private func body(_ request: IntegrationRequest) -> String {
        String(decoding: request.body, as: UTF8.self)
    }

    @Test("Every type has a test that can be asked, and params that its schema allows")
    func catalogue() throws {
        let catalogue = try IntegrationCatalogue()
        for type in IntegrationType.allCases {
            let definition = catalogue.definition(of: type)
            #expect(definition.type == type)
            if case .rest(let service) = definition.service {
                let names = service.calls.map(\.name)
                #expect(Set(names).count == names.count)
                for name in [service.test, service.pull, service.push].compactMap(\.self) {
                    #expect(names.contains(name), "\(type) lacks \(name)")
                }
            }
        }
    }

    @Test("A post on X has a bearer token and JSON")
    func x() throws {
        let request = try request(.x, "post", ["text": "Hello {{token}}"], config: [:])
        #expect(request.method == "POST" && request.url == "https://api.x.com/2/tweets")
        #expect(request.headers.contains(.init("Authorization", "Bearer t0ken")))
        // What a param holds is never a template.
        #expect(body(request) == #"{"text":"Hello {{token}}"}"#)
    }

    @Test("Variables in a path cannot leave their place")
    func path() throws {
        let config: JSONObject = ["userId": "../1?a=b#c/é"]
        let request = try request(.x, "posts", ["limit": 5], config: config)
        #expect(
            request.url
                == "https://api.x.com/2/users/..%2F1%3Fa%3Db%23c%2F%C3%A9/tweets"
                + "?max_results=5&tweet.fields=created_at%2Cpublic_metrics"
        )
    }

    @Test("What is absent is left out of queries, forms and JSON, and missed in a path")
    func absent() throws {
        #expect(
            try request(.stripe, "charges", config: [:]).url == "https://api.stripe.com/v1/charges"
        )
        let form = try request(.stripe, "createCustomer", ["email": "a+b@c.d"], config: [:])
        #expect(body(form) == "email=a%2Bb%40c.d")
        #expect(!form.headers.contains { $0.name == "Idempotency-Key" })
        let slack = try request(
            .slack,
            "post",
            ["text": "x"],
            config: [:],
            secrets: ["url": "https://h/k"]
        )
        #expect(slack.url == "https://h/k" && body(slack) == #"{"text":"x"}"#)
        #expect(throws: IntegrationProblem.self) { try request(.x, "posts", config: [:]) }
    }

    @Test("A header cannot be ended by a param")
    func headers() {
        #expect(throws: IntegrationProblem.self) {
            try request(
                .stripe,
                "createCustomer",
                ["email": "a@b.c", "idempotencyKey": "x\r\nEvil: 1"],
                config: [:]
            )
        }
    }

    @Test("A call that somebody describes has its variables in all its parts")
    func configured() throws {
        let config: JSONObject = [
            "baseUrl": "https://api.example.com/v1/", "authentication": "header", "name": "X-Key",
            "headers": ["X-Team": "{{config.team}}"], "team": "blue", "test": "get",
            "calls": [
                "get": ["path": "/a b/{{id}}", "query": ["q": "a {{text}}"]],
                "put": [
                    "method": "PUT", "path": "/items",
                    "body": [
                        "n": "{{number}}", "list": ["{{text}}", "{{none}}"], "t": "<{{text}}>",
                    ],
                ],
            ],
        ]
        let get = try request(.http, "get", ["id": 7, "text": "b&c"], config: config)
        #expect(get.url == "https://api.example.com/v1/a%20b/7?q=a%20b%26c")
        #expect(get.headers == [.init("X-Team", "blue"), .init("X-Key", "t0ken")])
        let put = try request(.http, "put", ["number": 1.5, "text": "x"], config: config)
        #expect(body(put) == #"{"n":1.5,"list":["x"],"t":"<x>"}"#)
    }

    @Test(
        "Configurations that cannot work are told of",
        arguments: [
            (["baseUrl": "https://x", "calls": [:], "test": "a"], "/config/calls"),
            (["baseUrl": "https://x", "calls": ["a": ["path": "/"]], "test": "b"], "/config/test"),
            (
                [
                    "baseUrl": "https://x", "calls": ["a": ["path": "/"]], "test": "a",
                    "headers": ["Host": "y"],
                ],
                "/config"
            ),
            (
                [
                    "baseUrl": "https://x", "calls": ["a": ["path": "/"]], "test": "a",
                    "authentication": "basic",
                ],
                "/config/user"
            ),
            (
                ["baseUrl": "https://x", "calls": ["a": ["path": "/"]], "test": "a", "more": 1],
                "/config/more"
            ),
        ] as [(JSONObject, String)]
    )
    func problems(config: JSONObject, path: String) throws {
        let problems = try IntegrationCatalogue().problems(ofConfiguration: config, .http)
        #expect(problems.contains { $0.path.hasPrefix(path) }, "\(problems)")
    }

    @Test("Secrets are told of by name only")
    func secrets() throws {
        let catalogue = try IntegrationCatalogue()
        #expect(catalogue.problems(ofSecrets: ["token": "x"], .stripe).isEmpty)
        #expect(catalogue.problems(ofSecrets: [:], keeping: ["token"], .stripe).isEmpty)
        for (secrets, type) in [
            ([:], IntegrationType.stripe), (["tokn": "s3cret"], .stripe),
            (["token": "s3c\nret"], .stripe),
            (["secret": "whsec_s3cret"], .webhook),
        ] {
            let problems = catalogue.problems(ofSecrets: secrets, type)
            #expect(!problems.isEmpty && !"\(problems)".contains("s3c"))
        }
    }
}
