import HubCore
import JSONRPC

// Publications of clients on journaled channels.
extension RuntimeCore {
    mutating func publish(_ draft: ClientPublicationDraft, order: Order) {
        let isNew = state.clientChannels[draft.channel] == nil
        let limit = configuration.maximumClientChannels
        guard !isNew || state.clientChannels.count < limit else {
            let text = "there are \(limit) journaled channels, as many as channels.maxJournaled"
            return refuse(order.ticket, .busy(text))
        }
        let keptFrom = state.clientChannels.keptFrom(after: draft, at: now.wall)
        makeRoom(for: draft)
        emitAgent(
            .channelPublished(draft.decided(keepingFrom: keptFrom)),
            of: "system",
            keys: order.remembrance.map { [$0] } ?? []
        )
        let offset = state.clientChannels[draft.channel]?.offset ?? 0
        let epoch = ClientChannels.epoch(of: draft.birth, in: state.epoch)
        let position = StreamPosition(epoch: epoch, offset: offset)
        reply(order.ticket, .success(Reply(result: position.encoded())))
    }

    /// Has those channels that keep most forget the older half of it, until one publication more
    /// is within the budget.
    private mutating func makeRoom(for draft: ClientPublicationDraft) {
        let cost = draft.decided(keepingFrom: 0).cost
        while state.clientChannels.bytes + cost > configuration.maximumClientBytes,
            let (channel, offset) = state.clientChannels.largest()
        {
            emitAgent(.channelTrimmed(channel: channel, keptFrom: offset), of: "system")
        }
    }

    /// Forgets channels that are journaled no more.
    mutating func forgetChannels(_ names: [String], order: Order) {
        for name in names where state.clientChannels[name] != nil {
            emitAgent(.channelForgotten(channel: name), of: "system")
        }
        reply(order.ticket, .success(Reply(result: Self.nothing)))
    }
}

extension StreamPosition {
    /// `{epoch, offset}`.
    func encoded() -> [UInt8] {
        var writer = JSONWriter(capacity: 64)
        writer.beginObject()
        writer.member("epoch", epoch)
        writer.member("offset", offset)
        writer.endObject()
        return writer.takeBytes()
    }
}

extension Change {
    /// The client channel that an event is a publication on.
    package var clientChannel: String? {
        if case .channelPublished(let publication) = self { publication.channel } else { nil }
    }
}
