import JSONRPC
import Testing

@testable import AgentRuntime

/// What must hold of a queue whatever comes, judged by the events alone.
@Suite("A queue of mixed work")
struct QueueLifeTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `keeps its promises`(seed: UInt64) throws {
        var life = try QueueLife(seed: seed)
        for number in 0..<400 {
            try life.step()
            guard number % 8 == 0 else { continue }
            try checkDedupeKeys(of: life.hub.state)
            checkCounts(of: life.hub.state)
        }
        life.settle()
        let log = life.wholeLog

        #expect(!life.hub.state.tasks.values.contains { !$0.status.isFinal })
        #expect(life.hub.state.dedupeKeys.count == 0)
        #expect(log.endsAreUnique)
        #expect(try RuntimeState.replaying(log) == life.hub.state)
        checkRate(QueueLife.workerRate, in: log) { $0.hasPrefix("worker.") }
        checkRate(QueueLife.typeRate, in: log) { $0 == "worker.once" }
        checkPlaces(of: "worker", QueueLife.workerPlaces, in: log)
        checkPlaces(of: "other", QueueLife.otherPlaces, in: log)
        checkDependencies(in: log)
        checkOvertaking(in: log)
    }

    @Test func `meets what it is to be tried by`() throws {
        var life = try QueueLife(seed: 7)
        for _ in 0..<500 { try life.step() }
        life.settle()
        let types = life.wholeLog.map(\.event.type)

        #expect(life.refusedKeys > 5)
        #expect(life.restarts > 0)
        #expect(types.filter { $0 == .taskUnblocked }.count > 5)
        #expect(types.filter { $0 == .taskDead }.count > 1)
        #expect(types.filter { $0 == .taskCancelled }.count > 5)
        #expect(types.filter { $0 == .taskStarted }.count > 100)
        #expect(types.contains(.agentMetrics))
        #expect(
            life.wholeLog.contains {
                guard case .taskFailed(let error, _) = $0.event.change else { return false }
                return error.code == "DEPENDENCY_FAILED"
            }
        )
    }

    /// Every key is held by the one unfinished task that has it.
    private func checkDedupeKeys(of state: RuntimeState) throws {
        var held = 0
        for type in ["worker.work", "worker.once", "other.work"] {
            for key in QueueLife.keys {
                let holders = state.tasks.values.filter {
                    $0.definition.type == type && $0.definition.dedupeKey == key
                        && !$0.status.isFinal
                }
                try #require(holders.count <= 1)
                let holder = state.dedupeKeys.holder(of: key, type: type)
                try #require(holder == holders.first?.definition.identifier)
                held += holders.count
            }
        }
        try #require(state.dedupeKeys.count == held)
    }

    private func checkCounts(of state: RuntimeState) {
        let waiting = state.tasks.values.count { $0.status.isReady || $0.status == .blocked }
        #expect(state.waitingCount == waiting)
        #expect(state.agents.values.reduce(0) { $0 + $1.waiting } == waiting)
    }

    /// In any length of time, at most the burst and what the rate brings meanwhile.
    private func checkRate(
        _ rate: QueueLife.Window,
        in log: [LoggedEvent],
        of isMeant: (String) -> Bool
    ) {
        var types: [String: String] = [:]
        var starts: [Int64] = []
        for logged in log {
            switch logged.event.change {
            case .taskCreated(let record): types[record.id] = record.definition.type
            case .taskStarted:
                guard let type = logged.event.taskID.flatMap({ types[$0] }), isMeant(type) else {
                    continue
                }
                starts.append(logged.event.timestamp.millisecondsSince1970)
            default: break
            }
        }
        for (index, first) in starts.enumerated() {
            for last in starts[index...].indices {
                // Times are in whole milliseconds.
                let elapsed = starts[last] - first + 1
                let allowed = Int64(rate.burst) * Int64(rate.seconds) * 1000
                let attempts = Int64(last - index + 1) * Int64(rate.seconds) * 1000
                if attempts > allowed + elapsed * Int64(rate.count) {
                    Issue.record("\(last - index + 1) attempts within \(elapsed) ms")
                    return
                }
            }
        }
    }

    /// Never more tasks running than there are places.
    private func checkPlaces(of agent: String, _ places: Int, in log: [LoggedEvent]) {
        var running: Set<String> = []
        var most = 0
        for logged in log {
            guard logged.event.agentID == agent, let id = logged.event.taskID else { continue }
            switch logged.event.change {
            case .taskStarted: running.insert(id)
            case .taskProgress, .taskOutput, .audit: break
            default: running.remove(id)
            }
            most = max(most, running.count)
        }
        #expect((1...places).contains(most))
    }

    /// A task begins after all that it depends on has completed, and fails when one of it fails.
    private func checkDependencies(in log: [LoggedEvent]) {
        var needs: [String: [String]] = [:]
        var completed: Set<String> = []
        var order: [String: Int] = [:]
        for logged in log {
            guard let id = logged.event.taskID else { continue }
            switch logged.event.change {
            case .taskCreated(let record):
                order[id] = order.count
                needs[id] = record.definition.dependencies.map(\.text)
                // Only on what was there: that is why there are no cycles.
                for need in needs[id] ?? [] where order[need] == nil {
                    Issue.record("\(id) depends on what is not there")
                }
            case .taskStarted:
                for need in needs[id] ?? [] where !completed.contains(need) {
                    Issue.record("\(id) began before \(need) was completed")
                }
            case .taskCompleted: completed.insert(id)
            default: break
            }
        }
    }

    /// No task is overtaken by one of the same type and agent that could run 180 s later than it.
    private func checkOvertaking(in log: [LoggedEvent]) {
        var types: [String: String] = [:]
        var ready: [String: Int64] = [:]
        var needs: [String: [Identifier]] = [:]
        var completed: Set<Identifier> = []
        // Time jumps in steps, so a moment is noticed so much later.
        let bound = Int64(180_000 + QueueLife.longestStepMs)
        for logged in log {
            guard let id = logged.event.taskID else { continue }
            let time = logged.event.timestamp.millisecondsSince1970
            switch logged.event.change {
            case .taskCreated(let record):
                types[id] = record.definition.type
                needs[id] = record.definition.dependencies
                guard record.status != .blocked else { continue }
                ready[id] = record.runAt?.millisecondsSince1970 ?? time
            case .taskRetrying(_, _, _, let runAt, _):
                guard needs[id, default: []].allSatisfy(completed.contains) else { continue }
                ready[id] = max(time, runAt.millisecondsSince1970)
            case .taskUnblocked: ready[id] = time
            case .taskStarted:
                guard let mine = ready.removeValue(forKey: id) else { continue }
                let overtaken = ready.filter {
                    types[$0.key] == types[id] && $0.value + bound < mine
                }
                if !overtaken.isEmpty { Issue.record("\(id) overtook \(overtaken.keys)") }
            case .taskCompleted:
                completed.insert(Identifier(id))
                ready[id] = nil
            case .taskFailed, .taskDead, .taskCancelled, .taskAbandoned:
                ready[id] = nil
            default: break
            }
        }
    }
}
