/// What is wrong with a text of a workflow definition, in words for who wrote it.
package struct WorkflowProblem: Error, Equatable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// An error as a workflow sees it, by which `Retry` and `Catch` choose.
package struct WorkflowError: Error, Equatable, Sendable {
    /// Such as `States.TaskFailed`, or what an agent calls it.
    package var name: String
    package var cause: String

    package init(_ name: String, _ cause: String) {
        self.name = name
        self.cause = cause
    }
}

extension WorkflowError {
    /// The names that the language reserves, and what is special about them.
    enum Name {
        static let all = "States.ALL"
        static let timeout = "States.Timeout"
        static let taskFailed = "States.TaskFailed"
        static let branchFailed = "States.BranchFailed"
        static let noChoiceMatched = "States.NoChoiceMatched"
        static let parameterPath = "States.ParameterPathFailure"
        static let resultPath = "States.ResultPathMatchFailure"
        static let intrinsic = "States.IntrinsicFailure"
        static let tolerance = "States.ExceedToleratedFailureThreshold"
        /// Data that the definition does not fit: nothing retries or catches it.
        static let runtime = "States.Runtime"
        /// Nothing but its own name catches it.
        static let dataLimit = "States.DataLimitExceeded"
        /// The run's budget is used up: nothing retries or catches it.
        static let budget = "OmniHub.BudgetExceeded"

        static let reserved: Set<String> = [
            all, timeout, taskFailed, branchFailed, noChoiceMatched, parameterPath, resultPath,
            intrinsic, tolerance, runtime, dataLimit, "States.HeartbeatTimeout",
            "States.Permissions", "States.ItemReaderFailed", "States.ResultWriterFailed",
        ]
    }

    static func runtime(_ cause: String) -> WorkflowError {
        WorkflowError(Name.runtime, cause)
    }
}
