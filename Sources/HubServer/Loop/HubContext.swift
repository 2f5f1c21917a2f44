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
    let observer: ChannelObserver
    let origins: OriginPolicy
    /// Where each loop is reached, by its index.
    let mailboxes: [Mailbox<LoopMessage>]
    let metrics: HubMetrics
    /// Wall clock, milliseconds.
    let startedAt = WallClock.milliseconds
    let startedMonotonic = MonotonicClock.milliseconds
    /// Publications whose repetition is answered and not published again.
    let publicationKeys: IdempotencyTable
    /// What users may do over all their sessions.
    let userRates: UserRates
    /// Connections by where they come from.
    let addresses = AddressCounts()
    /// The hub ends: who asks for its health sends new clients elsewhere.
    let isStopping = Atomic<Bool>(false)

    init(
        configuration: HubConfiguration,
        logger: Logger,
        methods: MethodTable,
        registry: ChannelRegistry,
        runtime: Runtime,
        observer: ChannelObserver,
        mailboxes: [Mailbox<LoopMessage>]
    ) {
        self.configuration = configuration
        self.logger = logger
        self.methods = methods
        self.registry = registry
        self.runtime = runtime
        self.observer = observer
        self.mailboxes = mailboxes
        origins = configuration.originPolicy
        metrics = HubMetrics(loops: mailboxes.count)
        publicationKeys = IdempotencyTable(capacity: configuration.channels.maximum)
        userRates = UserRates(
            rate: configuration.limits.userCommandsPerSecond,
            burst: configuration.limits.userCommandBurst
        )
    }

    /// Tells loops, a bit for each, that a channel has something new.
    func tell(_ loops: UInt64, of channel: Channel) {
        mailboxes.tell(loops, of: channel)
    }
}

extension [Mailbox<LoopMessage>] {
    func tell(_ loops: UInt64, of channel: Channel) {
        var rest = loops
        while rest != 0 {
            let loop = rest.trailingZeroBitCount
            if loop < count { self[loop].post(.published(channel)) }
            rest &= rest - 1
        }
    }
}
