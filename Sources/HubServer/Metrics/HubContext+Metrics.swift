import AgentRuntime
import EventLoops
import HubCore
import Identity
import Journal
import Synchronization
import Transport

extension HubContext {
    /// Asks the runtime for its figures, which are there the next time: who wants them never waits
    /// for the runtime's thread.
    func askRuntime() {
        guard metrics.beginAsking(now: MonotonicClock.milliseconds) else { return }
        runtime.metrics { [metrics] in metrics.report($0) }
    }

    /// All metrics; the set of labels does not depend on what clients send.
    func metricsText() -> String {
        askRuntime()
        var text = PrometheusText()
        text.single(
            "omnihub_uptime_seconds",
            .gauge,
            "Time since the start.",
            Double(MonotonicClock.milliseconds - startedMonotonic) / 1_000
        )
        text.append(loops: metrics.loopFigures)
        text.append(tls: tls?.figures ?? HubTLS.Figures())
        text.single(
            "omnihub_channels",
            .gauge,
            "Channels that exist.",
            registry.count
        )
        text.single(
            "omnihub_channel_memory_bytes",
            .gauge,
            "Memory of the histories of all channels.",
            Segment.allocatedBytes
        )
        text.single(
            "omnihub_patterns",
            .gauge,
            "Patterns with a feed.",
            registry.feedCount
        )
        text.single(
            "omnihub_presence_members",
            .gauge,
            "Members of client channels, those included who may come back.",
            presence.memberCount
        )
        text.append(past.figures)
        text.append(identity)
        text.append(providers: providers)
        text.append(integrations)
        if let figures = metrics.runtimeFigures {
            text.append(figures)
            text.append(flows: figures)
        }
        return text.text
    }
}

extension PrometheusText {
    fileprivate mutating func append(loops: [HubMetrics.Loop]) {
        func total(_ value: (HubMetrics.Loop) -> UInt64) -> UInt64 {
            loops.reduce(0) { $0 &+ value($1) }
        }
        func sum(_ value: (HubMetrics.Loop) -> Int) -> Int { loops.reduce(0) { $0 + value($1) } }
        let counters: [(String, String, UInt64)] = [
            ("accepted_connections", "Connections accepted.", total { $0.transport.accepted }),
            ("refused_connections", "Connections turned away.", total { $0.transport.refused }),
            ("http_requests", "HTTP requests, upgrades included.", total { $0.transport.requests }),
            ("messages_received", "WebSocket messages.", total { $0.transport.messagesReceived }),
            (
                "messages_deflated", "Messages that were compressed for one client.",
                total { $0.transport.messagesDeflated }
            ),
            ("received_bytes", "Bytes read from sockets.", total { $0.transport.bytesReceived }),
            ("sent_bytes", "Bytes the kernel took.", total { $0.transport.bytesSent }),
            (
                "protocol_violations", "Connections ended for breaking a protocol.",
                total { $0.transport.protocolViolations }
            ),
            (
                "slow_consumers", "Connections ended as too slow.",
                total { $0.transport.slowConsumers }
            ),
            (
                "ping_timeouts", "Connections ended without pongs.",
                total { $0.transport.pingTimeouts }
            ),
            ("tls_handshakes", "TLS handshakes.", total { $0.transport.tlsHandshakes }),
            (
                "tls_resumptions", "TLS handshakes that resumed a session.",
                total { $0.transport.tlsResumptions }
            ),
            (
                "tls_failures", "Connections ended before their TLS handshake was.",
                total { $0.transport.tlsFailures }
            ),
            (
                "tls_deferrals", "Steps of TLS handshakes put off so that others get their turn.",
                total { $0.transport.tlsDeferrals }
            ),
            ("publications", "Publications of clients.", total(\.publications)),
            ("deliveries", "Publications handed to subscribers.", total(\.deliveries)),
            (
                "lagged_publications", "Publications that slow subscribers were not sent.",
                total(\.lagged)
            ),
            ("commands", "Commands received.", total(\.commands)),
            ("failed_commands", "Commands answered with an error.", total(\.failedCommands)),
        ]
        for (name, help, value) in counters {
            single("omnihub_\(name)_total", .counter, help, value)
        }
        let name = "omnihub_limits_exceeded_total"
        metric(name, .counter, "How often a limit struck, by its key in the configuration.")
        for limit in TransportLimit.allCases {
            sample(name, ["limit": limit.key], total { $0.transport.exceeded[limit] })
        }
        for limit in SessionLimit.allCases {
            sample(name, ["limit": limit.key], total { $0.exceeded[limit] })
        }
        single(
            "omnihub_draining",
            .gauge,
            "1 while sessions are told of a stop and closed.",
            loops.contains(where: \.isDraining) ? 1 : 0
        )
        single("omnihub_connections", .gauge, "Open connections.", sum(\.transport.connections))
        single("omnihub_websockets", .gauge, "Open WebSockets.", sum(\.transport.webSockets))
        single(
            "omnihub_compressing_websockets",
            .gauge,
            "Open WebSockets that agreed to permessage-deflate.",
            sum(\.transport.compressing)
        )
        single("omnihub_sessions", .gauge, "Sessions.", sum(\.sessions))
        single("omnihub_subscriptions", .gauge, "Subscriptions.", sum(\.subscriptions))
    }

