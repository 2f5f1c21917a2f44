import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func authMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "auth.login",
                "Begins a login session with email and password; answers its tokens",
                access: .anyone,
                params: .params(
                    ["email": .email, "password": .password, "client": .client],
                    required: ["email", "password"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.signIn(params, pending)
                }
            ),
            try Method(
                "auth.register",
                "Makes an account and begins a login session, on hubs that allow it",
                access: .anyone,
                params: .params(
                    [
                        "email": .email, "name": .name, "password": .password, "client": .client,
                    ],
                    required: ["email", "name", "password"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.register(params, pending)
                }
            ),
            try Method(
                "auth.activate",
                "Sets the first password by a one-time token, and begins a login session",
                access: .anyone,
                params: .params(
                    [
                        "token": .text("The one-time token"), "password": .password,
                        "email": .email, "name": .name, "client": .client,
                    ],
                    required: ["token", "password"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.activate(params, pending)
                }
            ),
            try Method(
                "auth.refresh",
                "Renews a login session: answers new tokens for a refresh token, once",
                access: .anyone,
                params: .params(
                    ["refreshToken": .text("The newest refresh token of the login session")],
                    required: ["refreshToken"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.refresh(params, pending)
                }
            ),
            try Method(
                "auth.logout",
                "Ends the login session that this session was authenticated by",
                .deferred { loop, _, pending throws(RPCError) in try loop.logOut(pending) }
            ),
            try Method(
                "auth.sessions",
                "Lists a user's login sessions",
                params: .params(["userId": .userID]),
                .immediate { loop, id, params throws(RPCError) in
                    try loop.loginSessions(id, params)
                }
            ),
            try Method(
                "auth.revoke",
                "Ends one of a user's login sessions, or all of them",
                params: .params([
                    "sessionId": .text("Id of a login session; without it, all end"),
                    "userId": .userID,
                ]),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.endSessions(params, pending)
                }
            ),
            try Method(
                "auth.changePassword",
                "Changes one's own password; ends one's other login sessions",
                params: .params(
                    ["currentPassword": .password, "newPassword": .password],
                    required: ["currentPassword", "newPassword"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.changePassword(params, pending)
                }
            ),
            try Method(
                "auth.subscriptionToken",
                "Issues a token by which a session may use some channels and nothing else",
                access: .read,
                params: .params(
                    [
                        "channels": [
                            "type": "array", "minItems": 1,
                            "maxItems": .integer(ChannelGrant.maximumChannels),
                            "items": .channelOrPattern,
                        ],
                        "actions": [
                            "type": "array", "minItems": 1, "maxItems": 4,
                            "items": .choice(
                                "What may be done there",
                                ChannelGrant.Action.allCases.map(\.rawValue)
                            ),
                        ],
                        "expiresIn": .whole("Seconds that it is good for", 1...31_536_000),
                    ],
                    required: ["channels", "actions"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.issueSubscriptionToken(params, pending)
                }
            ),
        ]
    }
}

extension JSONValue {
    static let email = text("An email address", longest: EmailAddress.maximumBytes)
    static let name = text("For people", longest: UserRecord.maximumNameBytes)
    static let password = text(
        "A password",
        longest: HubConfiguration.Auth.maximumPasswordBytes
    )
    static let client = text(
        "What the login session is listed as, such as the name of the program",
        longest: LoginSession.maximumClientBytes
    )
    static let userID = text("Id of another user; for administrators")
    static let role = choice("What the user is allowed", Role.allCases.map(\.rawValue))
}
