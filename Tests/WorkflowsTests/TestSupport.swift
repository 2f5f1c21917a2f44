import JSONRPC
import Testing
import Workflows

func json(_ text: String) throws -> JSONValue {
    try JSONValue(parsing: text)
}

/// Runs a workflow in simulated time; tests answer its tasks.
///
/// After every event the run is written and read again, and an event too: both must come back
/// as they were.
struct Simulation {
    var run: WorkflowRun
    var now: Int64 = 1_700_000_000_000
    var limits = WorkflowLimits()
    var random = SeededRandom(seed: 1)
    /// Attempts that wait for an answer, in the order in which they began.
    var tasks: [Task] = []
    var cancelled: [Int] = []
    var events: [WorkflowEvent] = []

    struct Task {
        var position: RunPosition
        var attempt: Int
        var resource: WorkflowResource
        var input: JSONValue
        var times: TaskTimes
    }

    init(_ definition: String, input: String = "{}") throws {
        let definition = try WorkflowDefinition(json(definition))
        run = WorkflowRun(
            id: "run",
            name: "flow",
            definition,
            input: try json(input),
            startedAt: now
        )
    }

    /// Goes on until the run waits for something.
    mutating func settle() throws {
        while let event = run.next(now: now, limits: limits, random: &random) {
            try apply(event)
        }
    }

    /// Goes on until the run ends or only answers of tasks can help.
    mutating func finish() throws {
        try settle()
        while run.outcome == nil, tasks.isEmpty, let time = run.deadline(limits) {
            now = max(now, time)
            try settle()
        }
    }

    /// Answers the attempt that waits longest, with its input if nothing else is said.
    mutating func answer(_ result: Result<JSONValue, WorkflowError>? = nil, tokens: Int = 0) throws
    {
        try #require(!tasks.isEmpty)
        let task = tasks.removeFirst()
        let events = run.answered(
            task.position,
            attempt: task.attempt,
            with: result ?? .success(task.input),
            tokens: tokens,
            limits: limits,
            now: now,
            random: &random
        )
        for event in events { try apply(event) }
        try settle()
    }

    mutating func apply(_ event: WorkflowEvent) throws {
        try #require(events.count < 20_000, "it never ends")
        events.append(event)
        #expect(WorkflowEvent(try json(event.json.text)) == event)
        for effect in run.apply(event) {
            switch effect {
            case .start(let position, let attempt, let resource, let input, let times):
                tasks.append(
                    Task(
                        position: position,
                        attempt: attempt,
                        resource: resource,
                        input: input,
                        times: times
                    )
                )
            case .cancel(let attempt):
                if tasks.contains(where: { $0.attempt == attempt }) { cancelled.append(attempt) }
                tasks.removeAll { $0.attempt == attempt }
            }
        }
        #expect(WorkflowRun(try json(run.json.text)) == run)
    }

    var output: JSONValue? {
        if case .succeeded(let output)? = run.outcome { output } else { nil }
    }

    var error: WorkflowError? {
        if case .failed(let error)? = run.outcome { error } else { nil }
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct SeededRandom: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
