import EventLoops
import Identity
import JSONRPC
import JSONSchema

extension MethodTable {
    static func sessionMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "rpc.discover",
                "Describes all methods as an OpenRPC document",
                access: .anyone,
                .immediate { loop, _, _ throws(RPCError) in loop.context.methods.openRPC }
            ),
            try Method(
                "session.authenticate",
                "Proves who the session acts for",
                access: .anyone,
                params: .params(
                    [
                        "accessToken": .text(
                            "An access token, an API key or a subscription token",
                            longest: 8192
                        )
                    ],
                    required: ["accessToken"]
                ),
                .immediate { loop, id, params throws(RPCError) in
                    try loop.authenticate(id, params.text("accessToken"))
                }
            ),
            try Method(
                "session.info",
                "Tells what the hub knows of this session",
                access: .anyone,
                .immediate { loop, id, _ throws(RPCError) in loop.sessionDescription(id) }
            ),
            try Method(
                "session.ping",
                "Answers with the hub's time",
                access: .anyone,
                .immediate { _, _, _ throws(RPCError) in
                    ["time": .string(Timestamps.text(WallClock.milliseconds))]
                }
            ),
        ]
    }
}
