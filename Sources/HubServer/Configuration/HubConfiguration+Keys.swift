import EventLoops
import HTTPProtocol

extension HubConfiguration {
    /// Every key, in the order in which `--print-config` shows them.
    package static let keys: [ConfigurationKey] =
        generalKeys + logKeys + limitKeys + timeoutKeys + channelKeys + runtimeKeys
        + retentionKeys + journalKeys + snapshotKeys

    /// The key called `path`; `nil` when there is none.
    package static func key(_ path: String) -> ConfigurationKey? { keysByPath[path] }

    private static let keysByPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
}

private let hour = 3_600_000
private let year = 366 * 24 * hour
private let mebibyte = 1 << 20
private let gibibyte = 1 << 30

private let generalKeys: [ConfigurationKey] = [
    .list(
        "listen",
        \.listen,
        mayBeEmpty: false,
        "Where to listen: ADDR:PORT, [IPV6]:PORT or unix:/path; port 0 picks a free one.",
        variable: "OMNIHUB_LISTEN"
    ) { (text) throws(ConfigurationKey.Refusal) in
        do throws(AddressError) {
            return try SocketAddress(text)
        } catch {
            throw ConfigurationKey.Refusal(error.description.printable)
        }
    },
    .path(
        "stateDirectory",
        \.stateDirectory,
        "The folder of the journal and the snapshots. Empty: $STATE_DIRECTORY, else "
            + "$XDG_STATE_HOME/omnihub, else ~/.local/state/omnihub.",
        variable: "OMNIHUB_STATE_DIR"
    ),
    .integer(
        "loops",
        \.loops,
        0...64,
        .count,
        "Event loops, each a thread; 0 stands for one per processor.",
        variable: "OMNIHUB_LOOPS"
    ),
    .bool(
        "dev",
        \.dev,
        "Makes every session an administrator; only for loopback addresses and Unix sockets."
    ),
    .list(
        "origins",
        \.origins,
        mayBeEmpty: true,
        "Origins of web pages that may connect beside those of this server, such as "
            + "https://example.org.",
        variable: "OMNIHUB_ORIGINS"
    ) { (text) throws(ConfigurationKey.Refusal) in
        guard WebOrigin(text) != nil else {
            throw ConfigurationKey.Refusal(
                "'\(text.printable)' is no origin; write SCHEME://HOST[:PORT] and nothing else"
            )
        }
        return text
    },
    .list(
        "hostNames",
        \.hostNames,
        mayBeEmpty: true,
        "Host names of this server beside localhost and its addresses."
    ) { (text) throws(ConfigurationKey.Refusal) in
        guard HTTPHost(text) != nil else {
            throw ConfigurationKey.Refusal("'\(text.printable)' is no host name")
        }
        return text
    },
]

private let logKeys: [ConfigurationKey] = [
    .choice(
        "log.level",
        \.log.level,
        "The least important lines that are still logged.",
        variable: "OMNIHUB_LOG_LEVEL"
    ),
    .choice(
        "log.format",
        \.log.format,
        "How log lines look; auto is text on a terminal, else json.",
        variable: "OMNIHUB_LOG_FORMAT"
    ),
]

private let limitKeys: [ConfigurationKey] = [
    .integer(
        "limits.maxConnections",
        \.limits.maxConnections,
        1...4_000_000,
        .count,
        "Connections of the whole hub; a further one is answered 503."
    ),
    .integer(
        "limits.maxMessageBytes",
        \.limits.maxMessageBytes,
        1024...64 * mebibyte,
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
        64 << 10...gibibyte,
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
        "limits.maxPendingCommands",
        \.limits.maxPendingCommands,
        1...1_000_000,
        .count,
        "Commands of one session that wait for the runtime; further ones are BUSY."
    ),
    .integer(
        "limits.maxHeaderBytes",
        \.limits.maxHeaderBytes,
        1024...mebibyte,
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
        0...64 * mebibyte,
        .bytes,
        "The body of an HTTP request; a larger one is answered 413."
    ),
]

