import AgentRuntime
import Workflows

extension HubConfiguration {
    package struct Workflows: Equatable, Sendable {
        package var maxWorkflows = 1_000
        package var keptVersions = 10
        package var maxDefinitionBytes = 256 << 10
        package var maxRuns = 10_000
        package var maxSteps = 10_000
        package var maxDurationMs = 30 * 24 * 3_600_000
        package var maxTokens = 1_000_000
        package var maxDataBytes = 256 << 10
        package var maxMapItems = 1_000
        package var maxMapConcurrency = 40
        package var maxDepth = 8
        package var maxTriggerDepth = 4
        package var triggersPerMinute = 600
    }
}

let workflowKeys: [ConfigurationKey] = [
    .integer(
        "workflows.maxWorkflows",
        \.workflows.maxWorkflows,
        1...100_000,
        .count,
        "Workflows; with more, workflows.define of another name is BUSY."
    ),
    .integer(
        "workflows.keptVersions",
        \.workflows.keptVersions,
        1...1_000,
        .count,
        "Versions of a workflow that can be asked for; the oldest go first."
    ),
    .integer(
        "workflows.maxDefinitionBytes",
        \.workflows.maxDefinitionBytes,
        1024...KeyUnit.mebibyte,
        .bytes,
        "The definition of a workflow."
    ),
    .integer(
        "workflows.maxRuns",
        \.workflows.maxRuns,
        1...1_000_000,
        .count,
        "Runs that have not ended; with more, none begins."
    ),
    .integer(
        "workflows.maxSteps",
        \.workflows.maxSteps,
        1...10_000_000,
        .count,
        "States that a run may enter, whatever its budget says."
    ),
    .integer(
        "workflows.maxDurationMs",
        \.workflows.maxDurationMs,
        1000...KeyUnit.year,
        .milliseconds,
        "How long a run may take, whatever its budget says."
    ),
    .integer(
        "workflows.maxTokens",
        \.workflows.maxTokens,
        1...1_000_000_000,
        .count,
        "Tokens of language models that a run may use, whatever its budget says."
    ),
    .integer(
        "workflows.maxDataBytes",
        \.workflows.maxDataBytes,
        1024...KeyUnit.mebibyte,
        .bytes,
        "What goes into a state or comes out of it."
    ),
    .integer(
        "workflows.maxMapItems",
        \.workflows.maxMapItems,
        1...100_000,
        .count,
        "Items of a Map."
    ),
    .integer(
        "workflows.maxMapConcurrency",
        \.workflows.maxMapConcurrency,
        1...10_000,
        .count,
        "Iterations at a time of a Map that sets no limit."
    ),
    .integer(
        "workflows.maxDepth",
        \.workflows.maxDepth,
        0...64,
        .count,
        "How deep runs may lie in one another."
    ),
    .integer(
        "workflows.maxTriggerDepth",
        \.workflows.maxTriggerDepth,
        0...64,
        .count,
        "How many runs may lead to one another by events."
    ),
    .integer(
        "workflows.triggersPerMinute",
        \.workflows.triggersPerMinute,
        1...1_000_000,
        .count,
        "Runs of one workflow that events may start in a minute."
    ),
]

extension HubConfiguration.Workflows {
    var limits: WorkflowConfiguration {
        var limits = WorkflowConfiguration()
        limits.maximumWorkflows = maxWorkflows
        limits.keptVersions = keptVersions
        limits.maximumDefinitionBytes = maxDefinitionBytes
        limits.maximumRuns = maxRuns
        limits.maximumDepth = maxDepth
        limits.maximumTriggerDepth = maxTriggerDepth
        limits.triggersPerMinute = triggersPerMinute
        limits.run.steps = maxSteps
        limits.run.seconds = max(1, maxDurationMs / 1_000)
        limits.run.tokens = maxTokens
        limits.run.dataBytes = maxDataBytes
        limits.run.mapItems = maxMapItems
        limits.run.mapConcurrency = maxMapConcurrency
        return limits
    }
}
