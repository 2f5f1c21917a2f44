import HubCore
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func hubMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "hub.subscribe",
                "Subscribes to a channel; the answer comes before its first notification",
                access: .read,
                params: .params(
                    [
                        "channel": .channelOrPattern,
                        "since": .position,
                        "last": .whole("Begin with this many past publications", 0...100_000),
                        "state": .flag(
                            "Answer the current objects of an 'agents', 'tasks' or 'workflows' channel"
                        ),
                        "stateLimit": .whole("Objects in the answer", 1...1000, default: 1000),
                        "policy": .choice(
                            "What happens when the client is slow",
                            ["all", "latest"]
                        ),
                        "filter": .eventFilter,
                        "presence": .presence,
                    ],
                    required: ["channel"]
                ),
                .subscribe
            ),
            try Method(
                "hub.unsubscribe",
                "Ends a subscription",
                access: .read,
                params: .params(["channel": .channelOrPattern], required: ["channel"]),
                .immediate { loop, id, params throws(RPCError) in
                    let channel = params["channel"]?.stringValue ?? ""
                    try loop.unsubscribe(id, from: channel)
                    return ["channel": .string(channel)]
                }
            ),
            try Method(
                "hub.publish",
                "Publishes data on a channel of clients",
                access: .read,
                params: .params(
                    [
                        "channel": .channel, "data": [:],
                        "key": .text("What it is about: a newer one replaces it for slow clients"),
                        "idempotencyKey": .idempotencyKey,
                    ],
                    required: ["channel", "data"]
                ),
                rate: .publications,
                .publish
            ),
            try Method(
                "hub.history",
                "Answers a channel's past publications",
                access: .read,
                params: .params(
                    [
                        "channel": .channelOrPattern, "since": .position,
                        "limit": .whole("Publications in the answer", 0...10_000, default: 100),
                    ],
                    required: ["channel"]
                ),
                .history
            ),
            try Method(
                "hub.presence",
                "Lists who is subscribed to a channel of clients; with info, changes the caller's",
                access: .read,
                params: .params(
                    [
                        "channel": .channel,
                        "info": ["description": "What the caller says of itself from now on"],
                        "after": .text("Only ids behind this one: the last of the page before"),
                        "limit": .whole("Members in the answer", 1...1000, default: 100),
                    ],
                    required: ["channel"]
                ),
                .immediate { loop, id, params throws(RPCError) in try loop.presence(id, params) }
            ),
            try Method(
                "hub.channels",
                "Lists channels by name",
                access: .read,
                params: .params([
                    "prefix": .text("Only names that begin so"),
                    "after": .text("Only names behind this one: the last of the page before"),
                    "limit": .whole("Channels in the answer", 1...1000, default: 100),
                ]),
                .immediate { loop, id, params throws(RPCError) in loop.channelList(id, params) }
            ),
        ]
    }
}
