import JSONRPC

/// Writes `session.welcome`: what a client has to know before its first command.
///
/// Only the session differs from one to the next, so the rest is written once.
struct SessionWelcome: Sendable {
    private let head = Array(
        #"{"jsonrpc":"2.0","method":"session.welcome","params":{"sessionId":""#.utf8
    )
    private let authenticated: [UInt8]
    private let anonymous: [UInt8]

    init(_ configuration: HubConfiguration) {
        authenticated = Self.rest(configuration, isAuthenticated: true)
        anonymous = Self.rest(configuration, isAuthenticated: false)
    }

    /// The whole message for a session, whose id needs no escapes.
    func message(for session: Session) -> [UInt8] {
        let rest = session.rules == nil ? anonymous : authenticated
        var message: [UInt8] = []
        message.reserveCapacity(head.count + session.id.utf8.count + rest.count)
        message += head
        message += session.id.utf8
        message += rest
        return message
    }

    private static func rest(_ configuration: HubConfiguration, isAuthenticated: Bool) -> [UInt8] {
        let limits = configuration.limits
        var writer = JSONWriter(capacity: 512)
        writer.beginObject()
        writer.member(
            "server",
            ["name": .string(HubVersion.name), "version": .string(HubVersion.current)] as JSONObject
        )
        writer.member("protocol", HubProtocol.name)
        writer.member("authenticated", isAuthenticated)
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
        // The members go on behind the session's id.
        return Array("\",".utf8) + writer.takeBytes().dropFirst() + Array("}".utf8)
    }
}

/// Names of sessions.
enum SessionID {
    private static let digits = Array("0123456789abcdef".utf8)

    /// 128 random bits in hexadecimal.
    static func make() -> String {
        String(unsafeUninitializedCapacity: 32) { target in
            for half in 0..<2 {
                var bits = UInt64.random(in: .min ... .max)
                for index in 0..<16 {
                    target[half * 16 + index] = digits[Int(bits & 15)]
                    bits >>= 4
                }
            }
            return 32
        }
    }
}
