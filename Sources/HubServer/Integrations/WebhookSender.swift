import AgentRuntime
import EventLoops
import Integrations
import JSONRPC
import Synchronization

/// Sends the events of one webhook, one after the other.
///
/// An event is sent until it was taken or has been tried often enough; then the next one is. Where
/// it is, is noted in the journal now and then: after a crash a few events are sent once more, with
/// the same id.
final class WebhookSender: Sendable {
    /// Between two notes of the position.
    private static let noteInterval = Duration.seconds(1)
    private static let noteEvents = 100
    /// How far the position may be behind without a note when no event was for this webhook.
    private static let notePassed: UInt64 = 10_000

    private let id: String
    private let host: IntegrationHost
    private let feed: EventFeed
    private let signal: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation
    private let progress: Mutex<Progress>
    private let task = Mutex<Task<Void, Never>?>(nil)

    private struct Progress {
        var position: FeedPosition
        var noted: FeedPosition
        var notedAt: ContinuousClock.Instant = .now
        /// Events sent since the position was noted.
        var sent = 0
        var isNoteScheduled = false
    }

    /// - Parameters:
    ///   - record: The webhook.
    ///   - position: Where it is; `nil` for what the record says.
    ///   - host: Makes the requests.
    ///   - feed: Has the events.
    init(
        _ record: IntegrationRecord,
        at position: FeedPosition?,
        host: IntegrationHost,
        feed: EventFeed
    ) {
        id = record.id
        self.host = host
        self.feed = feed
        progress = Mutex(
            Progress(position: position ?? record.position, noted: record.position)
        )
        (signal, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func start() {
        feed.follow(id) { [wake] in wake.yield() }
        wake.yield()
        task.withLock { task in
            task = Task.detached(executorPreference: host.executor) { [self] in await run() }
        }
    }

    func stop() {
        feed.unfollow(id)
        task.withLock { $0 }?.cancel()
        wake.finish()
        note(force: true)
    }

    /// Up to where events were sent or given up.
    var position: FeedPosition { progress.withLock(\.position) }

    /// Looks for something to send at once.
    func hurry() { wake.yield() }

    private func run() async {
        for await _ in signal {
            do {
                while try await sendPage() {}
                note(force: false)
            } catch is CancellationError {
                return
            } catch {
                host.logger.error("events of webhook \(id) cannot be read: \(error)")
                try? await Task.sleep(for: .seconds(10))
                wake.yield()
            }
        }
    }

    /// - Returns: Whether there may be more.
    private func sendPage() async throws -> Bool {
        let position = progress.withLock(\.position)
        let page = try await feed.page(after: position)
        if !page.isWhole {
            host.logger.warning(
                "webhook \(id) was away for so long that events it was not sent are gone"
            )
        }
        for event in page.events {
            try Task.checkCancellation()
            // It may have been changed, or paused, since the last one.
            guard let record = host.directory.record(id), !record.isPaused else {
                throw CancellationError()
            }
            let patterns = record.configuration["events"]?.arrayValue ?? []
            let selection = EventSelection(patterns.compactMap(\.stringValue))
            if selection.contains(event.type) { try await deliver(event, to: record) }
            progress.withLock { progress in
                progress.position.sequence = event.sequence
                progress.position.offsets[event.channel] = event.offset
            }
        }
        progress.withLock { $0.position = page.end }
        return page.end != position
    }

    private func deliver(_ event: FeedEvent, to record: IntegrationRecord) async throws {
        let limits = host.configuration.integrations
        let schedule = RetrySchedule(
            maximumAttempts: limits.webhookAttempts,
            base: .milliseconds(limits.retryMs),
            longest: .milliseconds(limits.maxRetryMs)
        )
        var attempt = 1
        while true {
            if let wait = host.permission(id) {
                try await Task.sleep(for: wait)
                continue
            }
            guard let failure = await send(event, to: record) else {
                progress.withLock { $0.sent += 1 }
                host.count { $0.delivered &+= 1 }
                note(force: false)
                return
            }
            try Task.checkCancellation()
            var random = SystemRandomNumberGenerator()
            let isGone = failure.status == 410
            let decision = schedule.decision(
                afterAttempt: isGone ? .max : attempt,
                retryAfter: failure.retryAfter,
                using: &random
            )
            guard case .retry(let delay) = decision else {
                return giveUp(event, record, failure, attempt)
            }
            host.count { $0.retried &+= 1 }
            attempt += 1
            try await Task.sleep(for: delay)
        }
    }

    /// - Returns: Why it was not taken; `nil` when it was.
    private func send(
        _ event: FeedEvent,
        to record: IntegrationRecord
    ) async -> IntegrationFailure? {
        do throws(IntegrationFailure) {
            let values = try host.values(of: record)
            _ = try await host.post(event.json, id: event.id, to: values)
            host.ended(record, nil)
            return nil
        } catch {
            host.ended(record, error)
            return error
        }
    }

    private func giveUp(
        _ event: FeedEvent,
        _ record: IntegrationRecord,
        _ failure: IntegrationFailure,
        _ attempts: Int
    ) {
        host.count { $0.deadLettered &+= 1 }
        progress.withLock { $0.sent += 1 }
        let letter = DeadLetter(
            eventID: event.id,
            sequence: event.sequence,
            type: event.type,
            channel: event.channel,
            offset: event.offset,
            reason: String(failure.message.prefix(300)),
            attempts: attempts,
            at: Timestamp(millisecondsSince1970: WallClock.milliseconds)
        )
        host.note(.deadLettered(id: id, name: record.name, letter))
    }

    /// Has the position noted, if that is due or `force` says so.
    private func note(force: Bool) {
        let due: FeedPosition? = progress.withLock { progress in
            guard progress.position != progress.noted else { return nil }
            let passed = progress.position.sequence &- progress.noted.sequence
            let isDue =
                progress.sent >= Self.noteEvents || passed >= Self.notePassed
                || progress.sent > 0 && .now - progress.notedAt >= Self.noteInterval
            guard isDue || force && progress.sent > 0 else { return nil }
            progress.noted = progress.position
            progress.notedAt = .now
            progress.sent = 0
            return progress.position
        }
        if let due { return host.note(.advanced(id: id, due)) }
        let mustSchedule = progress.withLock { progress in
            guard !force, progress.sent > 0, !progress.isNoteScheduled else { return false }
            progress.isNoteScheduled = true
            return true
        }
        guard mustSchedule else { return }
        // What was sent last is noted a moment later, though nothing else comes.
        Task.detached(executorPreference: host.executor) { [weak self] in
            try? await Task.sleep(for: Self.noteInterval)
            self?.noteLate()
        }
    }

    private func noteLate() {
        progress.withLock { $0.isNoteScheduled = false }
        note(force: false)
    }

    /// Sends events again that were given up.
    ///
    /// - Returns: How many were taken; the first that is not ends it.
    func redeliver(_ record: IntegrationRecord) async -> (sent: Int, failure: IntegrationFailure?) {
        var sent: [String] = []
        var failure: IntegrationFailure?
        for letter in record.deadLetters {
            do {
                // What is gone from disk can never be sent.
                if let event = try await feed.event(letter) {
                    failure = await send(event, to: record)
                }
            } catch {
                failure = IntegrationFailure(.held, "the past cannot be read")
            }
            guard failure == nil else { break }
            sent.append(letter.eventID)
        }
        if !sent.isEmpty { host.note(.deadLettersRemoved(id: id, eventIDs: sent)) }
        host.count { $0.delivered &+= UInt64(sent.count) }
        return (sent.count, failure)
    }
}