    fileprivate mutating func append(_ identity: HubIdentity) {
        let (users, sessions, keys) = identity.directory.read {
            ($0.users.count, $0.sessions.count, $0.keys.count)
        }
        single("omnihub_users", .gauge, "Users.", users)
        single("omnihub_login_sessions", .gauge, "Login sessions, expired ones included.", sessions)
        single("omnihub_api_keys", .gauge, "API keys, expired ones included.", keys)
        let tokens = identity.tokens.figures
        single(
            "omnihub_token_verifications_total",
            .counter,
            "Signatures of tokens that were verified.",
            tokens.verifications
        )
        single(
            "omnihub_verified_tokens",
            .gauge,
            "Tokens whose signatures are known to be good.",
            tokens.known
        )
        let passwords = identity.passwords.figures
        single(
            "omnihub_passwords_hashed_total",
            .counter,
            "Passwords that were hashed to be checked or set.",
            passwords.jobs
        )
        single(
            "omnihub_password_seconds_total",
            .counter,
            "Time of threads in hashing passwords.",
            passwords.seconds
        )
        single(
            "omnihub_passwords_waiting",
            .gauge,
            "Passwords that wait to be hashed.",
            passwords.waiting
        )
        single(
            "omnihub_passwords_refused_total",
            .counter,
            "Passwords that were not hashed because too many waited.",
            passwords.refused
        )
        single(
            "omnihub_throttled_logins_total",
            .counter,
            "Attempts to sign in that came too fast.",
            identity.refusedLogins
        )
        single(
            "omnihub_login_throttle_entries",
            .gauge,
            "Accounts and addresses whose attempts are remembered.",
            identity.throttleEntries
        )
    }

    fileprivate mutating func append(tls figures: HubTLS.Figures) {
        single("omnihub_tls_reloads_total", .counter, "Certificates reloaded.", figures.reloads)
        single(
            "omnihub_tls_failed_reloads_total",
            .counter,
            "Certificates that were no good when they were to be reloaded.",
            figures.failedReloads
        )
        single(
            "omnihub_tls_certificate_expiry_seconds",
            .gauge,
            "When the certificate expires, in seconds since 1970; 0 without TLS.",
            figures.expiry
        )
    }

    fileprivate mutating func append(_ past: PastReader.Figures) {
        single(
            "omnihub_history_reads_total",
            .counter,
            "Reads of the past from disk.",
            past.reads
        )
        single(
            "omnihub_history_failed_reads_total",
            .counter,
            "Reads of the past that met damage or a failing disk.",
            past.failures
        )
        single(
            "omnihub_history_scanned_bytes_total",
            .counter,
            "Bytes of the journal that these reads have looked at.",
            past.scannedBytes
        )
        single(
            "omnihub_history_pending_reads",
            .gauge,
            "Reads of the past that are under way or wait.",
            past.pending
        )
    }

