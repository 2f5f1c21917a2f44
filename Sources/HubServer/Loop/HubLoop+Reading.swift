import AgentRuntime
import EventLoops
import HubCore
import Identity
import JSONRPC
import Transport

// Methods that only read what the loop and the channels hold.
extension HubLoop {
    func sessionDescription(_ id: ConnectionID) -> JSONValue {
        guard let session = session(of: id) else { return [:] }
        let names = session.subscriptions.compactMap { channels[Int($0.channel)]?.channel.name }
        var description: JSONObject = [
            "sessionId": .string(session.id),
            "authenticated": .bool(session.rules != nil),
            "connectedAt": .string(Timestamps.text(session.connectedAt)),
            "subscriptions": .array(names.sorted().map(JSONValue.string)),
        ]
        if let principal = session.principal, let grant = principal.grant {
            description["token"] = grant.description
        } else if let principal = session.principal {
            description["user"] = [
                "id": .string(principal.userID), "role": .string(principal.role.rawValue),
            ]
        }
        if let expiresAt = session.expiresAt {
            let left = expiresAt - min(expiresAt, transport.now)
            description["expiresInMs"] = .integer(Int(clamping: left))
        }
        return .object(description)
    }

    /// What a session gets of a channel when it asks for `filter` of it.
    func visible(
        _ filter: EventFilter?,
        of channel: String,
        _ id: ConnectionID
    ) -> EventFilter? {
        guard let rules = session(of: id)?.rules else { return filter }
        return rules.filter(filter, of: channel)
    }

    func channelList(_ id: ConnectionID, _ params: JSONObject) -> JSONValue {
        let limit = params["limit"]?.intValue ?? 100
        let channels = context.registry.channels(
            prefix: params["prefix"]?.stringValue ?? "",
            after: params["after"]?.stringValue,
            limit: limit
        ) { mayList($0, id) }
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
