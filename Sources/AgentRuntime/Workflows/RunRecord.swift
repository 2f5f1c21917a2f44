import JSONRPC
package import Workflows

/// A run as the state keeps it.
package struct RunRecord: Equatable, Sendable {
    package let start: RunStart
    package internal(set) var run: WorkflowRun
    /// What carries the attempts out that are under way, by attempt.
    var works: [Int: RunWork] = [:]
    /// What has become of attempts and was not taken up yet: it came with the end of the task, in
    /// the same event.
    var answers: [Int: RunAnswer] = [:]
    /// What has happened, the oldest first.
    var history: [RunHistoryEntry] = []
    /// Entries that were dropped before these.
    var droppedHistory = 0
    /// Sequence of its `workflow.started`.
    var sequence: UInt64
    /// Sequence of the event that ended it.
    var finalSequence: UInt64?
    /// Offset of the newest event in the channel `workflows.<id>`.
    var offset: UInt64 = 0
    var updatedAt: Timestamp
    var endedAt: Timestamp?
    var lastEventID: String

    package var id: String { start.runID }

    package var status: RunStatus {
        switch run.outcome {
        case nil: run.isCompensating ? .compensating : .running
        case .succeeded?: .completed
        case .failed?: .failed
        case .cancelled?: .cancelled
        }
    }

    /// What a final run takes in memory, roughly: the measure of retention.
    var cost: Int {
        var bytes = start.input.encoded().count + history.count * 160 + 2_000
        if case .succeeded(let output)? = run.outcome { bytes += output.encoded().count }
        return bytes
    }
}

package enum RunStatus: String, CaseIterable, Sendable {
    case running
    /// Failed, and undoes what was completed.
    case compensating
    case completed
    case failed
    case cancelled

    package var isFinal: Bool {
        switch self {
        case .running, .compensating: false
        case .completed, .failed, .cancelled: true
        }
    }
}

/// What has become of an attempt.
struct RunAnswer: Equatable, Sendable {
    enum Outcome: Equatable, Sendable {
        case result(JSONText)
        case failure(WorkflowError)
    }

    var outcome: Outcome
    /// Of language models, that a run within this one has used.
    var tokens = 0
}

/// One line of a run's history; what the event says beside it is in the channel of the run.
struct RunHistoryEntry: Equatable, Sendable {
    enum Note: Equatable, Sendable {
        case next(String)
        case error(String)
        case task(String)
        case run(String)
        case until(Timestamp)
    }

    /// In the channel `workflows.<id>`.
    var offset: UInt64
    var time: Timestamp
    var type: EventType
    var state: String?
    var position: String?
    var note: Note?
}

extension RunRecord {
    init(_ start: RunStart, of version: WorkflowVersion, by event: Event) {
        self.start = start
        run = WorkflowRun(
            id: start.runID,
            name: start.workflow,
            version.definition,
            input: start.input,
            startedAt: start.startedAt
        )
        sequence = event.sequence
        updatedAt = event.timestamp
        lastEventID = event.id
    }

    /// Lets one of its events happen.
    mutating func apply(_ advance: RunAdvance, by event: Event) {
        _ = run.apply(advance.event)
        switch advance.event {
        case .taskStarted(let position, let attempt, _, let times):
            if let work = advance.work {
                works[attempt] = RunWork(position: position, kind: work, times: times)
            }
        case .exited(let position, _, _, _), .retried(let position, _, _, _),
            .caught(let position, _, _, _), .failed(let position, _):
            drop { $0.position.isWithin(position) }
        case .ended:
            drop { _ in true }
            endedAt = event.timestamp
            finalSequence = event.sequence
        default:
            break
        }
        updatedAt = event.timestamp
        lastEventID = event.id
    }

    /// Nobody waits any more for what these attempts come to.
    private mutating func drop(_ isOver: (RunWork) -> Bool) {
        for (attempt, work) in works where isOver(work) {
            works[attempt] = nil
            answers[attempt] = nil
        }
    }

    mutating func note(_ event: Event, keeping limit: Int) {
        var entry = RunHistoryEntry(offset: offset, time: event.timestamp, type: event.type)
        if case .workflow(.advanced(let advance)) = event.change {
            entry.state = advance.state
            entry.position = advance.event.position.flatMap { $0 == .top ? nil : $0.text }
            entry.note = advance.note
        }
        history.append(entry)
        // Some at a time, so that each costs little.
        guard history.count > limit + limit / 4 + 16 else { return }
        droppedHistory += history.count - limit
        history.removeFirst(history.count - limit)
    }
}

extension RunAdvance {
    fileprivate var note: RunHistoryEntry.Note? {
        switch event {
        case .taskStarted:
            switch work {
            case .task(let id)?: return .task(id)
            case .run(let id)?: return .run(id)
            case nil: return nil
            }
        case .exited(_, _, let next, _): return next.map { .next($0) }
        case .caught(_, let error, _, _), .failed(_, let error), .ended(.failed(let error)):
            return .error(error.name)
        case .compensated(let error): return error.map { .error($0.name) }
        case .retried(_, let error, _, _): return .error(error.name)
        case .slept(_, let time): return .until(Timestamp(millisecondsSince1970: time))
        default: return nil
        }
    }
}

extension RunAnswer {
    /// What a final task means to the run that waits for it.
    init(of task: TaskRecord) {
        if task.status == .completed, let result = task.result {
            self.init(outcome: .result(result))
            return
        }
        let error = task.error
        switch (task.status, error?.code) {
        case (.cancelled, _), (.abandoned, _):
            self.init(failure: "CANCELLED", "the task was cancelled")
        case (_, "TIMEOUT"?), (_, "DEADLINE_EXCEEDED"?):
            self.init(failure: "States.Timeout", error?.message ?? "")
        case (_, let code):
            self.init(failure: code ?? "States.TaskFailed", error?.message ?? "")
        }
    }

    /// What a run within another means to that one.
    init(of run: WorkflowRun) {
        switch run.outcome {
        case .succeeded(let output)?: self.init(outcome: .result(JSONText(output.encoded())))
        case .failed(let error)?: self.init(outcome: .failure(error))
        case .cancelled?, nil: self.init(failure: "CANCELLED", "the run was cancelled")
        }
        tokens = run.tokensUsed
    }

    private init(failure name: String, _ cause: String) {
        self.init(outcome: .failure(WorkflowError(name, cause)))
    }
}
