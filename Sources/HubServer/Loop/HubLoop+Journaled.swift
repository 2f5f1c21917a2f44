import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Transport

/// A publication that is to be on disk before anybody sees it.
struct JournaledPublication: Sendable {
    var draft: ClientPublicationDraft
    /// Held until the publication is there, or refused.
    var channel: Channel
    var idempotencyKey: String?
}

// Channels of journaled namespaces: the runtime gives publications their places, and subscribers get
// them, as the publisher gets the answer, once they are durable.
extension HubLoop {
    /// What the runtime is asked for.
    ///
    /// - Throws: VALIDATION_ERROR when `data` is too long to be kept.
    mutating func journaled(
        _ params: PublishParams,
        from id: ConnectionID,
        to target: PublishTarget,
        keeping limits: HistoryLimits
    ) throws(RPCError) -> JournaledPublication {
        let longest = context.configuration.channels.journaledPublicationBytes
        guard params.data.count <= longest else {
            throw .validation(
                "/data",
                "must be at most \(longest) bytes (channels.journaledPublicationBytes)"
            )
        }
        var target = target
        while !target.channel.hold() {
            publishTargets.remove(target)
            target = try publishTarget(params.channel, for: id)
        }
        let data = params.data.bindMemory(to: UInt8.self)
        let draft = ClientPublicationDraft(
            channel: target.channel.name,
            birth: String(target.channel.epoch.dropFirst(context.runtime.epoch.count + 1)),
            // The journal has a record a line, so without the spaces between tokens.
            data: JSONText(JSONValue(validated: data.span, 0..<data.count).encoded()),
            publisher: JSONText(sessions[Int(id.slot)]?.publisher() ?? []),
            key: params.key.map { JSONText(Array($0)) },
            limits: limits
        )
        return JournaledPublication(
            draft: draft,
            channel: target.channel,
            idempotencyKey: params.idempotencyKey
        )
    }

    /// Hands a publication to the runtime, which answers once it is durable.
    mutating func submit(
        _ publication: JournaledPublication,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let channel = publication.channel
        do throws(RPCError) {
            try submit(
                .publish(publication.draft),
                key: publication.idempotencyKey,
                from: pending.connection
            ) { mailbox, result in
                // What was published holds its channel for good.
                if case .failure = result { channel.release() }
                mailbox.post(.answer(pending, result))
            }
        } catch {
            channel.release()
            throw error
        }
        publications &+= 1
    }
}
