import EventLoops

// The keys of what clients may take, in numbers and in time.

let limitKeys: [ConfigurationKey] = [
    .integer(
        "limits.maxConnections",
        \.limits.maxConnections,
        1...4_000_000,
        .count,
        "Connections of the whole hub; a further one is answered 503."
    ),
    .integer(
        "limits.maxConnectionsPerAddress",
        \.limits.maxConnectionsPerAddress,
        0...4_000_000,
        .count,
        "Connections of one IPv4 address or IPv6 /64; a further one is answered 503. 0 sets no "
            + "limit."
    ),
    .list(
        "limits.exemptAddresses",
        \.limits.exemptAddresses,
        mayBeEmpty: true,
        "Addresses that limits of addresses do not apply to, such as those of proxies: ADDRESS or "
            + "ADDRESS/LENGTH."
    ) { (text) throws(ConfigurationKey.Refusal) in
        do throws(AddressError) {
            return try AddressRange(text)
        } catch {
            throw ConfigurationKey.Refusal(error.description.printable)
        }
    },
    .integer(
        "limits.connectionsPerSecond",
        \.limits.connectionsPerSecond,
        0...10_000_000,
        .perSecond,
        "New connections of the whole hub in the long run; a further one is answered 503. 0 sets "
            + "no limit."
    ),
    .integer(
        "limits.connectionBurst",
        \.limits.connectionBurst,
        1...10_000_000,
        .count,
        "New connections at once, before connectionsPerSecond turns them away."
    ),
    .integer(
        "limits.maxMessageBytes",
        \.limits.maxMessageBytes,
        1024...64 * KeyUnit.mebibyte,
        .bytes,
        "A message from a client, over all its frames; a larger one is closed with 1009."
    ),
    .integer(
        "limits.maxBatch",
        \.limits.maxBatch,
        1...10_000,
        .count,
        "Requests in one JSON-RPC batch."
    ),
    .integer(
        "limits.maxSubscriptions",
        \.limits.maxSubscriptions,
        1...100_000,
        .count,
        "Subscriptions of one session."
    ),
    .integer(
        "limits.maxOutboundBytes",
        \.limits.maxOutboundBytes,
        64 << 10...KeyUnit.gibibyte,
        .bytes,
        "What may wait for a client that reads too slowly; with more it is closed with 4001."
    ),
    .integer(
        "limits.commandsPerSecond",
        \.limits.commandsPerSecond,
        0...10_000_000,
        .perSecond,
        "Commands of one session in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.commandBurst",
        \.limits.commandBurst,
        1...10_000_000,
        .count,
        "Commands of one session at once, before commandsPerSecond slows it."
    ),
    .integer(
        "limits.userCommandsPerSecond",
        \.limits.userCommandsPerSecond,
        0...100_000_000,
        .perSecond,
        "Commands of one user over all sessions in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.userCommandBurst",
        \.limits.userCommandBurst,
        1...100_000_000,
        .count,
        "Commands of one user at once, before userCommandsPerSecond slows them."
    ),
    .integer(
        "limits.userTasksPerSecond",
        \.limits.userTasksPerSecond,
        0...10_000_000,
        .perSecond,
        "Tasks that one user creates or retries in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.userTaskBurst",
        \.limits.userTaskBurst,
        1...10_000_000,
        .count,
        "Tasks of one user at once, before userTasksPerSecond slows them."
    ),
    .integer(
        "limits.userPublicationsPerSecond",
        \.limits.userPublicationsPerSecond,
        0...100_000_000,
        .perSecond,
        "Publications of one user in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.userPublicationBurst",
        \.limits.userPublicationBurst,
        1...100_000_000,
        .count,
        "Publications of one user at once, before userPublicationsPerSecond slows them."
    ),
    .integer(
        "limits.keyCommandsPerSecond",
        \.limits.keyCommandsPerSecond,
        0...100_000_000,
        .perSecond,
        "Commands with one API key in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.keyCommandBurst",
        \.limits.keyCommandBurst,
        1...100_000_000,
        .count,
        "Commands with one API key at once, before keyCommandsPerSecond slows them."
    ),
    .integer(
        "limits.keyTasksPerSecond",
        \.limits.keyTasksPerSecond,
        0...10_000_000,
        .perSecond,
        "Tasks created or retried with one API key in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.keyTaskBurst",
        \.limits.keyTaskBurst,
        1...10_000_000,
        .count,
        "Tasks with one API key at once, before keyTasksPerSecond slows them."
    ),
    .integer(
        "limits.keyPublicationsPerSecond",
        \.limits.keyPublicationsPerSecond,
        0...100_000_000,
        .perSecond,
        "Publications with one API key in the long run; 0 sets no limit."
    ),
    .integer(
        "limits.keyPublicationBurst",
        \.limits.keyPublicationBurst,
        1...100_000_000,
        .count,
        "Publications with one API key at once, before keyPublicationsPerSecond slows them."
    ),
    .integer(
        "limits.addressCommandsPerSecond",
        \.limits.addressCommandsPerSecond,
        0...100_000_000,
        .perSecond,
        "Commands and HTTP requests of one IPv4 address or IPv6 /64 in the long run; 0 sets no "
            + "limit."
    ),
    .integer(
        "limits.addressCommandBurst",
        \.limits.addressCommandBurst,
        1...100_000_000,
        .count,
        "Commands and HTTP requests of one address at once, before addressCommandsPerSecond slows "
            + "them."
    ),
    .integer(
        "limits.maxRateEntries",
        \.limits.maxRateEntries,
        16...10_000_000,
        .count,
        "Users, API keys, and addresses, whose rates are remembered; further ones share one entry."
    ),
    .integer(
        "limits.controlFramesPerSecond",
        \.limits.controlFramesPerSecond,
        0...1_000_000,
        .perSecond,
        "Pings and pongs of one client in the long run; with more it is closed with 1008. 0 sets "
            + "no limit."
    ),
    .integer(
        "limits.controlFrameBurst",
        \.limits.controlFrameBurst,
        1...1_000_000,
        .count,
        "Pings and pongs of one client at once, before controlFramesPerSecond ends it."
    ),
    .integer(
        "limits.maxPendingCommands",
        \.limits.maxPendingCommands,
        1...1_000_000,
        .count,
        "Commands of one session that wait for the runtime; further ones are BUSY."
    ),
    .integer(
        "limits.maxHeaderBytes",
        \.limits.maxHeaderBytes,
        1024...KeyUnit.mebibyte,
        .bytes,
        "The head of an HTTP request; a larger one is answered 431."
    ),
    .integer(
        "limits.maxHeaderFields",
        \.limits.maxHeaderFields,
        8...1000,
        .count,
        "Header fields of an HTTP request."
    ),
    .integer(
        "limits.maxBodyBytes",
        \.limits.maxBodyBytes,
        0...64 * KeyUnit.mebibyte,
        .bytes,
        "The body of an HTTP request; a larger one is answered 413."
    ),
]

