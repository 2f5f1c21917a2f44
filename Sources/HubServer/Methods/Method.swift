import AgentRuntime
import Identity
import JSONRPC
import JSONSchema
import Transport

/// One row of the method table: everything that is said and done about a command.
///
/// An object, so that a call takes hold of it with one reference.
final class Method: Sendable {
    let name: String
    /// One line for people.
    let summary: String
    /// What calling it takes.
    let access: Permission
    /// JSON Schema of the params, by which they are described and, mostly, checked.
    let params: JSONValue
    let schema: Schema
    let handler: Handler
    /// What it counts as, beside being a command.
    let rate: RateKind

    enum Handler: Sendable {
        /// `hub.publish`, which reads its params where they lie and answers on the loop, or once the
        /// publication is durable.
        case publish
        /// Answered on the loop at once.
        case immediate(
            @Sendable (inout HubLoop, ConnectionID, JSONObject) throws(RPCError) -> JSONValue
        )
        /// Decided by the runtime.
        case runtime(@Sendable (JSONObject) throws(RPCError) -> Command)
        /// `hub.history`, which answers on the loop or after the past was read from disk.
        case history
        /// `system.audit`, which answers after the entries were read from disk.
        case audit
        /// Takes its time, or more than one step; the answer comes by the mailbox.
        case deferred(
            @Sendable (inout HubLoop, JSONObject, PendingAnswer) throws(RPCError) -> Void
        )
        /// `hub.subscribe`, which answers on the loop or after the runtime has.
        case subscribe
    }

    /// A schema of ours that does not compile is a mistake of ours: the hub does not start.
    init(
        _ name: String,
        _ summary: String,
        access: Permission = .authenticated,
        params: JSONValue = ["type": "object"],
        isCheckedByRuntime: Bool = false,
        rate: RateKind = .commands,
        _ handler: Handler
    ) throws(SchemaDefinitionError) {
        self.name = name
        self.summary = summary
        self.access = access
        self.params = params
        schema = try Schema(isCheckedByRuntime ? ["type": "object"] : params)
        self.handler = handler
        self.rate = rate
    }
}

/// A call whose params are read where they lie in the message.
struct SliceCall {
    let connection: ConnectionID
    /// The whole message; valid until the handler returns.
    let message: UnsafeRawBufferPointer
    let params: Range<Int>

    var bytes: UnsafeBufferPointer<UInt8> { message.bindMemory(to: UInt8.self) }
}
