import AgentRuntime
import JSONRPC
import JSONSchema

extension MethodTable {
    static func systemMethods() throws(SchemaDefinitionError) -> [Method] {
        [
            try Method(
                "system.info",
                "Tells which hub this is and since when it runs",
                .immediate { loop, _, _ throws(RPCError) in loop.context.description }
            ),
            try Method(
                "system.stats",
                "Answers the runtime's counters",
                .runtime { _ throws(RPCError) in .statistics }
            ),
            try Method(
                "system.snapshot",
                "Writes a snapshot of the state; answers once it is on disk",
                .runtime { _ throws(RPCError) in .snapshot }
            ),
        ]
    }
}
