import JSONRPC
import Workflows

/// What a run is begun with, but for the workflow.
struct RunOrder: Sendable {
    var input: JSONValue
    var inputBytes: Int
    var owner: Owner
    var cause: RunCause
    var budget = WorkflowBudget()
    /// The run's id, if it was told already.
    var id: String?
    var correlationID: String?
    var causationID: String?
    var depth = 0
    var chain = 0
}

/// Runs that have something to do, each once.
struct ReadyRuns: Sendable {
    private var order = FIFO<String>()
    private var known: Set<String> = []

    var isEmpty: Bool { order.isEmpty }

    mutating func append(_ id: String) {
        if known.insert(id).inserted { order.append(id) }
    }

    mutating func popFirst() -> String? {
        guard let id = order.popFirst() else { return nil }
        known.remove(id)
        return id
    }
}

// How runs go on: each turn takes up what has become of attempts, and then what follows, until the
// run waits for something.
extension RuntimeCore {
    /// Events of one run before others have their turn.
    private static var eventsOfRun: Int { 32 }
    /// Events, and bytes of them, before commands have their turn.
    private static var eventsOfTurn: Int { 256 }
    private static var bytesOfTurn: Int { 1 << 20 }
    /// Room in the journal that a turn may take: the last event may be large.
    static var journalBytesOfTurn: Int { 3 << 20 }

    /// A clock that shows the time of the wall at the start and does not step.
    var steadyMs: Int64 { steadyAnchorMs + now.monotonic.wholeMilliseconds }

    var hasReadyRuns: Bool {
        !isDraining && !runsAreHeld && (!readyRuns.isEmpty || !pendingTriggers.isEmpty)
    }

    /// Takes the runs of a recovered state up where they were.
    mutating func bootWorkflows() {
        steadyAnchorMs = now.wall.millisecondsSince1970 - now.monotonic.wholeMilliseconds
        indexTriggers()
        let unfinished = state.runs.records.values.filter { !$0.status.isFinal }
            .sorted { $0.sequence < $1.sequence }
        for record in unfinished {
            for (attempt, work) in record.works.sorted(by: { $0.key < $1.key }) {
                runOfWork[work.kind.id] = record.id
                resume(work, attempt, of: record)
            }
            readyRuns.append(record.id)
        }
    }

    /// What is known to be begun and of which nothing else is known never was.
    private mutating func resume(_ work: RunWork, _ attempt: Int, of record: RunRecord) {
        guard record.answers[attempt] == nil, let begun = record.run.work(at: work.position),
            begun.attempt == attempt
        else { return }
        switch work.kind {
        case .task(let id): if state.tasks[id] != nil { return }
        case .run(let id): if state.runs[id] != nil { return }
        }
        begin(work, attempt, begun.resource, begun.input, of: record)
    }

    /// Begins a run.
    ///
    /// - Returns: Its id.
    mutating func beginRun(
        of version: WorkflowVersion,
        _ order: RunOrder,
        keys: [IdempotencyKey] = []
    ) throws(RPCError) -> String {
        try checkBeginning(of: order)
        let id = order.id ?? UUIDv7.make(at: now.wall, using: &random)
        let start = RunStart(
            runID: id,
            workflow: version.name,
            version: version.number,
            versionID: version.id,
            input: order.input,
            startedAt: steadyMs,
            owner: order.owner,
            correlationID: order.correlationID ?? id,
            cause: order.cause,
            budget: order.budget,
            depth: order.depth,
            chain: order.chain
        )
        emitWorkflow(
            .started(start),
            correlationID: start.correlationID,
            causationID: order.causationID,
            keys: keys
        )
        statistics.startedRuns += 1
        readyRuns.append(id)
        return id
    }

    /// Throws when a run cannot begin as things are.
    func checkBeginning(of order: RunOrder) throws(RPCError) {
        let limits = configuration.workflows
        guard state.runs.unfinished < limits.maximumRuns else {
            throw .busy("\(limits.maximumRuns) runs have not ended", retryAfter: .seconds(1))
        }
        guard order.inputBytes <= limits.run.dataBytes else {
            throw RPCError(
                .requestTooLarge,
                "the input has \(order.inputBytes) bytes, more than \(limits.run.dataBytes)"
            )
        }
        guard order.input.depth <= limits.run.dataDepth else {
            throw .validation("/input", "is more than \(limits.run.dataDepth) levels deep")
        }
    }

    /// Lets runs go on that can.
    mutating func advanceRuns() {
        guard !isDraining, !runsAreHeld else { return }
        var events = Self.eventsOfTurn
        let start = snapshots.bytesSince
        while events > 0, snapshots.bytesSince - start < Self.bytesOfTurn,
            let id = readyRuns.popFirst()
        {
            var rest = min(Self.eventsOfRun, events)
            events -= rest
            advance(run: id, &rest)
            events += rest
        }
    }

