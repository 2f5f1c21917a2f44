import EventLoops
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
                    ["accessToken": .text("An access token", longest: 8192)],
                    required: ["accessToken"]
                ),
                .immediate { loop, id, _ throws(RPCError) in
                    guard loop.session(of: id)?.user != nil else {
                        throw .unauthenticated("this hub knows no access tokens")
                    }
                    return loop.sessionDescription(id)
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