private let timeoutKeys: [ConfigurationKey] = [
    .integer(
        "timeouts.requestMs",
        \.timeouts.requestMs,
        100...hour,
        .milliseconds,
        "From the first byte of an HTTP request, or the connection, to the end of its head."
    ),
    .integer(
        "timeouts.idleMs",
        \.timeouts.idleMs,
        100...hour,
        .milliseconds,
        "How long an HTTP connection may stay open between requests."
    ),
    .integer(
        "timeouts.messageMs",
        \.timeouts.messageMs,
        100...hour,
        .milliseconds,
        "From the first byte of a message to its last; a slower one is closed with 1008."
    ),
    .integer(
        "timeouts.closeMs",
        \.timeouts.closeMs,
        100...hour,
        .milliseconds,
        "How long a client may take to answer a Close frame."
    ),
    .integer(
        "timeouts.writeMs",
        \.timeouts.writeMs,
        100...hour,
        .milliseconds,
        "How long a client may read nothing of what is due to it; then its connection is cut."
    ),
    .integer(
        "timeouts.pingIntervalMs",
        \.timeouts.pingIntervalMs,
        1000...hour,
        .milliseconds,
        "Silence after which a client is pinged; after two unanswered pings it is closed with 4002."
    ),
    .integer(
        "timeouts.authenticationMs",
        \.timeouts.authenticationMs,
        100...hour,
        .milliseconds,
        "How long a session may stay unauthenticated; then it is closed with 4101."
    ),
    .integer(
        "timeouts.stopMs",
        \.timeouts.stopMs,
        0...hour,
        .milliseconds,
        "How long a graceful stop may take."
    ),
]

private let channelKeys: [ConfigurationKey] = [
    .integer(
        "channels.maximum",
        \.channels.maximum,
        16...10_000_000,
        .count,
        "Channels at the same time."
    ),
    .integer(
        "channels.historySize",
        \.channels.historySize,
        0...10_000_000,
        .count,
        "Publications that a client channel keeps."
    ),
    .integer(
        "channels.historyBytes",
        \.channels.historyBytes,
        4096...gibibyte,
        .bytes,
        "Bytes of publications that a client channel keeps."
    ),
    .integer(
        "channels.runtimeHistorySize",
        \.channels.runtimeHistorySize,
        0...10_000_000,
        .count,
        "Events that a channel of the runtime keeps."
    ),
    .integer(
        "channels.runtimeHistoryBytes",
        \.channels.runtimeHistoryBytes,
        4096...gibibyte,
        .bytes,
        "Bytes of events that a channel of the runtime keeps."
    ),
    .integer(
        "channels.answerBytes",
        \.channels.answerBytes,
        4096...gibibyte,
        .bytes,
        "Bytes of events in one answer to hub.subscribe or hub.history."
    ),
]

private let runtimeKeys: [ConfigurationKey] = [
    .integer(
        "runtime.maxPayloadBytes",
        \.runtime.maxPayloadBytes,
        1024...64 * mebibyte,
        .bytes,
        "The payload of a task."
    ),
    .integer(
        "runtime.maxResultBytes",
        \.runtime.maxResultBytes,
        1024...64 * mebibyte,
        .bytes,
        "The result of a task; an attempt with a larger one fails."
    ),
    .integer(
        "runtime.maxWaitingTasks",
        \.runtime.maxWaitingTasks,
        1...10_000_000,
        .count,
        "Tasks that are scheduled or pending; with more, tasks.create is BUSY."
    ),
    .integer(
        "runtime.maxWaiters",
        \.runtime.maxWaiters,
        1...10_000_000,
        .count,
        "Callers that wait for a task to end."
    ),
    .integer(
        "runtime.maxWaitMs",
        \.runtime.maxWaitMs,
        1000...24 * hour,
        .milliseconds,
        "The longest that tasks.wait may wait."
    ),
    .integer(
        "runtime.maxQueuedCommands",
        \.runtime.maxQueuedCommands,
        1...10_000_000,
        .count,
        "Commands of all sessions that wait for the runtime; further ones are BUSY."
    ),
    .integer(
        "runtime.maxQueuedBytes",
        \.runtime.maxQueuedBytes,
        mebibyte...64 * gibibyte,
        .bytes,
        "Bytes of the params of these commands."
    ),
    .integer(
        "runtime.defaultMaxAttempts",
        \.runtime.defaultMaxAttempts,
        1...1000,
        .count,
        "Attempts of a task that does not say how many."
    ),
    .integer(
        "runtime.maxMaxAttempts",
        \.runtime.maxMaxAttempts,
        1...1000,
        .count,
        "Attempts that a task may ask for."
    ),
    .integer(
        "runtime.maxTaskTimeoutMs",
        \.runtime.maxTaskTimeoutMs,
        1000...year,
        .milliseconds,
        "The longest that one attempt may take, whatever its task asks for."
    ),
    .integer(
        "runtime.cancelGraceMs",
        \.runtime.cancelGraceMs,
        0...hour,
        .milliseconds,
        "How long a cancelled or timed out attempt may take to stop."
    ),
    .integer(
        "runtime.lifecycleTimeoutMs",
        \.runtime.lifecycleTimeoutMs,
        100...hour,
        .milliseconds,
        "How long an agent may take to start or stop."
    ),
    .integer(
        "runtime.defaultConcurrency",
        \.runtime.defaultConcurrency,
        1...1000,
        .count,
        "Tasks that an agent works on at the same time, unless it is configured otherwise."
    ),
    .integer(
        "runtime.crashLimit",
        \.runtime.crashLimit,
        1...1_000_000,
        .count,
        "Unexpected errors of an agent within crashWindowMs that take it out of service."
    ),
    .integer(
        "runtime.crashWindowMs",
        \.runtime.crashWindowMs,
        1000...24 * hour,
        .milliseconds,
        "The time in which they are counted."
    ),
    .integer(
        "runtime.progressIntervalMs",
        \.runtime.progressIntervalMs,
        0...hour,
        .milliseconds,
        "The least time between two progress events of a task."
    ),
    .integer(
        "runtime.maxOutputEvents",
        \.runtime.maxOutputEvents,
        0...1_000_000,
        .count,
        "Output events of one attempt."
    ),
    .integer(
        "runtime.maxOutputBytes",
        \.runtime.maxOutputBytes,
        0...gibibyte,
        .bytes,
        "Bytes of all output of one attempt."
    ),
    .integer(
        "runtime.statePageObjects",
        \.runtime.statePageObjects,
        1...100_000,
        .count,
        "Objects in one page of a channel's state."
    ),
    .integer(
        "runtime.statePageBytes",
        \.runtime.statePageBytes,
        4096...gibibyte,
        .bytes,
        "Bytes of objects in one page of a channel's state."
    ),
]

