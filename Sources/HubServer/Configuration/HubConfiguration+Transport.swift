package import HTTPProtocol
package import Transport
package import WebSocketProtocol

extension HubConfiguration {
    /// The limits of the loops' connections.
    package var transportConfiguration: TransportConfiguration {
        var transport = TransportConfiguration()
        transport.http = HTTPLimits(
            startLineBytes: min(8 << 10, limits.maxHeaderBytes),
            headBytes: limits.maxHeaderBytes,
            fieldCount: limits.maxHeaderFields,
            bodyBytes: limits.maxBodyBytes
        )
        transport.receive = ReceiveLimits(maximumMessageLength: limits.maxMessageBytes)
        transport.maximumOutboundBytes = limits.maxOutboundBytes
        transport.admission = TransportConfiguration.Admission(limits)
        transport.controlFramesPerSecond = limits.controlFramesPerSecond
        transport.controlFrameBurst = limits.controlFrameBurst
        transport.compressionLevel = compression.level
        transport.compressionThreshold = compression.answerThreshold
        transport.requestTimeout = UInt64(timeouts.requestMs)
        transport.idleTimeout = UInt64(timeouts.idleMs)
        transport.closeTimeout = UInt64(timeouts.closeMs)
        transport.messageTimeout = UInt64(timeouts.messageMs)
        transport.pingInterval = UInt64(timeouts.pingIntervalMs)
        transport.writeTimeout = UInt64(timeouts.writeMs)
        transport.answerFields = Self.answerFields
        if tls.strictTransportSeconds > 0 {
            transport.encryptedAnswerFields = HTTPHeaders([
                ("Strict-Transport-Security", "max-age=\(tls.strictTransportSeconds)")
            ])
        }
        return transport
    }

    /// What every answer tells browsers: no scripts but files of this hub, no frames around its
    /// pages, no guessing of media types, and no URL of the hub for other sites.
    private static let answerFields = HTTPHeaders([
        (
            "Content-Security-Policy",
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; base-uri 'none'; form-action 'none'; "
                + "frame-ancestors 'none'"
        ),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ])

    /// What the hub wants of permessage-deflate; `nil` when it does not compress.
    ///
    /// No context is kept in either direction: a publication is compressed once for all its
    /// subscribers, and an idle connection needs no codecs.
    package var deflate: DeflateParameters? {
        guard compression.enabled else { return nil }
        return DeflateParameters(serverNoContextTakeover: true, clientNoContextTakeover: true)
    }

    /// Which web pages may connect.
    package var originPolicy: OriginPolicy {
        OriginPolicy(
            allowedOrigins: Set(origins.compactMap { WebOrigin($0) }),
            hosts: Set(hostNames.compactMap { HTTPHost($0) })
        )
    }
}

extension TransportConfiguration.Admission {
    fileprivate init(_ limits: HubConfiguration.Limits) {
        self.init()
        maximumConnections = limits.maxConnections
        connectionsPerAddress = limits.maxConnectionsPerAddress
        exempt = limits.exemptAddresses
        connectionsPerSecond = limits.connectionsPerSecond
        burst = limits.connectionBurst
    }
}
