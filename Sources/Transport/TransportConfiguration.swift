package import EventLoops
package import HTTPProtocol
package import WebSocketProtocol

/// Limits and times of a loop's connections; times are in milliseconds.
package struct TransportConfiguration: Sendable {
    package var http = HTTPLimits()
    package var receive = ReceiveLimits()
    /// From the first byte of a request, or the connection, to the end of its head.
    package var requestTimeout: UInt64 = 10_000
    /// Of a kept-alive HTTP connection between requests.
    package var idleTimeout: UInt64 = 60_000
    /// For the peer's Close frame after ours, and for the end of the TCP connection after both.
    package var closeTimeout: UInt64 = 5_000
    /// For a message from its first byte to its last.
    package var messageTimeout: UInt64 = 30_000
    /// Silence after which a Ping is sent; after two unanswered ones the connection is closed.
    package var pingInterval: UInt64 = 25_000
    /// For the kernel to take some byte of what is due to a peer.
    package var writeTimeout: UInt64 = 10_000
    /// Bytes of answers that may wait for a peer; more ends the connection with 4001.
    package var maximumOutboundBytes = 1 << 20
    package var admission = Admission()
    /// Fields of every answer over HTTP but those that begin a WebSocket.
    package var answerFields = HTTPHeaders()
    /// Further ones of answers that go out encrypted.
    package var encryptedAnswerFields = HTTPHeaders()
    /// Pings and pongs of one peer in the long run, 0 for any; more end the connection with 1008.
    package var controlFramesPerSecond = 0
    /// Pings and pongs of one peer at once.
    package var controlFrameBurst = 1
    /// Of messages to connections that agreed to permessage-deflate: 1 to 9, as in zlib.
    package var compressionLevel = 1
    /// Shorter messages are sent as they are.
    package var compressionThreshold = 0

    package init() {}

    /// Which connections come in; judged by the loop that accepts them.
    package struct Admission: Sendable {
        /// Over all loops.
        package var maximumConnections = 65_536
        /// Over all loops; 0 sets no limit.
        package var connectionsPerAddress = 0
        /// Addresses to which ``connectionsPerAddress`` does not apply.
        package var exempt: [AddressRange] = []
        /// In the long run; 0 sets no limit.
        package var connectionsPerSecond = 0
        /// Connections at once.
        package var burst = 1

        package init() {}

        func isExempt(_ address: InternetAddress) -> Bool {
            exempt.contains { $0.contains(address) }
        }
    }

    /// Between control frames that come evenly, in microseconds; 0 sets no limit.
    var controlFrameInterval: UInt64 {
        controlFramesPerSecond > 0 ? max(1, 1_000_000 / UInt64(controlFramesPerSecond)) : 0
    }
}

/// What a loop counted since it began.
package struct TransportMetrics: Equatable, Sendable {
    package var accepted: UInt64 = 0
    package var refused: UInt64 = 0
    package var connections = 0
    package var webSockets = 0
    package var requests: UInt64 = 0
    package var messagesReceived: UInt64 = 0
    /// Connections that agreed to permessage-deflate.
    package var compressing = 0
    /// Messages that were compressed for one connection.
    package var messagesDeflated: UInt64 = 0
    package var bytesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    /// Connections that were closed with a code of ours, by what went wrong.
    package var protocolViolations: UInt64 = 0
    package var slowConsumers: UInt64 = 0
    package var pingTimeouts: UInt64 = 0
    package var exceeded = LimitCounts<TransportLimit>()
    /// TLS handshakes that were completed, and those of them that resumed an earlier session.
    package var tlsHandshakes: UInt64 = 0
    package var tlsResumptions: UInt64 = 0
    /// Connections that ended before their TLS handshake did, by a mistake or by time.
    package var tlsFailures: UInt64 = 0
    /// Steps of TLS handshakes that were put off to the next tick.
    package var tlsDeferrals: UInt64 = 0

    package init() {}
}
