import HubCore
import Identity

/// An event and what the journal keeps beside it.
package struct LoggedEvent: Equatable, Sendable {
    package var event: Event
    /// Whose repetition is answered with the object that the event leaves behind.
    package var idempotencyKeys: [IdempotencyKey] = []
    /// Of an entry of the audit chain as it is published: what the next entry will name.
    package var digest: SHA256Digest?

    /// Makes the record of `event`, which is published as `json`.
    package init(event: Event, json: [UInt8], idempotencyKeys: [IdempotencyKey] = []) {
        self.event = event
        self.idempotencyKeys = idempotencyKeys
        if event.change.topic == .audit { digest = SHA256Digest(of: json) }
    }
}

extension RuntimeState {
    /// Lets an event happen: the one way in which the state changes.
    ///
    /// The same events applied to the same state give the same state, at any time and on any
    /// machine: all that is decided by a clock or by chance is in the event.
    ///
    /// - Returns: The event's places in the channels that it belongs to.
    package mutating func apply(_ logged: LoggedEvent) -> [RecordedEvent.Place] {
        change(by: logged).list(of: logged.event)
    }

    /// ``apply(_:)`` without naming the channels.
    mutating func change(by logged: LoggedEvent) -> EventPlaces {
        let event = logged.event
        sequence = event.sequence
        var places = EventPlaces(topic: event.change.topic)
        switch places.topic {
        case .task:
            places.taskOffset = applyToTask(event)
            offsets.tasks += 1
            places.offset = offsets.tasks
            places.agentOffset = advanceAgentOffset(event.agentID)
        case .agent:
            applyToAgent(event)
            offsets.agents += 1
            places.offset = offsets.agents
            places.agentOffset = advanceAgentOffset(event.agentID)
        case .system:
            if case .systemStarted(let epoch, let retention, _) = event.change {
                self.epoch = epoch
                self.retention = retention
                for id in agents.keys { agents[id]?.status = .inactive }
            }
            if case .integration(let change, _) = event.change {
                integrations.apply(change, at: event.timestamp)
            }
            offsets.system += 1
            places.offset = offsets.system
        case .audit:
            if case .audit(let entry) = event.change {
                audit.head = AuditLink(
                    number: entry.number,
                    sequence: event.sequence,
                    digest: logged.digest ?? .zero
                )
                if let trim = entry.trim {
                    audit.removedBefore = trim.before
                    audit.anchor = trim.anchor ?? AuditLink()
                }
            }
            places.offset = audit.head.number
        case .schedule:
            if case .schedule(let change) = event.change {
                schedules.apply(change, at: event.timestamp)
            }
            offsets.schedules += 1
            places.offset = offsets.schedules
        case .workflow:
            places.runOffset = applyToWorkflows(event)
            offsets.workflows += 1
            places.offset = offsets.workflows
        case .client:
            if case .channelPublished(let publication) = event.change {
                places.offset = clientChannels.apply(publication, at: event.timestamp)
            }
        case .none:
            switch event.change {
            case .reportGenerated(let report):
                reports.add(report, retention: retention)
            case .identity(let change, _):
                identity.apply(change, at: event.timestamp.millisecondsSince1970)
            case .channelTrimmed(let channel, let keptFrom):
                clientChannels.trim(channel, before: keptFrom)
            case .channelForgotten(let channel):
                clientChannels.forget(channel)
            default:
                break
            }
            if case .integration(let change, _) = event.change {
                integrations.apply(change, at: event.timestamp)
            }
        }
        count(event)
        remember(logged)
        prune(at: event.timestamp)
        return places
    }

    /// Returns the event's offset in the channel of its task; 0 when the task is not known.
    private mutating func applyToTask(_ event: Event) -> UInt64 {
        if case .taskCreated(var record) = event.change {
            record.offset += 1
            count(event, of: record)
            if record.status == .blocked {
                record.missingDependencies = openDependencies(of: record.definition).count
            }
            add(record)
            return record.offset
        }
        guard let taskID = event.taskID else { return 0 }
        let id = Identifier(taskID)
        guard let old = tasks[id] else { return 0 }
        count(event, of: old)
        var record = old
        record.offset += 1
        record.updatedAt = event.timestamp
        var isTransition = true
        measure(event, of: old)
        switch event.change {
        case .taskScheduled(let runAt):
            record.runAt = runAt
        case .taskStarted(let attempt, _, _):
            record.status = .running
            record.attempts = attempt
            record.progress = 0
            record.startedAt = event.timestamp
        case .taskProgress(let percent, _, _):
            record.progress = percent
            isTransition = false
        case .taskUsage(_, let usage, _):
            let (tokens, overflow) = usage.prompt.addingReportingOverflow(usage.completion)
            runs.use(overflow ? .max : tokens, by: taskID)
            isTransition = false
        case .taskOutput:
            isTransition = false
        case .taskCompleted(let result, _, _):
            record.end(as: .completed, by: event)
            record.progress = 100
            record.result = result
            record.error = nil
            countDependency(id)
        case .taskFailed(let error, _):
            record.end(as: .failed, by: event)
            record.error = error
        case .taskDead(let error, _):
            record.end(as: .dead, by: event)
            record.error = error
        case .taskCancelled:
            record.end(as: .cancelled, by: event)
        case .taskAbandoned:
            record.end(as: .abandoned, by: event)
        case .taskReleased(let attempt, _):
            record.status = .pending
            record.progress = 0
            record.attempts = max(0, attempt - 1)
        case .taskRetrying(let error, _, _, let runAt, let requestedBy):
            record.status = .pending
            if error?.code == TaskError.stalled { record.stalls += 1 }
            record.progress = 0
            record.error = error
            record.runAt = runAt
            record.completedAt = nil
            record.finalSequence = nil
            if requestedBy != nil {
                record.attempts = 0
                record.stalls = 0
                // One that has run had all that it depends on.
                if record.startedAt == nil, !record.definition.dependencies.isEmpty {
                    let open = openDependencies(of: record.definition)
                    record.missingDependencies = open.count
                    if !open.isEmpty { record.status = .blocked }
                }
            }
        case .taskUnblocked:
            record.status =
                record.runAt.map { $0 > event.timestamp } == true ? .scheduled : .pending
        default:
            isTransition = false
        }
        if isTransition { record.lastEventID = event.id }
        replace(old, with: record)
        if record.status.isFinal, !old.status.isFinal { noteEnd(of: record) }
        return record.offset
    }

