import AgentRuntime
import Agents
import Dispatch
import EventLoops
import Glibc
import HubCore
import Identity
import Integrations
import JSONSchema
import Journal
import Synchronization
import Transport

/// The hub from its start to its end.
package enum HubService {
    /// Runs the hub until it is told to stop by SIGTERM or SIGINT.
    ///
    /// Addresses are taken first, so that a busy one is told before anything is written; then the
    /// state is read, and only when the runtime works and connections are accepted is readiness
    /// told, on standard output and to the service manager.
    ///
    /// - Returns: With which status the process should end. What went wrong was logged.
    package static func run(
        _ configuration: HubConfiguration,
        logger: Logger
    ) -> ExitStatus {
        do {
            let signals = try SignalSource([SIGTERM, SIGINT, SIGHUP])
            let tls = try configuration.tlsFiles.map { files throws(TLSFileError) in
                try HubTLS(files, logger: logger)
            }
            let listeners = try listen(configuration)
            let hub = try Hub(configuration, logger, tls)
            return try hub.serve(listeners, signals)
        } catch let failure as ListenFailure {
            logger.error(failure.description)
            return failure.status
        } catch let error as TLSFileError {
            let error = ConfigurationError(error)
            for problem in error.problems { logger.error(problem.description) }
            return error.status
        } catch let error as KeyFileError {
            logger.error(error.problem.description)
            return error.status
        } catch let error as TLSError {
            logger.error("requests to others: \(error.reason)")
            return .configuration
        } catch let error as StateDirectoryError {
            logger.error(error.description)
            return ExitStatus(rawValue: error.exitStatus) ?? .ioError
        } catch let error as StateDecodingError {
            logger.error("the state folder \(configuration.stateDirectory): \(error)")
            return .configuration
        } catch let error as SystemError {
            logger.error(error.description)
            return .osError
        } catch {
            logger.error("cannot start: \(error)")
            return .software
        }
    }

    /// How long attempts that run may take to end once all clients have left.
    static let stopGrace = Duration.seconds(5)

    private static func listen(
        _ configuration: HubConfiguration
    ) throws(ListenFailure) -> [ListeningSocket] {
        var listeners: [ListeningSocket] = []
        for address in configuration.listen {
            do {
                listeners.append(try ListeningSocket(address))
            } catch {
                throw ListenFailure(address, error)
            }
        }
        return listeners
    }
}

/// A hub that is put together and not yet serving.
struct Hub {
    let configuration: HubConfiguration
    private let logger: Logger
    let endpoints: [LoopEndpoint]
    let context: HubContext
    let failure: FatalFailure
    let journal: JournalWriter
    /// Channels that were journaled before the hub ended and are no more.
    private let channelsToForget: [String]
    private let feed: EventFeed
    /// `nil` without process agents.
    let processes: ProcessHost?

