import EventLoops
import HubCore
import JSONRPC
import Transport

// `hub.publish`: the one method on the path of every message, so it reads its params where they
// lie and builds no tree.
extension HubLoop {
    mutating func publish(_ call: SliceCall) throws(RPCError) {
        let message = call.bytes.span
        guard let name = message.jsonMember("channel", of: call.params) else {
            throw .validation("/channel", "is required")
        }
        guard let contents = message.jsonPlainContents(name) else {
            throw .validation("/channel", "must be a string that needs no escapes")
        }
        guard let data = message.jsonMember("data", of: call.params) else {
            throw .validation("/data", "is required")
        }
        let channel = String(decoding: call.bytes[contents], as: UTF8.self)
        try checkKey(call)
        let position: StreamPosition
        if let key = message.jsonMember("idempotencyKey", of: call.params) {
            guard let key = message.jsonString(key), (1...256).contains(key.utf8.count) else {
                throw .validation("/idempotencyKey", "must be a string of 1 to 256 bytes")
            }
            position = try publishOnce(channel, key, call, data)
        } else {
            position = try append(to: channel, call, data)
        }
        result.append(contentsOf: "{\"epoch\":\"\(position.epoch)\",\"offset\":".utf8)
        result.append(contentsOf: "\(position.offset)}".utf8)
    }

    private mutating func publishOnce(
        _ channel: String,
        _ key: String,
        _ call: SliceCall,
        _ data: Range<Int>
    ) throws(RPCError) -> StreamPosition {
        let user = session(of: call.connection)?.user?.id ?? ""
        let table = context.publicationKeys
        return try table.position(user, channel, key, now: transport.now) {
            () throws(RPCError) in try append(to: channel, call, data)
        }
    }

    private mutating func append(
        to name: String,
        _ call: SliceCall,
        _ data: Range<Int>
    ) throws(RPCError) -> StreamPosition {
        while true {
            let target = try publishTarget(name)
            guard let appended = append(call, data, to: target) else {
                publishTargets.remove(name)
                continue
            }
            publications &+= 1
            announce(target.channel, appended.loopsToTell)
            for feed in appended.feedsToTell { announce(feed.channel, feed.loops) }
            return StreamPosition(epoch: target.channel.epoch, offset: appended.offset)
        }
    }

    /// `key` is passed on as it is written.
    private func checkKey(_ call: SliceCall) throws(RPCError) {
        let message = call.bytes.span
        guard let key = message.jsonMember("key", of: call.params) else { return }
        guard message.jsonKind(key) == .string, (3...258).contains(key.count) else {
            throw .validation("/key", "must be a string of 1 to 256 bytes")
        }
    }

    private mutating func append(
        _ call: SliceCall,
        _ data: Range<Int>,
        to target: PublishTarget
    ) -> Appended? {
        let publisher = sessions[Int(call.connection.slot)]?.publisher() ?? []
        let data = UnsafeRawBufferPointer(rebasing: call.message[data])
        let key = call.bytes.span.jsonMember("key", of: call.params).map {
            UnsafeRawBufferPointer(rebasing: call.message[$0])
        }
        let capacity = target.encoder.capacity(
            for: 32 + data.count + publisher.count + (key?.count ?? 0)
        )
        let mark = EntryMark(key: key.map { MarkHash.of($0) } ?? 0)
        return publisher.withUnsafeBytes { publisher in
            target.channel.append(capacity: capacity, mark: mark) { offset, bytes in
                target.encoder.write(
                    offset: offset,
                    (",\"data\":", data),
                    (",\"publisher\":", publisher),
                    key.map { (",\"key\":", $0) },
                    to: bytes
                )
            }
        }
    }

    private mutating func announce(_ channel: Channel, _ loops: UInt64) {
        guard loops != 0 else { return }
        let own: UInt64 = 1 << UInt64(index)
        if loops & own != 0 { markDirty(channel) }
        context.tell(loops & ~own, of: channel)
    }

    private mutating func publishTarget(_ name: String) throws(RPCError) -> PublishTarget {
        if let known = publishTargets[name] { return known }
        if let problem = ChannelName.problem(with: name) { throw .validation("/channel", problem) }
        guard ChannelKind(name) == .client else {
            throw .forbidden("only the hub publishes on '\(name)'; clients publish on 'app.…'")
        }
        let target = PublishTarget(
            channel: try clientChannel(name),
            encoder: PublicationEncoder(channel: name)
        )
        publishTargets.insert(target)
        return target
    }

    /// The client channel called `name`, which begins with the first who asks for it.
    mutating func clientChannel(_ name: String) throws(RPCError) -> Channel {
        let limits = context.configuration.channels.clientHistory
        let channel = context.registry.channel(name) {
            Channel(
                name: name,
                position: StreamPosition(epoch: StreamPosition.newEpoch(), offset: 0),
                limits: limits
            )
        }
        guard let channel else {
            exceeded.note(.channels)
            let limit = context.configuration.channels.maximum
            throw .busy("all \(limit) channels are in use; raise channels.maximum")
        }
        return channel
    }
}