    private mutating func applyToAgent(_ event: Event) {
        let id = event.agentID
        switch event.change {
        case .agentInitialized:
            if agents[id] == nil { agents[id] = AgentRecord(id: id) }
        case .agentStarted:
            agents[id]?.status = .active
            if agents[id]?.desiredStatus != .paused { agents[id]?.desiredStatus = .active }
        case .agentStopped:
            agents[id]?.status = .inactive
            agents[id]?.desiredStatus = .inactive
        case .agentPaused:
            agents[id]?.status = .paused
            agents[id]?.desiredStatus = .paused
        case .agentResumed:
            agents[id]?.status = .active
            agents[id]?.desiredStatus = .active
        case .agentFailed:
            agents[id]?.status = .error
        case .agentConfigured(let configuration):
            agents[id]?.configuration = configuration
        case .agentProvided(let definition):
            agents[id]?.definition = definition
        default:
            break
        }
    }

    /// Returns the next offset of the agent's channel; 0 when the agent is not known.
    private mutating func advanceAgentOffset(_ id: String) -> UInt64 {
        guard let index = agents.index(forKey: id) else { return 0 }
        agents.values[index].offset += 1
        return agents.values[index].offset
    }

    private mutating func remember(_ logged: LoggedEvent) {
        guard !logged.idempotencyKeys.isEmpty else { return }
        let answer: RememberedAnswer
        if case .identity(let change, _) = logged.event.change {
            answer = identity.users[change.userID].map { .user($0) } ?? .nothing
        } else if case .schedule(let change) = logged.event.change {
            answer = schedules[change.scheduleID].map { .schedule($0) } ?? .nothing
        } else if case .workflow(let change) = logged.event.change {
            answer = self.answer(to: change)
        } else if let name = logged.event.change.clientChannel, let log = clientChannels[name] {
            let epoch = ClientChannels.epoch(of: log.birth, in: epoch)
            answer = .position(StreamPosition(epoch: epoch, offset: log.offset))
        } else if case .reportGenerated(let report) = logged.event.change {
            answer = .report(report)
        } else if let id = logged.event.taskID, let record = tasks[id] {
            answer = .task(record)
        } else if let record = agents[logged.event.agentID] {
            answer = .agent(record)
        } else {
            return
        }
        for key in logged.idempotencyKeys {
            answers.remember(
                .init(answer: answer, time: logged.event.timestamp, sequence: sequence),
                for: key
            )
        }
    }
}

extension TaskRecord {
    fileprivate mutating func end(as status: TaskStatus, by event: Event) {
        self.status = status
        completedAt = event.timestamp
        finalSequence = event.sequence
    }
}

extension Change {
    /// Which channels an event of this kind is in.
    enum Topic {
        case task, agent, system, audit, schedule, workflow
        /// The one that the event names.
        case client
        /// In the journal only.
        case none
    }

    var topic: Topic {
        switch self {
        case .taskCreated, .taskScheduled, .taskStarted, .taskProgress, .taskOutput, .taskUsage,
            .taskCompleted, .taskFailed, .taskRetrying, .taskCancelled, .taskAbandoned, .taskDead,
            .taskReleased, .taskUnblocked:
            .task
        case .agentInitialized, .agentStarted, .agentStopped, .agentPaused, .agentResumed,
            .agentFailed, .agentConfigured, .agentMetrics, .agentProvided, .workerRegistered,
            .workerDeaf, .workerLeft:
            .agent
        case .systemStarted, .systemDraining, .systemSnapshot, .systemDegraded, .systemRecovered:
            .system
        case .audit:
            .audit
        case .schedule:
            .schedule
        case .workflow:
            .workflow
        case .channelPublished:
            .client
        case .agentUnchanged, .identity, .channelTrimmed, .channelForgotten, .reportGenerated:
            .none
        case .integration(let change, _):
            change.isPublished ? .system : .none
        }
    }
}
