import AgentRuntime
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func userMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "users.list",
                "Lists the users that one may see",
                access: .read,
                params: .params([
                    "limit": .whole("Users in the answer", 1...1_000, default: 100),
                    "after": .text("The next of the page before"),
                ]),
                .immediate { loop, id, params throws(RPCError) in loop.users(id, params) }
            ),
            try Method(
                "users.get",
                "Answers one user",
                access: .read,
                params: .params(["id": .text("Id of a user")], required: ["id"]),
                .immediate { loop, id, params throws(RPCError) in
                    try loop.user(id, params.text("id"))
                }
            ),
            try Method(
                "users.create",
                "Makes a user, with a password or with a one-time token for setting one",
                access: .administer,
                params: .params(
                    [
                        "email": .email, "name": .name, "role": .role, "password": .password,
                        "agents": [
                            "type": "array", "description": "Ids of agents to assign",
                            "items": ["type": "string", "minLength": 1, "maxLength": 64],
                        ],
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["email", "role"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.createUser(params, pending)
                }
            ),
            try Method(
                "users.update",
                "Changes a user; a new password or being disabled ends all login sessions",
                access: .administer,
                params: .params(
                    [
                        "id": .text("Id of a user"), "email": .email, "name": .name,
                        "role": .role, "disabled": ["type": "boolean"], "password": .password,
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["id"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.updateUser(params, pending)
                }
            ),
            try Method(
                "users.delete",
                "Deletes a user with all login sessions and API keys",
                access: .administer,
                params: .params(
                    ["id": .text("Id of a user"), "idempotencyKey": .idempotencyKey],
                    required: ["id"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.deferredEnd(pending).submit(
                        .deleteUser(userID: params.text("id")),
                        key: params["idempotencyKey"]?.stringValue
                    )
                }
            ),
        ] + (try assignmentMethods())
    }

    private static func assignmentMethods() throws(SchemaDefinitionError) -> [Method] {
        let params: JSONValue = .params(
            [
                "id": .text("Id of a user"), "agentId": .text("Id of an agent"),
                "idempotencyKey": .idempotencyKey,
            ],
            required: ["id", "agentId"]
        )
        return [
            try Method(
                "users.assignAgent",
                "Lets a user see and work with an agent",
                access: .administer,
                params: params,
                .runtime { params throws(RPCError) in
                    .identity(
                        .assignAgent(userID: params.text("id"), agentID: params.text("agentId"))
                    )
                }
            ),
            try Method(
                "users.unassignAgent",
                "Takes an agent from a user's sight",
                access: .administer,
                params: params,
                .runtime { params throws(RPCError) in
                    .identity(
                        .unassignAgent(userID: params.text("id"), agentID: params.text("agentId"))
                    )
                }
            ),
        ]
    }

    static func keyMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "keys.create",
                "Makes an API key; the answer is the only place where it is shown",
                params: .params(
                    [
                        "name": .name,
                        "role": .choice(
                            "At most the user's own, which is the default",
                            Role.allCases.map(\.rawValue)
                        ),
                        "scope": [
                            "type": "array",
                            "description":
                                "Methods that it may call, such as tasks.create, tasks.*",
                            "minItems": 1, "maxItems": .integer(Scope.maximumEntries),
                            "items": ["type": "string", "minLength": 1, "maxLength": 64],
                        ],
                        "expiresInMs": .whole("When it expires; else never", 1...315_360_000_000),
                        "userId": .userID,
                    ],
                    required: ["name"]
                ),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.createKey(params, pending)
                }
            ),
            try Method(
                "keys.list",
                "Lists a user's API keys",
                params: .params(["userId": .userID]),
                .immediate { loop, id, params throws(RPCError) in try loop.keys(id, params) }
            ),
            try Method(
                "keys.revoke",
                "Revokes an API key, also where it is in use",
                params: .params(["id": .text("Id of an API key")], required: ["id"]),
                .deferred { loop, params, pending throws(RPCError) in
                    try loop.revokeKey(params, pending)
                }
            ),
        ]
    }
}
