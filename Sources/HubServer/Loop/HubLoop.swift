import AgentRuntime
import EventLoops
import HubCore
import JSONRPC
import Transport

/// One event loop of the hub with its connections, sessions and subscribers.
///
/// It owns all of them: other threads reach it by its mailbox only.
struct HubLoop: ~Copyable {
    let index: Int
    let context: HubContext
    let mailbox: Mailbox<LoopMessage>
    var transport: ServerTransport
    /// By the slot of the connection.
    var sessions: [Session?] = []
    var sessionCount = 0
    var channels = LoopChannels()
    var dirtyChannels: [Int] = []
    var subscriptionCount = 0
    /// Publications handed to subscribers, one each.
    var deliveries: UInt64 = 0
    var publications: UInt64 = 0
    /// Publications that subscribers who want the latest only were not sent.
    var lagged: UInt64 = 0
    var commands: UInt64 = 0
    var failedCommands: UInt64 = 0
    var exceeded = LimitCounts<SessionLimit>()

    /// What subscribers see in this tick of the channel at hand.
    var viewRuns = ViewRuns()
    let compressor: FrameCompressor
    var scanner: MessageScanner
    /// The answers to the message at hand.
    var answers: [UInt8] = []
    /// The result of the command at hand.
    var result: [UInt8] = []
    var publishTargets = PublishTargets()
    /// Batches with answers that are still to come.
    var batches: [UInt64: OpenBatch] = [:]
    var nextBatch: UInt64 = 0
    var nextRequest: UInt64 = 0
    /// When the hub must be gone, in milliseconds of the monotonic clock.
    var stopDeadline: UInt64?
    /// While sessions are told of the stop and closed.
    var drain: DrainSchedule<ConnectionID>?
    var nextDrainStep: UInt64 = 0
    var userShares: UserShares
    var keyShares: UserShares
    var addressShares: UserShares
    private var reportedAt: UInt64 = 0

    init(
        index: Int,
        context: HubContext,
        acceptor: consuming Acceptor,
        endpoint: LoopEndpoint,
        siblings: [LoopEndpoint]
    ) throws(SystemError) {
        self.index = index
        self.context = context
        mailbox = context.mailboxes[index]
        userShares = UserShares(context.userRates)
        keyShares = UserShares(context.keyRates)
        addressShares = UserShares(context.addressRates)
        compressor = FrameCompressor(context.configuration.compression)
        scanner = MessageScanner(maximumBatchCount: context.configuration.limits.maxBatch)
        transport = try ServerTransport(
            configuration: context.configuration.transportConfiguration,
            acceptor: acceptor,
            endpoint: endpoint,
            siblings: siblings,
            counts: context.connections,
            tls: context.tls?.source
        )
    }

    /// Has SIGTERM, SIGINT and SIGHUP reported to this loop.
    func watch(_ signals: SignalSource) throws(SystemError) {
        try transport.watch(signals.descriptor)
    }

    /// Serves until the hub was told to stop and everyone has left.
    ///
    /// - Parameter signals: Reports SIGTERM, SIGINT and SIGHUP; on the first loop only.
    mutating func run(signals: SignalSource? = nil) {
        while !isDone { takeTurn(signals: signals) }
        report()
    }

    /// Does what there is to do up to the end of a tick, after waiting for it.
    mutating func takeTurn(signals: SignalSource? = nil) {
        while !isDone {
            switch transport.nextEvent() {
            case .message(let id, let kind, let payload):
                receive(payload, kind, from: id)
            case .request(let id):
                answerRequest(id)
            case .writable(let id):
                resume(id)
            case .deadline(let id):
                passDeadline(of: id)
            case .quiet(let id):
                sendHeartbeat(id)
            case .closed(let id):
                removeSession(id)
            case .readable:
                readSignals(signals)
            case .tickEnded:
                endTick()
                return
            }
        }
    }

    var isDone: Bool {
        guard let stopDeadline else { return false }
        return transport.connectionCount == 0 || transport.now >= stopDeadline
    }

    private mutating func endTick() {
        for message in mailbox.takeAll() { handle(message) }
        serveDirtyChannels()
        advanceDrain()
        if transport.now >= reportedAt + 250 {
            report()
            if index == 0 {
                dropUnusedFeeds()
                context.registry.expire(now: transport.now)
                expirePresence()
                let budget = context.configuration.channels.memoryBytes
                if context.registry.shed(to: budget) { exceeded.note(.channelMemory) }
            }
        }
        transport.maySleep = mailbox.prepareToSleep()
    }

    private mutating func handle(_ message: LoopMessage) {
        switch message {
        case .published(let channel):
            markDirty(channel)
        case .answer(let pending, let result):
            finish(pending, with: result)
        case .subscription(let pending, let result):
            finish(pending, with: result)
        case .history(let call, let result):
            finish(call, with: result)
        case .past(let past, let result):
            finish(past, with: result)
        case .presence(let channel, let message):
            tellPresence(message, of: channel)
        case .storage(let params):
            tellEverybody("hub.storage", params)
        case .rightsChanged(let user):
            recheckSessions(of: user)
        case .worker(let id, let message):
            tellWorker(id, message)
        case .leaseEnded(let id, let lease):
            endLease(lease, of: id)
        case .stop:
            stop()
        }
    }

    private func dropUnusedFeeds() {
        let linger = UInt64(context.configuration.channels.patternLingerMs)
        guard transport.now > linger else { return }
        context.registry.dropFeeds(unusedSince: transport.now - linger)
    }

    private mutating func report() {
        reportedAt = transport.now
        context.metrics.report(
            HubMetrics.Loop(
                transport: transport.metrics,
                sessions: sessionCount,
                subscriptions: subscriptionCount,
                publications: publications,
                deliveries: deliveries,
                lagged: lagged,
                commands: commands,
                failedCommands: failedCommands,
                exceeded: exceeded,
                isDraining: stopDeadline != nil
            ),
            of: index
        )
    }
}
