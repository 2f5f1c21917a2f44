import EventLoops
import HTTPProtocol

extension HubConfiguration {
    /// Every key, in the order in which `--print-config` shows them.
    package static let keys: [ConfigurationKey] =
        generalKeys + tlsKeys + authKeys + logKeys + limitKeys + timeoutKeys + compressionKeys
        + channelKeys + journaledChannelKeys + runtimeKeys + workerKeys + processKeys
        + scheduleKeys + workflowKeys + retentionKeys + journalKeys + snapshotKeys + archiveKeys
        + historyKeys + outboundKeys + integrationKeys

    /// The key called `path`; `nil` when there is none.
    package static func key(_ path: String) -> ConfigurationKey? { keysByPath[path] }

    private static let keysByPath = Dictionary(uniqueKeysWithValues: keys.map { ($0.path, $0) })
}

/// Units of the ranges of keys.
enum KeyUnit {
    static let hour = 3_600_000
    static let year = 366 * 24 * hour
    static let mebibyte = 1 << 20
    static let gibibyte = 1 << 30
}

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
    .bool(
        "coreDumps",
        \.coreDumps,
        "Lets the kernel write a core file after a crash, and debuggers attach. Such a file may "
            + "hold passwords and tokens: only to find a fault of the hub."
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

private let compressionKeys: [ConfigurationKey] = [
    .bool(
        "compression.enabled",
        \.compression.enabled,
        "Agrees to permessage-deflate (RFC 7692) with clients that offer it."
    ),
    .integer(
        "compression.level",
        \.compression.level,
        1...9,
        .count,
        "How hard to compress: 1 is fastest, 9 smallest."
    ),
    .integer(
        "compression.threshold",
        \.compression.threshold,
        0...KeyUnit.mebibyte,
        .bytes,
        "Publications whose message is shorter are sent as they are."
    ),
    .integer(
        "compression.answerThreshold",
        \.compression.answerThreshold,
        0...KeyUnit.mebibyte,
        .bytes,
        "Messages to one client that are shorter are sent as they are: each costs its own work."
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
        "channels.memoryBytes",
        \.channels.memoryBytes,
        KeyUnit.mebibyte...1024 * KeyUnit.gibibyte,
        .bytes,
        "Memory for the histories of all channels; beyond it the oldest of each give way."
    ),
    .integer(
        "channels.maxPatterns",
        \.channels.maxPatterns,
        1...10_000_000,
        .count,
        "Different patterns that are subscribed at the same time."
    ),
    .integer(
        "channels.patternLingerMs",
        \.channels.patternLingerMs,
        0...KeyUnit.hour,
        .milliseconds,
        "How long the history of a pattern is kept after its last subscriber has left."
    ),
    .integer(
        "channels.presenceMembers",
        \.channels.presenceMembers,
        0...1_000_000,
        .count,
        "Members of a client channel that are listed; further subscribers are not."
    ),
    .integer(
        "channels.presenceGraceMs",
        \.channels.presenceGraceMs,
        0...KeyUnit.hour,
        .milliseconds,
        "How long a member that chose an id stays after its connection is lost."
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
        4096...KeyUnit.gibibyte,
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
        4096...KeyUnit.gibibyte,
        .bytes,
        "Bytes of events that a channel of the runtime keeps."
    ),
    .integer(
        "channels.answerBytes",
        \.channels.answerBytes,
        4096...KeyUnit.gibibyte,
        .bytes,
        "Bytes of events in one answer to hub.subscribe or hub.history."
    ),
    ChannelNamespace.key,
]
