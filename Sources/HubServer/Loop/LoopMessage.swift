import AgentRuntime
import HubCore
import JSONRPC
import Synchronization
import Transport

/// What other threads tell a loop.
enum LoopMessage: Sendable {
    /// The channel has something new for subscribers of this loop.
    case published(Channel)
    /// The runtime answered a command.
    case answer(PendingAnswer, Result<Reply, RPCError>)
    /// The runtime answered for a subscription.
    case subscription(PendingSubscription, Result<Reply, RPCError>)
    /// The runtime answered for the history of a task.
    case history(HistoryCall, Result<Reply, RPCError>)
    /// The past of a channel was read from disk.
    case past(PendingPast, Result<PastEvents, RPCError>)
    /// Somebody came, went or changed in a channel: a message for those who want to know.
    case presence(Channel, [UInt8])
    /// Events can not be written any more, or again: the params of a message for everybody.
    case storage([UInt8])
    /// Something that a user had may be gone: look at the user's sessions.
    case rightsChanged(userID: String)
    /// The runtime tells a session that is a worker.
    case worker(ConnectionID, WorkerMessage)
    /// What a worker holds no more.
    case leaseEnded(ConnectionID, UInt64)
    /// The hub ends: take leave of everyone.
    case stop
}

/// Whom an answer of the runtime is for.
struct PendingAnswer: Sendable {
    var connection: ConnectionID
    /// The request's id as it was written; `nil` for a notification.
    var id: [UInt8]?
    /// The batch that the request is part of.
    var batch: UInt64?
    /// The command may end the very session that gave it, which waits for the answer then.
    var mayEndSession = false
}

/// A `hub.subscribe` that waits for the runtime.
struct PendingSubscription: Sendable {
    var answer: PendingAnswer
    var request: SubscribeRequest
}