    /// Reads the state and puts everything together.
    init(
        _ configuration: HubConfiguration,
        _ logger: Logger,
        _ tls: HubTLS?,
        seams: HubSeams = HubSeams()
    ) throws {
        let loops = configuration.loops > 0 ? configuration.loops : Processors.available
        let configuration = Self.fitted(configuration, loops: loops, logger)
        self.configuration = configuration
        self.logger = logger
        var endpoints: [LoopEndpoint] = []
        for _ in 0..<min(loops, 64) { endpoints.append(try LoopEndpoint()) }
        self.endpoints = endpoints
        let mailboxes = endpoints.map { Mailbox<LoopMessage>(wakeup: $0.wakeup) }

        let registry = ChannelRegistry(
            capacity: configuration.channels.maximum,
            feedCapacity: configuration.channels.maxPatterns
        )
        let observer = ChannelObserver(
            registry: registry,
            limits: configuration.channels.runtimeHistory
        ) { channel, loops in mailboxes.tell(loops, of: channel) }
        let failure = FatalFailure(mailboxes: mailboxes, logger: logger)
        self.failure = failure

        let host = try ProcessHost.needed(configuration, logger: logger)
        processes = host
        let directory = try StateDirectory(path: configuration.stateDirectory)
        let (recovered, recovery, history) = try Self.recover(directory, configuration, logger)
        let secrets = try SealingKeys.load(configuration, logger: logger)
        let integrations = IntegrationHost(
            configuration,
            directory: IntegrationDirectory(recovered.state.integrations),
            catalogue: try IntegrationCatalogue(),
            secrets: secrets,
            logger: logger
        )
        integrations.reportMissingKeys()
        let processAgents = configuration.processes.agents.compactMap { agent in
            host.map { ProcessAgent(description: agent.definition.description, host: $0) }
        }
        let agents: [any Agent] =
            seams.agents + [IntegrationAgent(host: integrations)] + processAgents
        observer.open(
            positions: Self.positions(
                recovered,
                Set(agents.map(\.description.id) + recovered.providedAgents)
            ),
            epoch: recovered.epoch,
            history: history
        )
        let namespaces = NamespaceTable(configuration.channels)
        channelsToForget = observer.open(
            recovered.clientChannels,
            epoch: recovered.epoch,
            now: Timestamp(millisecondsSince1970: WallClock.milliseconds)
        ) { name in
            let rules = namespaces.rules(of: name)
            return rules.isJournaled ? rules.history : nil
        }
        let tokens = try SigningKeys.load(configuration, logger: logger)
        let providers = try ConfiguredProviders.load(configuration)
        let users = IdentityDirectory(recovered.identity) { user in
            for mailbox in mailboxes { mailbox.post(.rightsChanged(userID: user)) }
        }
        let storage = try Runtime.openStorage(
            directory,
            resuming: recovery,
            configuration: configuration.journalConfiguration,
            worker: seams.journalWorker,
            archive: configuration.archiveConfiguration,
            archiveWork: seams.archiveWork,
            clock: { WallClock.milliseconds },
            report: { logger.warning($0) }
        )
        journal = storage.log
        let state = recovered.state
        feed = EventFeed(
            head: FeedPosition(sequence: state.sequence, offsets: state.feedOffsets),
            history: storage.history,
            scanLimit: configuration.history.scanBytes
        )
        let past = PastReader(
            storage.history,
            limits: configuration.history,
            logger: logger,
            work: seams.readWork
        )
        let runtime = try Runtime(
            recovered: recovered,
            agents: agents,
            configuration: configuration.runtimeConfiguration,
            log: seams.log(storage.log),
            snapshots: storage.snapshots,
            snapshotWork: seams.snapshotWork,
            auditLog: StateFolderAudit(directory),
            languageModels: providers,
            pastTasks: past,
            currentRules: { principal in
                users.read { $0.current(principal, now: WallClock.milliseconds) }
            },
            observers: [users, integrations.directory, seams.observer(observer), feed],
            clock: {
                Moment(
                    wall: Timestamp(millisecondsSince1970: WallClock.milliseconds),
                    monotonic: .nanoseconds(Int64(clamping: MonotonicClock.nanoseconds))
                )
            },
            random: seams.random,
            agentExecutor: try seams.agentExecutor
                ?? AgentThreads(count: configuration.runtime.agentThreads),
            telling: { mailboxes.hold($0) },
            onStorageChange: { StorageNotice($0).tell(mailboxes, logger) },
            onFatal: { failure.report($0) }
        )
        context = HubContext(
            configuration: configuration,
            logger: logger,
            methods: try MethodTable(),
            registry: registry,
            runtime: runtime,
            identity: try HubIdentity(
                configuration.auth,
                directory: users,
                tokens: tokens,
                secrets: secrets
            ),
            observer: observer,
            past: past,
            tls: tls,
            providers: providers,
            integrations: integrations,
            mailboxes: mailboxes
        )
    }