private let retentionKeys: [ConfigurationKey] = [
    .integer(
        "retention.finishedMs",
        \.retention.finishedMs,
        0...100 * year,
        .milliseconds,
        "How long a task that is completed, failed or cancelled can be asked for."
    ),
    .integer(
        "retention.deadMs",
        \.retention.deadMs,
        0...100 * year,
        .milliseconds,
        "How long a task whose attempts all failed can be retried."
    ),
    .integer(
        "retention.maxTasks",
        \.retention.maxTasks,
        0...10_000_000,
        .count,
        "Tasks kept of each of these two kinds; the oldest go first."
    ),
    .integer(
        "retention.maxBytes",
        \.retention.maxBytes,
        mebibyte...64 * gibibyte,
        .bytes,
        "Bytes of their payloads and results, for each of these two kinds."
    ),
    .integer(
        "retention.answersMs",
        \.retention.answersMs,
        0...100 * year,
        .milliseconds,
        "How long a command can be repeated by its idempotencyKey without being done again."
    ),
    .integer(
        "retention.maxAnswers",
        \.retention.maxAnswers,
        0...10_000_000,
        .count,
        "Answers kept for that; the oldest go first."
    ),
]

private let journalKeys: [ConfigurationKey] = [
    .integer(
        "journal.segmentBytes",
        \.journal.segmentBytes,
        mebibyte...64 * gibibyte,
        .bytes,
        "The size at which a new file of the journal begins."
    ),
    .integer(
        "journal.reservationBytes",
        \.journal.reservationBytes,
        64 << 10...gibibyte,
        .bytes,
        "How far ahead space on the disk is reserved."
    ),
    .integer(
        "journal.retainedRecords",
        \.journal.retainedRecords,
        0...1_000_000_000,
        .count,
        "Newest records that stay on disk whatever snapshots cover; channels recover from them."
    ),
]

private let snapshotKeys: [ConfigurationKey] = [
    .integer(
        "snapshots.afterEvents",
        \.snapshots.afterEvents,
        100...1_000_000_000,
        .count,
        "Events after which a snapshot is taken."
    ),
    .integer(
        "snapshots.afterBytes",
        \.snapshots.afterBytes,
        mebibyte...64 * gibibyte,
        .bytes,
        "Bytes of journal after which a snapshot is taken."
    ),
    .integer(
        "snapshots.intervalMs",
        \.snapshots.intervalMs,
        1000...year,
        .milliseconds,
        "Time after which a snapshot is taken, if anything has happened."
    ),
]
