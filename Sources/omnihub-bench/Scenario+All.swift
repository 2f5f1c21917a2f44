extension Scenario {
    /// All scenarios, in the order in which they are measured.
    static let all =
        echoes + fanouts + [
            Scenario(
                name: "handshake",
                trial: HandshakeLoad(server: .echo),
                floor: HandshakeLoad(server: .floor)
            ),
            Scenario(
                name: "handshake-hub",
                trial: HandshakeLoad(server: .hub),
                floor: HandshakeLoad(server: .floor)
            ),
        ] + calls + idles + storage + logins + queue

    private init(
        name: String,
        trial: any Trial,
        floor: any Trial,
        maximumRuns: Int = .max
    ) {
        self.name = name
        self.trial = trial
        reference = Reference(name: "floor", trial: floor)
        self.maximumRuns = maximumRuns
    }

    private static func pair<Pair: PairedLoad>(_ name: String, _ load: Pair) -> Scenario {
        Scenario(name: name, trial: load, floor: load.onFloor)
    }

    private static let echoes = [
        pair("echo-20B", EchoLoad(payloadLength: 20)),
        pair("echo-20B-x16", EchoLoad(payloadLength: 20, inFlight: 16)),
        pair("echo-1KiB", EchoLoad(payloadLength: 1_024)),
        Scenario(
            name: "tls-echo-20B",
            trial: EchoLoad(payloadLength: 20, isEncrypted: true),
            reference: Reference(name: "plain", trial: EchoLoad(payloadLength: 20))
        ),
        Scenario(
            name: "tls-echo-20B-x16",
            trial: EchoLoad(payloadLength: 20, inFlight: 16, isEncrypted: true),
            reference: Reference(name: "plain", trial: EchoLoad(payloadLength: 20, inFlight: 16))
        ),
    ]

    private static let fanouts = [
        pair("fanout-1", FanoutLoad(pace: .sliding(1))),
        pair("fanout-8", FanoutLoad(pace: .sliding(8))),
        pair("fanout-64", FanoutLoad(pace: .sliding(64))),
        pair("fanout-64-burst", FanoutLoad(pace: .bursts(64))),
        pair("fanout-50-per-second", FanoutLoad(pace: .fixed(perSecond: 50))),
        Scenario(
            name: "agents-at-work",
            trial: FanoutLoad(pace: .fixed(perSecond: 50), agentsWork: true),
            reference: Reference(
                name: "idle",
                trial: FanoutLoad(pace: .fixed(perSecond: 50))
            ),
            thresholds: [.p99(below: 2)]
        ),
        compressed("deflate-fanout-1", FanoutLoad(pace: .sliding(1))),
        compressed("deflate-fanout-8", FanoutLoad(pace: .sliding(8))),
        compressed("deflate-fanout-1-1KiB", FanoutLoad(dataLength: 1_024, pace: .sliding(1))),
    ]

    /// What attempts to sign in do to those who are there.
    private static let logins = [
        Scenario(
            name: "logins-1k-per-second",
            trial: FanoutLoad(pace: .fixed(perSecond: 50), logins: 1_000),
            reference: Reference(
                name: "without",
                trial: FanoutLoad(pace: .fixed(perSecond: 50))
            ),
            thresholds: [.p99(below: 2)]
        )
    ]

    /// To subscribers that have messages compressed, against the same to others.
    private static func compressed(_ name: String, _ plain: FanoutLoad) -> Scenario {
        var load = plain
        load.isCompressed = true
        return Scenario(
            name: name,
            trial: load,
            reference: Reference(name: "plain", trial: plain)
        )
    }

    private static let calls = [
        pair("call-ping", CallLoad(method: .ping)),
        pair("call-ping-x16", CallLoad(method: .ping, inFlight: 16)),
        pair("call-publish", CallLoad(method: .publish)),
        pair("call-publish-x16", CallLoad(method: .publish, inFlight: 16)),
        Scenario(
            name: "publish-patterns-100k",
            trial: CallLoad(method: .publish, inFlight: 16, patterns: 100_000),
            reference: Reference(
                name: "none",
                trial: CallLoad(method: .publish, inFlight: 16)
            )
        ),
    ]

    private static let idles = [
        Scenario(
            name: "idle-10k",
            trial: IdleLoad(server: .echo),
            floor: IdleLoad(server: .floor),
            maximumRuns: 3
        ),
        Scenario(
            name: "idle-10k-hub",
            trial: IdleLoad(server: .hub, subscriptions: 2),
            maximumRuns: 3
        ),
        // Longer than silent peers are left alone, so that all of them are asked for a Pong.
        Scenario(
            name: "idle-10k-hub-pings",
            trial: IdleLoad(server: .hub, subscriptions: 2, watched: 30),
            maximumRuns: 1
        ),
        Scenario(
            name: "idle-10k-hub-tls",
            trial: IdleLoad(server: .hub, subscriptions: 2, isEncrypted: true),
            maximumRuns: 1
        ),
        Scenario(
            name: "idle-most-hub",
            trial: IdleLoad(server: .hub, connections: .max, subscriptions: 2),
            maximumRuns: 1
        ),
    ]
}

/// A load that can be put on a floor as it is.
protocol PairedLoad: Load {
    var server: ServerKind { get set }
}

extension PairedLoad {
    fileprivate var onFloor: Self {
        var copy = self
        copy.server = .floor
        return copy
    }
}
