import AgentRuntime
import JSONRPC
import Synchronization

@testable import Agents

/// Keeps what a task reports.
final class RecordingContext: TaskContext {
    private let percents = Mutex<[Int]>([])

    var progress: [Int] { percents.withLock { $0 } }

    func reportProgress(_ percent: Int, message: String?) {
        percents.withLock { $0.append(percent) }
    }

    func emit(_ output: JSONValue) {}
}

extension TaskFunction {
    func callAsFunction(_ payload: JSONValue) throws -> JSONValue {
        try self(payload, context: RecordingContext())
    }

    /// The paths of what the task type refuses at submit.
    func refusedPaths(_ payload: JSONValue) -> [String] {
        type.check(payload).map(\.path)
    }
}

extension JSONValue {
    func number(_ name: String) -> Double { self[name]?.doubleValue ?? .nan }

    func texts(_ name: String) -> [String] {
        arrayValue?.compactMap { $0[name]?.stringValue } ?? []
    }

    func numbers(_ name: String) -> [Double] {
        arrayValue?.compactMap { $0[name]?.doubleValue } ?? []
    }
}

extension Double {
    func isClose(to other: Double, within tolerance: Double = 1e-12) -> Bool {
        (self - other).magnitude <= tolerance * max(1, other.magnitude)
    }
}
