import JSONRPC

/// Params of `session.welcome`: what a client has to know before its first command.
struct SessionWelcome {
    var session: Session
    var configuration: HubConfiguration

    func encoded() -> [UInt8] {
        let limits = configuration.limits
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member("sessionId", session.id)
        writer.member(
            "server",
            ["name": .string(HubVersion.name), "version": .string(HubVersion.current)] as JSONObject
        )
        writer.member("protocol", HubProtocol.name)
        writer.member("authenticated", session.user != nil)
        writer.member("pingIntervalMs", configuration.timeouts.pingIntervalMs)
        writer.member(
            "limits",
            [
                "maxMessageBytes": .integer(limits.maxMessageBytes),
                "maxBatch": .integer(limits.maxBatch),
                "maxSubscriptions": .integer(limits.maxSubscriptions),
                "maxOutboundBytes": .integer(limits.maxOutboundBytes),
                "commandsPerSecond": .integer(limits.commandsPerSecond),
            ] as JSONObject
        )
        writer.endObject()
        return writer.takeBytes()
    }
}

/// Names of sessions.
enum SessionID {
    /// 128 random bits in hexadecimal.
    static func make() -> String {
        let halves = [UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)]
        return halves.map { half in
            let digits = String(half, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }
}
