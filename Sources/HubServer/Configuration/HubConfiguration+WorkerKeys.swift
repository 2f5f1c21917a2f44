extension HubConfiguration {
    /// Workers and the leases that they hold.
    package struct Workers: Equatable, Sendable {
        package var leaseMs = 30_000
        package var heartbeatMs = 10_000
        package var answerMs = 10_000
        package var maxStalls = 2
        package var maxRefusals = 3
        package var maximum = 1_000
        package var perUser = 100
        package var maxAgents = 100
    }
}

let workerKeys: [ConfigurationKey] = [
    .integer(
        "workers.leaseMs",
        \.workers.leaseMs,
        100...KeyUnit.hour,
        .milliseconds,
        "How long a worker may be at a task without a sign of life; then the task runs again."
    ),
    .integer(
        "workers.heartbeatMs",
        \.workers.heartbeatMs,
        10...KeyUnit.hour,
        .milliseconds,
        "How often workers are told to give a sign of life."
    ),
    .integer(
        "workers.answerMs",
        \.workers.answerMs,
        10...KeyUnit.hour,
        .milliseconds,
        "How long a worker may take to say that it takes a task; then it is deaf."
    ),
    .integer(
        "workers.maxStalls",
        \.workers.maxStalls,
        1...100,
        .count,
        "Leases of a task that ran out: with so many the task is dead."
    ),
    .integer(
        "workers.maxRefusals",
        \.workers.maxRefusals,
        1...1_000,
        .count,
        "Tasks that a worker may refuse one after the other; then it is deaf."
    ),
    .integer(
        "workers.maximum",
        \.workers.maximum,
        0...100_000,
        .count,
        "Workers; with more, workers.register is BUSY."
    ),
    .integer(
        "workers.perUser",
        \.workers.perUser,
        0...100_000,
        .count,
        "Workers of one user; with more, workers.register is BUSY."
    ),
    .integer(
        "workers.maxAgents",
        \.workers.maxAgents,
        0...10_000,
        .count,
        "Agents that workers have declared; with more, workers.register is a CONFLICT."
    ),
]