let timeoutKeys: [ConfigurationKey] = [
    .integer(
        "timeouts.requestMs",
        \.timeouts.requestMs,
        100...KeyUnit.hour,
        .milliseconds,
        "From the first byte of an HTTP request, or the connection, to the end of its head."
    ),
    .integer(
        "timeouts.idleMs",
        \.timeouts.idleMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long an HTTP connection may stay open between requests."
    ),
    .integer(
        "timeouts.messageMs",
        \.timeouts.messageMs,
        100...KeyUnit.hour,
        .milliseconds,
        "From the first byte of a message to its last; a slower one is closed with 1008."
    ),
    .integer(
        "timeouts.closeMs",
        \.timeouts.closeMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long a client may take to answer a Close frame."
    ),
    .integer(
        "timeouts.writeMs",
        \.timeouts.writeMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long a client may read nothing of what is due to it; then its connection is cut."
    ),
    .integer(
        "timeouts.pingIntervalMs",
        \.timeouts.pingIntervalMs,
        1000...KeyUnit.hour,
        .milliseconds,
        "Silence after which a client is pinged, or a quarter less so that pings are spread; after "
            + "two unanswered pings it is closed with 4002."
    ),
    .integer(
        "timeouts.authenticationMs",
        \.timeouts.authenticationMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long a session may stay unauthenticated; then it is closed with 4101."
    ),
    .integer(
        "timeouts.drainMs",
        \.timeouts.drainMs,
        0...KeyUnit.hour,
        .milliseconds,
        "Over how long a stop announces itself to the sessions and closes them; 0 closes all at "
            + "once."
    ),
    .integer(
        "timeouts.stopMs",
        \.timeouts.stopMs,
        0...KeyUnit.hour,
        .milliseconds,
        "How long a graceful stop may take."
    ),
]
