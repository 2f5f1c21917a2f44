package import Workflows

/// The limits of workflows and their runs.
package struct WorkflowConfiguration: Sendable {
    /// With more, `workflows.define` of another name is BUSY.
    package var maximumWorkflows = 1_000
    /// Versions of a workflow that can be asked for and started.
    package var keptVersions = 10
    package var maximumDefinitionBytes = 256 << 10
    /// Runs that have not ended; with more, none begins.
    package var maximumRuns = 10_000
    /// How deep runs may lie in one another.
    package var maximumDepth = 8
    /// How many runs may lead to one another by events.
    package var maximumTriggerDepth = 4
    /// Runs of one workflow that events start.
    package var triggersPerMinute = 600
    /// Of one run.
    package var run = WorkflowLimits()

    package init() {}
}
