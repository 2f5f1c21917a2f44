import JSONRPC
package import Workflows

/// What happens to workflows and their runs: one of `workflow.*`.
package enum WorkflowChange: Equatable, Sendable {
    /// `{workflow, createdBy, defined, keptVersions}`: a new version, beside so many older ones.
    case defined(WorkflowVersion, keptVersions: Int)
    /// `{workflow, createdBy}`
    case deleted(name: String, createdBy: String)
    /// What ``RunStart`` holds.
    case started(RunStart)
    case advanced(RunAdvance)
}

/// One event of a run.
///
/// `data` has `runId`, `workflow`, `createdBy`, and what the event says, see
/// ``WorkflowEvent/json``; its `type` says which one it is.
package struct RunAdvance: Equatable, Sendable {
    package var runID: String
    package var workflow: String
    package var createdBy: String
    package var event: WorkflowEvent
    /// `state`: the one that the machine at the event's position is in.
    package var state: String?
    /// `taskId` or `childRunId`: what an attempt is carried out by.
    package var work: RunWork.Kind?
}

/// What carries an attempt of a run out.
package struct RunWork: Equatable, Sendable {
    package enum Kind: Equatable, Sendable {
        case task(String)
        case run(String)

        var id: String {
            switch self {
            case .task(let id), .run(let id): id
            }
        }
    }

    var position: RunPosition
    var kind: Kind
    var times: TaskTimes
    /// Of language models, that the task has used so far.
    var tokens = 0
}

extension WorkflowChange {
    package var type: EventType {
        switch self {
        case .defined: .workflowDefined
        case .deleted: .workflowDeleted
        case .started: .workflowStarted
        case .advanced(let advance): advance.event.type
        }
    }

    var severity: Severity {
        switch self {
        case .defined, .deleted: .medium
        case .started: .low
        case .advanced(let advance):
            switch advance.event {
            case .ended(.failed): .high
            case .ended(.cancelled), .retried, .caught, .failed, .compensating: .medium
            case .compensated(let error): error == nil ? .medium : .high
            default: .low
            }
        }
    }

    /// Whose matter it is.
    var createdBy: String {
        switch self {
        case .defined(let version, _): version.owner.userID
        case .deleted(_, let user): user
        case .started(let start): start.owner.userID
        case .advanced(let advance): advance.createdBy
        }
    }

    var runID: String? {
        switch self {
        case .defined, .deleted: nil
        case .started(let start): start.runID
        case .advanced(let advance): advance.runID
        }
    }
}

extension WorkflowEvent {
    /// The type of the event on the wire.
    var type: EventType {
        switch self {
        case .entered: .workflowStepEntered
        case .taskStarted: .workflowTaskStarted
        case .slept: .workflowStepWaiting
        case .branched: .workflowStepBranched
        case .mapped: .workflowStepMapped
        case .iterationStarted: .workflowIterationStarted
        case .exited: .workflowStepExited
        case .retried: .workflowStepRetrying
        case .caught: .workflowStepCaught
        case .failed: .workflowStepFailed
        case .tokensUsed: .workflowTokensUsed
        case .compensating: .workflowCompensating
        case .compensated: .workflowCompensated
        case .ended(.succeeded): .workflowCompleted
        case .ended(.failed): .workflowFailed
        case .ended(.cancelled): .workflowCancelled
        }
    }
}

extension EventType {
    package static let workflowDefined = EventType(rawValue: "workflow.defined")
    package static let workflowDeleted = EventType(rawValue: "workflow.deleted")
    package static let workflowStarted = EventType(rawValue: "workflow.started")
    package static let workflowStepEntered = EventType(rawValue: "workflow.stepEntered")
    package static let workflowTaskStarted = EventType(rawValue: "workflow.taskStarted")
    package static let workflowStepWaiting = EventType(rawValue: "workflow.stepWaiting")
    package static let workflowStepBranched = EventType(rawValue: "workflow.stepBranched")
    package static let workflowStepMapped = EventType(rawValue: "workflow.stepMapped")
    package static let workflowIterationStarted = EventType(
        rawValue: "workflow.iterationStarted"
    )
    package static let workflowStepExited = EventType(rawValue: "workflow.stepExited")
    package static let workflowStepRetrying = EventType(rawValue: "workflow.stepRetrying")
    package static let workflowStepCaught = EventType(rawValue: "workflow.stepCaught")
    package static let workflowStepFailed = EventType(rawValue: "workflow.stepFailed")
    package static let workflowTokensUsed = EventType(rawValue: "workflow.tokensUsed")
    package static let workflowCompensating = EventType(rawValue: "workflow.compensating")
    package static let workflowCompensated = EventType(rawValue: "workflow.compensated")
    package static let workflowCompleted = EventType(rawValue: "workflow.completed")
    package static let workflowFailed = EventType(rawValue: "workflow.failed")
    package static let workflowCancelled = EventType(rawValue: "workflow.cancelled")

    /// Whether it is about workflows, and so decoded by ``WorkflowChange``.
    var isAboutWorkflows: Bool { rawValue.hasPrefix("workflow.") }
}