    /// Serves until told to stop, then ends in order: clients, agents, journal.
    consuming func serve(
        _ listeners: [ListeningSocket],
        _ signals: SignalSource
    ) throws(SystemError) -> ExitStatus {
        let processThread = try processes?.start(
            context.runtime,
            folder: "\(configuration.stateDirectory)/agents"
        )
        let runtimeThread = try startRuntime()
        if !channelsToForget.isEmpty {
            let hub = Caller(userID: "", sessionID: "")
            // A hub that cannot do so now, for its disk is full, does it at the next start.
            context.runtime.submit(.forgetChannels(channelsToForget), caller: hub) { _ in }
        }
        context.integrations.start(context.runtime, feed)
        context.askRuntime()
        var threads: [WorkerThread] = []
        for index in endpoints.indices.dropFirst() {
            threads.append(try startLoop(index))
        }
        var loop = try HubLoop(
            index: 0,
            context: context,
            acceptor: Acceptor(listeners: listeners, loopCount: endpoints.count),
            endpoint: endpoints[0],
            siblings: Array(endpoints.dropFirst())
        )
        try loop.watch(signals)
        tellReady(listeners)
        loop.run(signals: signals)
        for thread in threads { thread.join() }
        let status = stop()
        runtimeThread.join()
        // What is still at something was given up, and must not outlive the hub.
        processes?.mailbox.post(.shutdown)
        processThread?.join()
        return status
    }

    /// The runtime gives way to the loops where there are too few processors: what it decides late
    /// it decides together, and only those who asked for it wait.
    private func startRuntime() throws(SystemError) -> WorkerThread {
        let runtime = context.runtime
        return try WorkerThread(name: "runtime", niceness: 5) { runtime.run() }
    }

    private func startLoop(_ index: Int) throws(SystemError) -> WorkerThread {
        let context = context
        let endpoint = endpoints[index]
        let failure = failure
        return try WorkerThread(name: "loop \(index)") {
            do {
                var loop = try HubLoop(
                    index: index,
                    context: context,
                    acceptor: Acceptor(listeners: [], loopCount: 1),
                    endpoint: endpoint,
                    siblings: []
                )
                loop.run()
            } catch {
                failure.report("loop \(index) cannot start: \(error)")
            }
        }
    }

    private func tellReady(_ listeners: [ListeningSocket]) {
        if configuration.dev {
            logger.warning(
                "development mode: everyone on this machine is an administrator of this hub"
            )
        }
        var lines = ""
        for listener in listeners {
            let scheme = context.tls != nil && listener.address.isInternet ? "wss" : "ws"
            lines += "listening on \(scheme)://\(listener.address)/ws\n"
        }
        if let line = firstSignIn(listeners.map(\.address)) { lines += "\(line)\n" }
        do {
            try StandardOutput.write(lines)
        } catch {
            logger.debug("standard output is closed: \(error)")
        }
        ServiceManager.notify("READY=1")
    }

    /// How to sign in to a hub that nobody has signed in to yet.
    private func firstSignIn(_ addresses: [SocketAddress]) -> String? {
        guard !configuration.dev else { return nil }
        let folder = configuration.stateDirectory
        guard FirstAdministrator.isNeeded(context) else {
            FirstAdministrator.forget(in: folder)
            return nil
        }
        guard let token = FirstAdministrator.prepare(context) else {
            logger.warning("nobody can sign in, and no administrator could be made")
            return nil
        }
        let line = FirstAdministrator.line(token, context, at: addresses)
        FirstAdministrator.keep(line, in: folder, logger: logger)
        return line
    }

    private func stop() -> ExitStatus {
        context.integrations.stop()
        let done = DispatchSemaphore(value: 0)
        context.runtime.stop(grace: HubService.stopGrace) { done.signal() }
        done.wait()
        if failure.hasHappened { return .ioError }
        logger.notice("stopped")
        return .success
    }
}
