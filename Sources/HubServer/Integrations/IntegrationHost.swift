import AgentRuntime
import EventLoops
import HTTPProtocol
import Identity
import Integrations
import JSONRPC
import Outbound
import Synchronization

/// Makes the requests of connections, and notes what comes of them.
final class IntegrationHost: Sendable {
    let directory: IntegrationDirectory
    let catalogue: IntegrationCatalogue
    let configuration: HubConfiguration
    let logger: Logger
    let executor = IntegrationExecutor()
    let secrets: SecretBox
    private let runtime = Mutex<Runtime?>(nil)
    private let senders = Mutex<WebhookSenders?>(nil)
    private let clients = Mutex<OutboundClient?>(nil)
    private let states = Mutex<[String: ConnectionHealth]>([:])
    private let counted = Mutex(Figures())

    /// What was done since the start.
    struct Figures: Sendable {
        var succeeded: UInt64 = 0
        var failed: UInt64 = 0
        var held: UInt64 = 0
        var delivered: UInt64 = 0
        var retried: UInt64 = 0
        var deadLettered: UInt64 = 0
    }

    /// How a connection does at the moment.
    private struct ConnectionHealth {
        var breaker: CircuitBreaker
        var rate: RequestRate
    }

    init(
        _ configuration: HubConfiguration,
        directory: IntegrationDirectory,
        catalogue: IntegrationCatalogue,
        secrets: SecretBox,
        logger: Logger
    ) {
        self.configuration = configuration
        self.directory = directory
        self.catalogue = catalogue
        self.secrets = secrets
        self.logger = logger
    }

    /// Begins to send events to webhooks and to tell the runtime what came of requests.
    func start(_ runtime: Runtime, _ feed: EventFeed) {
        self.runtime.withLock { $0 = runtime }
        let senders = WebhookSenders(self, feed: feed)
        self.senders.withLock { $0 = senders }
        senders.start()
    }

    /// Sends nothing more; what was sent is noted.
    func stop() { senders.withLock { $0 }?.stop() }

    /// What sends the events of a webhook; `nil` when none is sent.
    func sender(_ id: String) -> WebhookSender? { senders.withLock { $0 }?.sender(id) }

    /// Says at the start which secrets cannot be opened.
    func reportMissingKeys() {
        let sealed = directory.all.flatMap { $0.secrets.values }
        for key in secrets.missingKeys(for: sealed).sorted() {
            logger.warning(
                "secrets of integrations were sealed with a key that auth.sealingKeys lacks",
                ["key": key]
            )
        }
    }

    var figures: Figures { counted.withLock { $0 } }

    var openBreakers: Int { states.withLock { $0.values.count { $0.breaker.isOpen } } }

    func count(_ body: (inout Figures) -> Void) { counted.withLock { body(&$0) } }

    /// Has the runtime note something.
    func note(_ change: IntegrationChange) {
        runtime.withLock { $0 }?.submit(
            .integration(.note(change)),
            caller: Caller(userID: "", sessionID: "")
        ) { _ in }
    }

    /// Makes requests to addresses that are allowed; made when it is first needed, because reading
    /// the authorities of the machine takes a while.
    func client() throws(IntegrationFailure) -> OutboundClient {
        do {
            return try clients.withLock { client in
                if let client { return client }
                let made = OutboundClient(
                    policy: ReachableAddresses(allowed: configuration.outbound.allowedAddresses),
                    trusting: try OutboundTrust.context(configuration),
                    maximum: configuration.outbound.maxRequests
                )
                client = made
                return made
            }
        } catch let error as KeyFileError {
            throw IntegrationFailure(.unreachable, error.problem.description)
        } catch {
            throw IntegrationFailure(.unreachable, "there is no TLS: \(error)")
        }
    }

    /// What a connection is called where its secrets are sealed.
    static func context(_ id: String, _ secret: String) -> String { "integration/\(id)/\(secret)" }

    /// A connection with its secrets opened.
    func values(of record: IntegrationRecord) throws(IntegrationFailure) -> ConnectionValues {
        var opened: [String: String] = [:]
        for (name, sealed) in record.secrets {
            do throws(SealingProblem) {
                let secret = try secrets.open(sealed, for: Self.context(record.id, name))
                opened[name] = String(decoding: secret.copy(), as: UTF8.self)
            } catch {
                throw IntegrationFailure(.secret, "the secret '\(name)': \(error)")
            }
        }
        return ConnectionValues(configuration: record.configuration, secrets: opened)
    }

    // MARK: Health

    private var now: Duration { .nanoseconds(Int64(clamping: MonotonicClock.nanoseconds)) }

    /// Asks to send one request; how long to wait before asking again when none may be sent.
    func permission(_ id: String) -> Duration? {
        let now = now
        return states.withLock { states in
            let limits = configuration.integrations
            var health =
                states[id]
                ?? ConnectionHealth(
                    breaker: CircuitBreaker(
                        failureLimit: limits.breakerFailures,
                        pause: .milliseconds(limits.breakerMs)
                    ),
                    rate: RequestRate(perMinute: limits.callsPerMinute, at: now)
                )
            defer { states[id] = health }
            if let wait = health.rate.take(at: now) { return wait }
            guard case .denied(let until) = health.breaker.request(at: now) else { return nil }
            return max(.milliseconds(10), until - now)
        }
    }

    /// Notes what came of a request.
    func ended(_ record: IntegrationRecord, _ failure: IntegrationFailure?) {
        let now = now
        let speaksAgainst = failure?.isService ?? false
        let hasOpened = states.withLock { states in
            let wasOpen = states[record.id]?.breaker.isOpen ?? false
            if speaksAgainst {
                states[record.id]?.breaker.failed(at: now)
            } else {
                states[record.id]?.breaker.succeeded()
            }
            return !wasOpen && states[record.id]?.breaker.isOpen ?? false
        }
        count { failure == nil ? ($0.succeeded &+= 1) : ($0.failed &+= 1) }
        let isFailing = directory.record(record.id)?.failure != nil
        if let failure, hasOpened, !isFailing {
            note(
                .failed(
                    id: record.id,
                    name: record.name,
                    reason: String(failure.message.prefix(300))
                )
            )
        } else if failure == nil, isFailing {
            note(.recovered(id: record.id, name: record.name))
        }
    }

    /// Lets a connection that was left alone try again at once.
    func forgive(_ id: String) {
        states.withLock { $0[id] = nil }
    }
}
