import AgentRuntime
import EventLoops
import HTTPProtocol
import HubCore
import Synchronization
import Transport

/// What all loops of a hub share.
final class HubContext: Sendable {
    let configuration: HubConfiguration
    let logger: Logger
    let methods: MethodTable
    let registry: ChannelRegistry
    let runtime: Runtime
    let identity: HubIdentity
    let observer: ChannelObserver
    let past: PastReader
    /// `nil` when connections are not encrypted.
    let tls: HubTLS?
    /// `nil` when none is configured.
    let providers: ConfiguredProviders?
    let integrations: IntegrationHost
    let origins: OriginPolicy
    /// Where each loop is reached, by its index.
    let mailboxes: [Mailbox<LoopMessage>]
    let metrics: HubMetrics
    /// Wall clock, milliseconds.
    let startedAt = WallClock.milliseconds
    let startedMonotonic = MonotonicClock.milliseconds
    /// Publications whose repetition is answered and not published again.
    let publicationKeys: IdempotencyTable
    let welcome: SessionWelcome
    /// Who is in the channels of clients.
    let presence: PresenceBoard
    /// The rules of the channels of clients.
    let namespaces: NamespaceTable
    /// What users may do over all their sessions.
    let userRates: UserRates
    /// What may be done with API keys.
    let keyRates: UserRates
    /// What may be done from addresses that are not exempt.
    let addressRates: UserRates
    let connections = ConnectionCounts()
    /// The hub ends: who asks for its health sends new clients elsewhere.
    let isStopping = Atomic<Bool>(false)

    init(
        configuration: HubConfiguration,
        logger: Logger,
        methods: MethodTable,
        registry: ChannelRegistry,
        runtime: Runtime,
        identity: HubIdentity,
        observer: ChannelObserver,
        past: PastReader,
        tls: HubTLS?,
        providers: ConfiguredProviders?,
        integrations: IntegrationHost,
        mailboxes: [Mailbox<LoopMessage>]
    ) {
        self.configuration = configuration
        self.logger = logger
        self.methods = methods
        self.registry = registry
        self.runtime = runtime
        self.identity = identity
        self.observer = observer
        self.past = past
        self.tls = tls
        self.providers = providers
        self.integrations = integrations
        self.mailboxes = mailboxes
        origins = configuration.originPolicy
        metrics = HubMetrics(loops: mailboxes.count)
        publicationKeys = IdempotencyTable(capacity: configuration.channels.maximum)
        welcome = SessionWelcome(configuration)
        presence = PresenceBoard(
            PresenceTable(
                capacity: configuration.channels.presenceMembers,
                grace: UInt64(configuration.channels.presenceGraceMs)
            ),
            tell: { mailboxes.tell($0, in: registry) }
        )
        namespaces = NamespaceTable(configuration.channels)
        userRates = configuration.limits.userRates
        keyRates = configuration.limits.keyRates
        addressRates = configuration.limits.addressRates
    }

    /// Tells everybody that the hub ends.
    func beginStop() {
        runtime.announceStop()
        for mailbox in mailboxes { mailbox.post(.stop) }
    }

    /// Reads anew what may change while the hub runs, and tells the service manager
    /// (sd_notify(3)).
    func reload() {
        let microseconds = MonotonicClock.nanoseconds / 1_000
        ServiceManager.notify("RELOADING=1\nMONOTONIC_USEC=\(microseconds)")
        guard let tls else {
            logger.notice("nothing to reload: no certificate is configured")
            ServiceManager.notify("READY=1")
            return
        }
        tls.reload { ServiceManager.notify("READY=1") }
    }

    /// Tells loops, a bit for each, that a channel has something new.
    func tell(_ loops: UInt64, of channel: Channel) {
        mailboxes.tell(loops, of: channel)
    }
}

extension [Mailbox<LoopMessage>] {
    /// Lets loops sleep while there is more to tell them, or wakes those that there was something
    /// for.
    func hold(_ isTelling: Bool) {
        for mailbox in self { isTelling ? mailbox.holdWakeups() : mailbox.releaseWakeups() }
    }

    func tell(_ loops: UInt64, of channel: Channel) {
        var rest = loops
        while rest != 0 {
            let loop = rest.trailingZeroBitCount
            if loop < count { self[loop].post(.published(channel)) }
            rest &= rest - 1
        }
    }
}
