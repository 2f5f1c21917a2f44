import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Transport

// `hub.publish`: the one method on the path of every message, so it reads its params where they
// lie and builds no tree.
extension HubLoop {
    /// Publishes; the answer is in `result`.
    ///
    /// - Returns: What the runtime has to be asked for instead, where the channel is journaled.
    mutating func publish(_ call: SliceCall) throws(RPCError) -> JournaledPublication? {
        let params = try PublishParams(call)
        let target = try publishTarget(params.channel, for: call.connection)
        if let limits = target.journaled {
            return try journaled(params, from: call.connection, to: target, keeping: limits)
        }
        let position: StreamPosition
        if let key = params.idempotencyKey {
            let name = String(decoding: params.channel, as: UTF8.self)
            let user = session(of: call.connection)?.principal?.subject ?? ""
            let table = context.publicationKeys
            position = try table.position(user, name, key, now: transport.now) {
                () throws(RPCError) in try append(params, from: call.connection, to: target)
            }
        } else {
            position = try append(params, from: call.connection, to: target)
        }
        result.append(contentsOf: Self.positionHead)
        result.append(contentsOf: position.epoch.utf8)
        result.append(contentsOf: Self.positionMiddle)
        DecimalDigits(position.offset).append(to: &result)
        result.append(UInt8(ascii: "}"))
        return nil
    }

    private static let positionHead = Array(#"{"epoch":""#.utf8)
    private static let positionMiddle = Array(#"","offset":"#.utf8)

    private mutating func append(
        _ params: PublishParams,
        from id: ConnectionID,
        to first: PublishTarget
    ) throws(RPCError) -> StreamPosition {
        var target = first
        while true {
            guard let appended: Appended = append(params, from: id, to: target) else {
                publishTargets.remove(target)
                target = try publishTarget(params.channel, for: id)
                continue
            }
            publications &+= 1
            announce(target.channel, appended.loopsToTell)
            for feed in appended.feedsToTell { announce(feed.channel, feed.loops) }
            return StreamPosition(epoch: target.channel.epoch, offset: appended.offset)
        }
    }

    private mutating func append(
        _ params: PublishParams,
        from id: ConnectionID,
        to target: PublishTarget
    ) -> Appended? {
        let publisher = sessions[Int(id.slot)]?.publisher() ?? []
        let capacity = target.encoder.capacity(
            for: 32 + params.data.count + publisher.count + (params.key?.count ?? 0)
        )
        let mark = EntryMark(key: params.key.map { MarkHash.of($0) } ?? 0)
        return publisher.withUnsafeBytes { publisher in
            target.channel.append(capacity: capacity, mark: mark) { offset, bytes in
                target.encoder.write(
                    offset: offset,
                    (",\"data\":", params.data),
                    (",\"publisher\":", publisher),
                    params.key.map { (",\"key\":", $0) },
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

    /// The channel that is published on, for somebody who may.
    mutating func publishTarget(
        _ bytes: UnsafeRawBufferPointer,
        for id: ConnectionID
    ) throws(RPCError) -> PublishTarget {
        if let known = publishTargets.find(bytes) {
            try checkPublishing(on: known.channel.name, by: known.publish, at: id)
            return known
        }
        let name = String(decoding: bytes, as: UTF8.self)
        if let problem = ChannelName.problem(with: name) { throw .validation("/channel", problem) }
        guard ChannelKind(name) == .client else {
            throw .forbidden("only the hub publishes on '\(name)'; clients publish on 'app.…'")
        }
        let rules = context.namespaces.rules(of: name)
        try checkPublishing(on: name, by: rules.publish, at: id)
        let target = PublishTarget(channel: try clientChannel(name, rules), rules)
        publishTargets.insert(target)
        return target
    }

    /// The client channel called `name`, which begins with the first who asks for it.
    mutating func clientChannel(
        _ name: String,
        _ rules: NamespaceRules
    ) throws(RPCError) -> Channel {
        let limits = rules.history
        let folder = rules.isJournaled ? context.runtime.epoch : nil
        let channel = context.registry.channel(name) {
            let birth = StreamPosition.newEpoch()
            let epoch = folder.map { ClientChannels.epoch(of: birth, in: $0) } ?? birth
            return Channel(
                name: name,
                position: StreamPosition(epoch: epoch, offset: 0),
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

/// The params of `hub.publish`, each where it lies in its message.
struct PublishParams {
    /// A name between its quotes.
    var channel: UnsafeRawBufferPointer
    /// Any JSON text.
    var data: UnsafeRawBufferPointer
    /// A JSON string, which is passed on as it is written.
    var key: UnsafeRawBufferPointer?
    var idempotencyKey: String?

    init(_ call: SliceCall) throws(RPCError) {
        let message = call.bytes.span
        guard message.jsonKind(call.params) == .object else {
            throw .validation("", "params are given by name, as an object")
        }
        func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: call.message[range])
        }
        var name: UnsafeRawBufferPointer?
        var published: UnsafeRawBufferPointer?
        var members = JSONMembers(call.params)
        while let member = members.next(in: message) {
            if message.jsonString(member.name, equals: "channel") {
                guard let contents = message.jsonPlainContents(member.value) else {
                    throw .validation("/channel", "must be a string that needs no escapes")
                }
                name = slice(contents)
            } else if message.jsonString(member.name, equals: "data") {
                published = slice(member.value)
            } else if message.jsonString(member.name, equals: "key") {
                guard message.jsonKind(member.value) == .string,
                    (3...258).contains(member.value.count)
                else { throw .validation("/key", "must be a string of 1 to 256 bytes") }
                key = slice(member.value)
            } else if message.jsonString(member.name, equals: "idempotencyKey") {
                guard let text = message.jsonString(member.value),
                    (1...256).contains(text.utf8.count)
                else { throw .validation("/idempotencyKey", "must be a string of 1 to 256 bytes") }
                idempotencyKey = text
            }
        }
        guard let name else { throw .validation("/channel", "is required") }
        guard let published else { throw .validation("/data", "is required") }
        channel = name
        data = published
    }
}
