package import EventLoops

/// Everything an operator can set, with its default.
///
/// ``keys`` says of each property how it is called, what it may be and what it is for; the defaults
/// are here and nowhere else. Sizes are in bytes; a property ending in `Ms` is in milliseconds.
package struct HubConfiguration: Equatable, Sendable {
    package var listen: [SocketAddress] = [.internet(.loopback(port: 7420))]
    /// Empty until ``resolveStateDirectory(environment:)``, unless it was set.
    package var stateDirectory = ""
    /// Zero stands for one per processor.
    package var loops = 0
    package var dev = false
    package var coreDumps = false
    package var origins: [String] = []
    package var hostNames: [String] = []
    package var tls = TLS()
    package var auth = Auth()
    package var log = Log()
    package var limits = Limits()
    package var timeouts = Timeouts()
    package var compression = Compression()
    package var channels = Channels()
    package var runtime = Runtime()
    package var workers = Workers()
    package var processes = Processes()
    package var schedules = Schedules()
    package var workflows = Workflows()
    package var retention = Retention()
    package var audit = Audit()
    package var journal = Journal()
    package var snapshots = Snapshots()
    package var archive = Archive()
    package var history = History()
    package var outbound = Outbound()
    package var integrations = Integrations()
    /// In the order of the configuration.
    package var providers: [ProviderSettings] = []

    package init() {}

    package struct TLS: Equatable, Sendable {
        package var certificate = ""
        package var key = ""
        package var minimumVersion = TLSVersion.v1_2
        package var clientCertificates = TLSClientCertificates.none
        package var clientAuthorities = ""
        package var strictTransportSeconds = 31_536_000
    }

    package struct Log: Equatable, Sendable {
        package var level = LogLevel.info
        package var format = LogFormat.auto
    }

    package struct Limits: Equatable, Sendable {
        package var maxConnections = 65_536
        package var maxConnectionsPerAddress = 1_000
        package var exemptAddresses = [AddressRange.loopbackIPv4, .loopbackIPv6]
        package var connectionsPerSecond = 10_000
        package var connectionBurst = 20_000
        package var maxMessageBytes = 1 << 20
        package var maxBatch = 50
        package var maxSubscriptions = 1_000
        package var maxOutboundBytes = 1 << 20
        package var commandsPerSecond = 10_000
        package var commandBurst = 20_000
        package var userCommandsPerSecond = 100_000
        package var userCommandBurst = 200_000
        package var userTasksPerSecond = 10_000
        package var userTaskBurst = 100_000
        package var userPublicationsPerSecond = 100_000
        package var userPublicationBurst = 200_000
        package var keyCommandsPerSecond = 50_000
        package var keyCommandBurst = 100_000
        package var keyTasksPerSecond = 5_000
        package var keyTaskBurst = 50_000
        package var keyPublicationsPerSecond = 50_000
        package var keyPublicationBurst = 100_000
        package var addressCommandsPerSecond = 100_000
        package var addressCommandBurst = 200_000
        package var maxRateEntries = 100_000
        package var controlFramesPerSecond = 100
        package var controlFrameBurst = 500
        package var maxPendingCommands = 4_096
        package var maxHeaderBytes = 16 << 10
        package var maxHeaderFields = 100
        package var maxBodyBytes = 1 << 20
    }

    package struct Timeouts: Equatable, Sendable {
        package var requestMs = 10_000
        package var idleMs = 60_000
        package var messageMs = 30_000
        package var closeMs = 5_000
        package var writeMs = 10_000
        package var pingIntervalMs = 25_000
        package var authenticationMs = 10_000
        package var drainMs = 1_000
        package var stopMs = 10_000
    }

    package struct Compression: Equatable, Sendable {
        package var enabled = true
        package var level = 1
        package var threshold = 128
        package var answerThreshold = 1_024
    }

    package struct Channels: Equatable, Sendable {
        package var maximum = 100_000
        package var memoryBytes = 1 << 30
        package var maxPatterns = 100_000
        package var patternLingerMs = 60_000
        package var presenceMembers = 1_000
        package var presenceGraceMs = 15_000
        package var historySize = 1_000
        package var historyBytes = 1 << 20
        package var runtimeHistorySize = 10_000
        package var runtimeHistoryBytes = 16 << 20
        package var answerBytes = 512 << 10
        package var maxJournaled = 10_000
        package var journaledBytes = 256 << 20
        package var journaledPublicationBytes = 256 << 10
        package var namespaces: [String: ChannelNamespace] = [:]
    }

    package struct Runtime: Equatable, Sendable {
        package var maxPayloadBytes = 256 << 10
        package var maxResultBytes = 1 << 20
        package var maxWaitingTasks = 100_000
        package var maxDependencies = 100
        package var maxWaiters = 10_000
        package var maxWaitMs = 300_000
        package var maxQueuedCommands = 20_000
        package var maxQueuedBytes = 64 << 20
        package var defaultMaxAttempts = 3
        package var maxMaxAttempts = 100
        package var maxTaskTimeoutMs = 3_600_000
        package var cancelGraceMs = 5_000
        package var lifecycleTimeoutMs = 30_000
        package var defaultConcurrency = 4
        package var agentThreads = 0
        package var crashLimit = 5
        package var crashWindowMs = 60_000
        package var progressIntervalMs = 100
        package var metricsEventMs = 60_000
        package var maxOutputEvents = 1_000
        package var maxOutputBytes = 1 << 20
        package var statePageObjects = 1_000
        package var statePageBytes = 768 << 10
    }

    package struct Retention: Equatable, Sendable {
        package var finishedMs = 24 * 3_600_000
        package var deadMs = 7 * 24 * 3_600_000
        package var maxTasks = 100_000
        package var maxBytes = 256 << 20
        package var answersMs = 24 * 3_600_000
        package var maxAnswers = 100_000
        package var runsMs = 7 * 24 * 3_600_000
        package var maxRuns = 10_000
        package var maxRunBytes = 64 << 20
        package var maxRunHistory = 1_000
        package var maxSeries = 256
        package var reportsMs = 7 * 24 * 3_600_000
        package var maxReports = 20
        package var maxReportBytes = 32 << 20
    }

    package struct Audit: Equatable, Sendable {
        package var denialIntervalMs = 10_000
        package var maxDenials = 32
    }

    package struct Journal: Equatable, Sendable {
        package var segmentBytes = 64 << 20
        package var reservationBytes = 4 << 20
        package var retainedRecords = 20_000
    }

    package struct Snapshots: Equatable, Sendable {
        package var afterEvents = 100_000
        package var afterBytes = 64 << 20
        package var intervalMs = 3_600_000
    }

    package struct Archive: Equatable, Sendable {
        package var maxBytes = 1 << 30
        package var maxAgeMs = 30 * 24 * 3_600_000
    }

    package struct History: Equatable, Sendable {
        package var maxReads = 2
        package var maxQueuedReads = 1_000
        package var scanBytes = 256 << 20
    }
}
