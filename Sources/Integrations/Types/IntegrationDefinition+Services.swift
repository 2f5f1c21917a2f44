import JSONRPC

// The services that have an address and calls of their own. `baseUrl` in a configuration takes the
// place of the address, such as for another version of an API.
extension IntegrationDefinition {
    private typealias Schema = ConfigurationSchema

    private static let token = SecretField("token", "An access token of the service")
    private static let limit = Schema.whole("Entries in the answer", 1...100)

    static let x = IntegrationDefinition(
        type: .x,
        summary: "Posts and reads posts on X (API v2)",
        configuration: Schema.preset(["userId": Schema.text("Whose posts are read")]),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://api.x.com/2",
                calls: [
                    RESTCall(name: "me", path: "/users/me"),
                    RESTCall(
                        name: "post",
                        method: "POST",
                        path: "/tweets",
                        body: .json(["text": "{{text}}"]),
                        params: Schema.object(
                            ["text": Schema.text("At most 280 of weighted length", longest: 4_000)],
                            required: ["text"]
                        )
                    ),
                    RESTCall(
                        name: "posts",
                        path: "/users/{{config.userId}}/tweets",
                        query: [
                            ("max_results", "{{limit}}"),
                            ("tweet.fields", "created_at,public_metrics"),
                        ],
                        params: Schema.object(["limit": Schema.whole("Posts", 5...100)])
                    ),
                ],
                test: "me",
                pull: "posts",
                push: "post"
            )
        )
    )

    static let facebook = IntegrationDefinition(
        type: .facebook,
        summary: "Posts and reads posts of a page on Facebook (Graph API)",
        configuration: Schema.preset(
            ["pageId": Schema.text("Of the page")],
            required: ["pageId"]
        ),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://graph.facebook.com/v23.0",
                calls: [
                    RESTCall(
                        name: "page",
                        path: "/{{config.pageId}}",
                        query: [("fields", "id,name,followers_count")]
                    ),
                    RESTCall(
                        name: "post",
                        method: "POST",
                        path: "/{{config.pageId}}/feed",
                        body: .form([("message", "{{message}}"), ("link", "{{link}}")]),
                        params: Schema.object(
                            [
                                "message": Schema.text("Of the post", longest: 60_000),
                                "link": Schema.url,
                            ],
                            required: ["message"]
                        )
                    ),
                    RESTCall(
                        name: "posts",
                        path: "/{{config.pageId}}/posts",
                        query: [("fields", "id,message,created_time"), ("limit", "{{limit}}")],
                        params: Schema.object(["limit": limit])
                    ),
                ],
                test: "page",
                pull: "posts",
                push: "post"
            )
        )
    )

    static let instagram = IntegrationDefinition(
        type: .instagram,
        summary: "Publishes and reads media of a professional account on Instagram (Graph API)",
        configuration: Schema.preset(
            ["accountId": Schema.text("Of the account")],
            required: ["accountId"]
        ),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://graph.facebook.com/v23.0",
                calls: [
                    RESTCall(
                        name: "account",
                        path: "/{{config.accountId}}",
                        query: [("fields", "id,username,followers_count")]
                    ),
                    RESTCall(
                        name: "prepare",
                        method: "POST",
                        path: "/{{config.accountId}}/media",
                        body: .form([("image_url", "{{imageUrl}}"), ("caption", "{{caption}}")]),
                        params: Schema.object(
                            [
                                "imageUrl": Schema.url,
                                "caption": Schema.text("Of the picture", longest: 2_200),
                            ],
                            required: ["imageUrl"]
                        )
                    ),
                    RESTCall(
                        name: "publish",
                        method: "POST",
                        path: "/{{config.accountId}}/media_publish",
                        body: .form([("creation_id", "{{creationId}}")]),
                        params: Schema.object(
                            ["creationId": Schema.text("What prepare has answered as id")],
                            required: ["creationId"]
                        )
                    ),
                    RESTCall(
                        name: "media",
                        path: "/{{config.accountId}}/media",
                        query: [
                            ("fields", "id,caption,like_count,comments_count,timestamp"),
                            ("limit", "{{limit}}"),
                        ],
                        params: Schema.object(["limit": limit])
                    ),
                ],
                test: "account",
                pull: "media",
                push: "publish"
            )
        )
    )

    static let linkedIn = IntegrationDefinition(
        type: .linkedIn,
        summary: "Posts and reads posts on LinkedIn (Posts API)",
        configuration: Schema.preset(
            [
                "author": Schema.text("As in urn:li:person:… or urn:li:organization:…"),
                "version": Schema.text("Of the API, as in 202511", longest: 6),
            ],
            required: ["author", "version"]
        ),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://api.linkedin.com",
                headers: [
                    ("LinkedIn-Version", "{{config.version}}"),
                    ("X-Restli-Protocol-Version", "2.0.0"),
                ],
                calls: [
                    RESTCall(name: "me", path: "/v2/userinfo"),
                    RESTCall(
                        name: "post",
                        method: "POST",
                        path: "/rest/posts",
                        body: .json([
                            "author": "{{config.author}}", "commentary": "{{text}}",
                            "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
                            "isReshareDisabledByAuthor": false,
                            "distribution": [
                                "feedDistribution": "MAIN_FEED", "targetEntities": [],
                                "thirdPartyDistributionChannels": [],
                            ],
                        ]),
                        params: Schema.object(
                            ["text": Schema.text("Of the post", longest: 3_000)],
                            required: ["text"]
                        )
                    ),
                    RESTCall(
                        name: "posts",
                        path: "/rest/posts",
                        query: [
                            ("q", "author"), ("author", "{{config.author}}"),
                            ("count", "{{limit}}"),
                        ],
                        params: Schema.object(["limit": limit])
                    ),
                ],
                test: "me",
                pull: "posts",
                push: "post"
            )
        )
    )

    static let googleAnalytics = IntegrationDefinition(
        type: .googleAnalytics,
        summary: "Reads reports of Google Analytics 4 and sends events (Measurement Protocol)",
        configuration: Schema.preset(
            [
                "propertyId": Schema.text("Of the property, for reports", longest: 32),
                "measurementId": Schema.text("Of the stream, for events", longest: 32),
                "collectUrl": Schema.url,
            ],
            required: ["propertyId"]
        ),
        secrets: [
            token,
            SecretField("apiSecret", isRequired: false, "Of the Measurement Protocol, for events"),
        ],
        service: .rest(
            RESTService(
                baseURL: "https://analyticsdata.googleapis.com/v1beta",
                calls: [
                    RESTCall(name: "metadata", path: "/properties/{{config.propertyId}}/metadata"),
                    RESTCall(
                        name: "report",
                        method: "POST",
                        path: "/properties/{{config.propertyId}}:runReport",
                        body: .json([
                            "dateRanges": [["startDate": "{{from}}", "endDate": "{{to}}"]],
                            "metrics": "{{metrics}}", "dimensions": "{{dimensions}}",
                        ]),
                        params: Schema.object(
                            [
                                "from": Schema.text("As in 2026-11-01 or 28daysAgo", longest: 32),
                                "to": Schema.text("As in 2026-11-30 or today", longest: 32),
                                "metrics": names, "dimensions": names,
                            ],
                            required: ["from", "to", "metrics"]
                        )
                    ),
                    RESTCall(
                        name: "event",
                        method: "POST",
                        baseURL: "https://www.google-analytics.com",
                        baseURLName: "collectUrl",
                        path: "/mp/collect",
                        query: [
                            ("measurement_id", "{{config.measurementId}}"),
                            ("api_secret", "{{secret.apiSecret}}"),
                        ],
                        body: .json([
                            "client_id": "{{clientId}}",
                            "events": [["name": "{{name}}", "params": "{{params}}"]],
                        ]),
                        params: Schema.object(
                            [
                                "clientId": Schema.text("Of the visitor"),
                                "name": Schema.text("Of the event", longest: 40),
                                "params": ["type": "object"],
                            ],
                            required: ["clientId", "name"]
                        ),
                        isAuthenticated: false
                    ),
                ],
                test: "metadata",
                pull: "report",
                push: "event"
            )
        )
    )

    private static let names = Schema.list(
        Schema.object(
            ["name": Schema.text("As the API calls it", longest: 64)],
            required: ["name"]
        ),
        1...10
    )

    static let facebookPixel = IntegrationDefinition(
        type: .facebookPixel,
        summary: "Sends events to a pixel of Facebook (Conversions API)",
        configuration: Schema.preset(
            [
                "pixelId": Schema.text("Of the pixel", longest: 32),
                "testEventCode": Schema.text("Lets events be tried and not counted", longest: 32),
            ],
            required: ["pixelId"]
        ),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://graph.facebook.com/v23.0",
                authentication: .query("access_token"),
                calls: [
                    RESTCall(
                        name: "pixel",
                        path: "/{{config.pixelId}}",
                        query: [("fields", "id,name")]
                    ),
                    RESTCall(
                        name: "events",
                        method: "POST",
                        path: "/{{config.pixelId}}/events",
                        body: .json([
                            "data": "{{events}}", "test_event_code": "{{config.testEventCode}}",
                        ]),
                        params: Schema.object(
                            ["events": Schema.list(["type": "object"], 1...1_000)],
                            required: ["events"]
                        )
                    ),
                ],
                test: "pixel",
                push: "events"
            )
        )
    )

    static let stripe = IntegrationDefinition(
        type: .stripe,
        summary: "Reads payments of Stripe and makes customers",
        configuration: Schema.preset([
            "version": Schema.text("Of the API; else that of the account", longest: 64)
        ]),
        secrets: [token],
        service: .rest(
            RESTService(
                baseURL: "https://api.stripe.com",
                headers: [("Stripe-Version", "{{config.version}}")],
                calls: [
                    RESTCall(name: "balance", path: "/v1/balance"),
                    RESTCall(
                        name: "charges",
                        path: "/v1/charges",
                        query: [("limit", "{{limit}}"), ("starting_after", "{{after}}")],
                        params: Schema.object([
                            "limit": limit, "after": Schema.text("The last id of the page before"),
                        ])
                    ),
                    RESTCall(
                        name: "customers",
                        path: "/v1/customers",
                        query: [("limit", "{{limit}}"), ("starting_after", "{{after}}")],
                        params: Schema.object([
                            "limit": limit, "after": Schema.text("The last id of the page before"),
                        ])
                    ),
                    RESTCall(
                        name: "createCustomer",
                        method: "POST",
                        path: "/v1/customers",
                        headers: [("Idempotency-Key", "{{idempotencyKey}}")],
                        body: .form([
                            ("email", "{{email}}"), ("name", "{{name}}"),
                            ("description", "{{description}}"),
                        ]),
                        params: Schema.object(
                            [
                                "email": Schema.text("Of the customer", longest: 320),
                                "name": Schema.text("Of the customer"),
                                "description": Schema.text("For your own use", longest: 500),
                                "idempotencyKey": Schema.text("The same for the same customer"),
                            ],
                            required: ["email"]
                        )
                    ),
                ],
                test: "balance",
                pull: "charges",
                push: "createCustomer"
            )
        )
    )
}
