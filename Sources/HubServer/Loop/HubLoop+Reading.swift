import AgentRuntime
import EventLoops
import HubCore
import JSONRPC
import Transport

// Methods that only read what the loop and the channels hold.
extension HubLoop {
    func sessionDescription(_ id: ConnectionID) -> JSONValue {
        guard let session = session(of: id) else { return [:] }
        let names = session.subscriptions.compactMap { channels[Int($0.channel)]?.channel.name }
        var description: JSONObject = [
            "sessionId": .string(session.id),
            "authenticated": .bool(session.user != nil),
            "connectedAt": .string(Timestamps.text(session.connectedAt)),
            "subscriptions": .array(names.sorted().map(JSONValue.string)),
        ]
        if let user = session.user {
            description["user"] = [
                "id": .string(user.id), "role": .string(user.role.rawValue),
            ]
        }
        return .object(description)
    }

    /// `hub.history`; its params are few, but its answer is large and copied as it lies.
    mutating func history(_ call: SliceCall) throws(RPCError) {
        let message = call.bytes.span
        guard
            let name = message.jsonMember("channel", of: call.params)
                .flatMap({ message.jsonString($0) })
        else { throw .validation("/channel", "must be a string") }
        let limit = try limit(call)
        let isHidden = !mayRead(name, call.connection)
        if isHidden { noteDenial(of: "hub.history", .channel(name), from: call.connection) }
        guard !isHidden, let channel = context.registry[name] else {
            throw .notFound("channel '\(name.prefix(64))' does not exist, or nothing is kept of it")
        }
        let since = try since(call)
        let request = since.map { HistoryRequest.since($0, limit: limit) } ?? .last(limit)
        let history = channel.history(
            request,
            byteLimit: context.configuration.channels.answerBytes
        )
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("channel", name)
        writer.member("epoch", channel.epoch)
        writer.member("offset", history.position.offset)
        writer.member("head", history.head)
        if since != nil { writer.member("recovered", history.isRecovered) }
        writer.name("events")
        writer.array(of: history.bodies)
        writer.endObject()
        result = writer.takeBytes()
    }

    private func limit(_ call: SliceCall) throws(RPCError) -> Int {
        let message = call.bytes.span
        guard let slice = message.jsonMember("limit", of: call.params) else { return 100 }
        guard let limit = message.jsonInt(slice), (0...10_000).contains(limit) else {
            throw .validation("/limit", "must be a whole number from 0 to 10000")
        }
        return limit
    }

    private func since(_ call: SliceCall) throws(RPCError) -> StreamPosition? {
        let message = call.bytes.span
        guard let slice = message.jsonMember("since", of: call.params) else { return nil }
        guard message.jsonKind(slice) == .object,
            let epoch = message.jsonMember("epoch", of: slice).flatMap({ message.jsonString($0) }),
            let offset = message.jsonMember("offset", of: slice).flatMap({ message.jsonUInt64($0) })
        else { throw .validation("/since", "must be {epoch, offset}") }
        return StreamPosition(epoch: epoch, offset: offset)
    }

    private func mayRead(_ channel: String, _ id: ConnectionID) -> Bool {
        session(of: id)?.user?.mayRead(channel) == true
    }

    func channelList(_ id: ConnectionID, _ params: JSONObject) -> JSONValue {
        let limit = params["limit"]?.intValue ?? 100
        let channels = context.registry.channels(
            prefix: params["prefix"]?.stringValue ?? "",
            after: params["after"]?.stringValue,
            limit: limit
        ).filter { mayRead($0.name, id) }
        return [
            "channels": .array(
                channels.map { channel in
                    let position = channel.position
                    return [
                        "channel": .string(channel.name),
                        "epoch": .string(position.epoch),
                        "offset": .integer(Int(clamping: position.offset)),
                        "keptBytes": .integer(channel.keptBytes),
                        "subscribed": .bool(channel.hasSubscribers),
                    ]
                }
            )
        ]
    }
}

extension HubContext {
    var description: JSONValue {
        [
            "name": .string(HubVersion.name),
            "version": .string(HubVersion.current),
            "protocol": .string(HubProtocol.name),
            "startedAt": .string(Timestamps.text(startedAt)),
            "uptimeMs": .integer(Int(MonotonicClock.milliseconds - startedMonotonic)),
            "loops": .integer(mailboxes.count),
            "mode": .string(configuration.dev ? "development" : "production"),
        ]
    }
}

enum HubProtocol {
    /// The subprotocol that clients may offer.
    static let name = "omnihub.v1"
}

enum Timestamps {
    /// RFC 3339 UTC with milliseconds.
    static func text(_ millisecondsSince1970: Int64) -> String {
        Timestamp(millisecondsSince1970: millisecondsSince1970).description
    }
}