    fileprivate mutating func append(_ runtime: RuntimeMetrics) {
        metric("omnihub_tasks", .gauge, "Tasks in memory by status.")
        for (status, count) in runtime.tasks {
            sample("omnihub_tasks", ["status": status.rawValue], count)
        }
        metric("omnihub_agent_queue_depth", .gauge, "Tasks that wait for an agent.")
        for agent in runtime.agents {
            sample("omnihub_agent_queue_depth", ["agent": agent.id], agent.waiting)
        }
        metric("omnihub_agent_running", .gauge, "Attempts an agent is at.")
        for agent in runtime.agents {
            sample("omnihub_agent_running", ["agent": agent.id], agent.running)
        }
        metric("omnihub_agent_tasks_total", .counter, "Tasks an agent ended, by outcome.")
        for agent in runtime.agents {
            let name = "omnihub_agent_tasks_total"
            sample(name, ["agent": agent.id, "outcome": "completed"], agent.completed)
            sample(name, ["agent": agent.id, "outcome": "failed"], agent.failed)
        }
        appendTypes(of: runtime)
        append(
            runtime.statistics.queueWait,
            "omnihub_task_queue_wait_seconds",
            "From the moment a task could run to its beginning."
        )
        append(
            runtime.statistics.attemptDuration,
            "omnihub_task_attempt_seconds",
            "How long attempts took."
        )
        single(
            "omnihub_analytics_series",
            .gauge,
            "Series of figures: of task types, methods and users.",
            runtime.series
        )
        single("omnihub_reports", .gauge, "Reports that are kept.", runtime.reports)
        single("omnihub_report_bytes", .gauge, "Memory of these reports.", runtime.reportBytes)
        single(
            "omnihub_events_total",
            .counter,
            "Events of the runtime.",
            runtime.statistics.events
        )
        single(
            "omnihub_audit_entries",
            .gauge,
            "Entries of the audit chain, since the state folder began.",
            runtime.auditEntries
        )
        single(
            "omnihub_denied_attempts_total",
            .counter,
            "Attempts that were denied and are in the audit.",
            runtime.statistics.denials
        )
        single(
            "omnihub_journaled_channels",
            .gauge,
            "Journaled channels of clients.",
            runtime.clientChannels
        )
        single(
            "omnihub_journaled_channel_bytes",
            .gauge,
            "Bytes of the publications that they keep.",
            runtime.clientBytes
        )
        append(workersOf: runtime)
        append(runtime.journal)
        single(
            "omnihub_snapshots_total",
            .counter,
            "Snapshots written.",
            runtime.statistics.snapshots
        )
        single(
            "omnihub_failed_snapshots_total",
            .counter,
            "Snapshots that could not be written.",
            runtime.statistics.failedSnapshots
        )
        single(
            "omnihub_snapshot_sequence",
            .gauge,
            "The last event in the newest snapshot of this life.",
            runtime.statistics.snapshotSequence
        )
        single(
            "omnihub_snapshot_seconds",
            .gauge,
            "How long the newest snapshot of this life took.",
            Double(runtime.statistics.snapshotMs) / 1_000
        )
        single(
            "omnihub_storage_available",
            .gauge,
            "1 while events can be written.",
            runtime.isStorageAvailable ? 1 : 0
        )
    }

    private mutating func append(_ journal: JournalMetrics) {
        single("omnihub_journal_records_total", .counter, "Records written.", journal.records)
        single("omnihub_journal_bytes_total", .counter, "Bytes written.", journal.bytes)
        single("omnihub_journal_commits_total", .counter, "Batches made durable.", journal.commits)
        single(
            "omnihub_journal_sync_seconds_total",
            .counter,
            "Time in fdatasync.",
            journal.synchronizing / .seconds(1)
        )
        single("omnihub_journal_segments", .gauge, "Segments on disk.", journal.segments)
        single("omnihub_archive_segments", .gauge, "Segments in the archive.", journal.archives)
        single(
            "omnihub_archive_bytes",
            .gauge,
            "Bytes of the archive on disk.",
            journal.archiveBytes
        )
        single(
            "omnihub_archived_segments_total",
            .counter,
            "Segments compressed into the archive.",
            journal.archivedSegments
        )
        single(
            "omnihub_archive_removed_segments_total",
            .counter,
            "Segments that the limits of the archive have removed.",
            journal.removedArchives
        )
        single(
            "omnihub_archive_failures_total",
            .counter,
            "Attempts to clear segments away that failed.",
            journal.archiveFailures
        )
    }

    private mutating func append(_ histogram: DurationHistogram, _ name: String, _ help: String) {
        metric(name, .histogram, help)
        var cumulative: UInt64 = 0
        for (bound, count) in zip(DurationHistogram.boundsMs, histogram.counts) {
            cumulative += count
            sample("\(name)_bucket", ["le": "\(Double(bound) / 1_000)"], cumulative)
        }
        sample("\(name)_bucket", ["le": "+Inf"], histogram.count)
        sample("\(name)_sum", [:], Double(histogram.sumMs) / 1_000)
        sample("\(name)_count", [:], histogram.count)
    }
}
