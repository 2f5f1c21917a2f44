extension HubConfiguration {
    /// Connections to the outside.
    package struct Integrations: Equatable, Sendable {
        package var maximum = 1_000
        package var timeoutMs = 20_000
        package var maxAnswerBytes = 512 << 10
        package var callsPerMinute = 600
        package var breakerFailures = 5
        package var breakerMs = 30_000
        package var webhookAttempts = 8
        package var retryMs = 1_000
        package var maxRetryMs = 300_000
    }
}

// The keys of connections to the outside.

let integrationKeys: [ConfigurationKey] = [
    .integer(
        "integrations.maximum",
        \.integrations.maximum,
        1...100_000,
        .count,
        "Connections to the outside."
    ),
    .integer(
        "integrations.timeoutMs",
        \.integrations.timeoutMs,
        1_000...600_000,
        .milliseconds,
        "How long a request of a connection may take."
    ),
    .integer(
        "integrations.maxAnswerBytes",
        \.integrations.maxAnswerBytes,
        1024...16 * KeyUnit.mebibyte,
        .bytes,
        "What a service may answer."
    ),
    .integer(
        "integrations.callsPerMinute",
        \.integrations.callsPerMinute,
        1...1_000_000,
        .count,
        "Requests of one connection; further calls are held, and events wait."
    ),
    .integer(
        "integrations.breakerFailures",
        \.integrations.breakerFailures,
        1...1_000,
        .count,
        "Failures in a row after which a service is left alone."
    ),
    .integer(
        "integrations.breakerMs",
        \.integrations.breakerMs,
        1...KeyUnit.hour,
        .milliseconds,
        "How long a service that failed again and again is left alone."
    ),
    .integer(
        "integrations.webhookAttempts",
        \.integrations.webhookAttempts,
        1...100,
        .count,
        "How often an event is sent to a webhook before it becomes a dead letter."
    ),
    .integer(
        "integrations.retryMs",
        \.integrations.retryMs,
        1...KeyUnit.hour,
        .milliseconds,
        "The longest first pause before an event is sent again; each further one is twice as long."
    ),
    .integer(
        "integrations.maxRetryMs",
        \.integrations.maxRetryMs,
        1...24 * KeyUnit.hour,
        .milliseconds,
        "The longest pause before an event is sent again."
    ),
]