    private mutating func advance(run id: String, _ rest: inout Int) {
        while let record = state.runs[id], record.run.outcome == nil {
            guard rest > 0 else { return readyRuns.append(id) }
            let events = nextEvents(of: record)
            guard !events.isEmpty else { return wait(record) }
            for event in events {
                guard let record = state.runs[id] else { return }
                perform(emit(event, of: record), of: record)
                rest -= 1
            }
        }
        followEnd(ofRun: id)
    }

    private mutating func nextEvents(of record: RunRecord) -> [WorkflowEvent] {
        let limits = limits(of: record)
        if let (position, attempt, result, tokens) = takeAnswer(of: record) {
            return record.run.answered(
                position,
                attempt: attempt,
                with: result,
                tokens: tokens,
                limits: limits,
                now: steadyMs,
                random: &random
            )
        }
        let event = record.run.next(
            now: steadyMs,
            wallAhead: now.wall.millisecondsSince1970 - steadyMs,
            limits: limits,
            random: &random
        )
        return event.map { [$0] } ?? []
    }

    /// What has become of an attempt, and was not taken up.
    private func takeAnswer(
        of record: RunRecord
    ) -> (RunPosition, Int, Result<JSONValue, WorkflowError>, tokens: Int)? {
        let refused = refusedWork[record.id] ?? [:]
        let attempt = record.works.keys.filter {
            record.answers[$0] != nil || refused[$0] != nil
        }.min()
        guard let attempt, let work = record.works[attempt] else { return nil }
        if let error = refused[attempt] { return (work.position, attempt, .failure(error), 0) }
        // A task has used the first, a run within this one the other.
        let tokens = max(work.tokens, record.answers[attempt]?.tokens ?? 0)
        switch record.answers[attempt]?.outcome {
        case .failure(let error)?:
            return (work.position, attempt, .failure(error), tokens)
        case .result(let text)?:
            let value = (try? JSONValue(parsing: text.bytes)) ?? .null
            return (work.position, attempt, .success(value), tokens)
        case nil:
            return nil
        }
    }

    private mutating func wait(_ record: RunRecord) {
        guard let deadline = record.run.deadline(limits(of: record)) else { return }
        let (delay, overflow) = deadline.subtractingReportingOverflow(steadyMs)
        guard !overflow else { return }
        timers.set(.run(record.id), at: now.monotonic + .milliseconds(max(0, delay)))
    }

    private func limits(of record: RunRecord) -> WorkflowLimits {
        var limits = configuration.workflows.run
        limits.steps = min(limits.steps, record.start.budget.steps ?? .max)
        limits.seconds = min(limits.seconds, record.start.budget.seconds ?? .max)
        limits.tokens = min(limits.tokens, record.start.budget.tokens ?? .max)
        return limits
    }

    /// Lets an event of a run happen.
    ///
    /// - Returns: What is to be done about it.
    mutating func emit(
        _ event: WorkflowEvent,
        of record: RunRecord,
        keys: [IdempotencyKey] = []
    ) -> [RunEffect] {
        var run = record.run
        let effects = run.apply(event)
        var advance = RunAdvance(
            runID: record.id,
            workflow: record.start.workflow,
            createdBy: record.start.owner.userID,
            event: event,
            state: event.position.flatMap { record.run.stateName(at: $0) }
        )
        var found: [RunEffect] = []
        for effect in effects {
            switch effect {
            case .start(let position, let attempt, let resource, let input, let times):
                let id = UUIDv7.make(at: now.wall, using: &random)
                let kind: RunWork.Kind = if case .agent = resource { .task(id) } else { .run(id) }
                advance.work = kind
                let work = RunWork(position: position, kind: kind, times: times)
                found.append(.begin(work, attempt: attempt, resource, input))
            case .cancel(let attempt):
                if let work = record.works[attempt] { found.append(.cancel(work.kind)) }
            }
        }
        if case .entered = event { statistics.runSteps += 1 }
        emitWorkflow(
            .advanced(advance),
            correlationID: record.start.correlationID,
            causationID: record.lastEventID,
            keys: keys
        )
        return found
    }

    mutating func emitWorkflow(
        _ workflowChange: WorkflowChange,
        correlationID: String,
        causationID: String? = nil,
        keys: [IdempotencyKey] = []
    ) {
        let change = Change.workflow(workflowChange)
        emit(
            Event(
                id: UUIDv7.make(at: now.wall, using: &random),
                sequence: state.sequence + 1,
                agentID: "system",
                timestamp: now.wall,
                source: "runtime",
                severity: change.severity,
                correlationID: correlationID,
                causationID: causationID,
                change: change
            ),
            keys: keys
        )
    }

    /// What follows from the end of a run outside of it.
    mutating func followEnd(ofRun id: String) {
        guard let record = state.runs[id], record.status.isFinal else { return }
        timers.cancel(.run(id))
        refusedWork[id] = nil
        runOfWork[id] = nil
        if case .run(let parent, _) = record.start.cause { readyRuns.append(parent) }
        noteEndForSchedules(of: id)
    }

    /// A task has ended that a run may wait for.
    mutating func noteEndForRuns(of taskID: String) {
        if let id = runOfWork.removeValue(forKey: taskID) { readyRuns.append(id) }
    }
}
