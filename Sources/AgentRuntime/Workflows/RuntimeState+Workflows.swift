import Workflows

extension RuntimeState {
    /// Returns the event's offset in the channel of its run; 0 when it is of none.
    mutating func applyToWorkflows(_ event: Event) -> UInt64 {
        guard case .workflow(let change) = event.change else { return 0 }
        switch change {
        case .defined(let version, let keptVersions):
            workflows.define(version, keeping: keptVersions)
            return 0
        case .deleted(let name, _):
            workflows.delete(name)
            return 0
        case .started(let start):
            guard let version = workflows.versions[start.versionID] else { return 0 }
            workflows.beginUse(of: version.id)
            var record = RunRecord(start, of: version, by: event)
            record.offset = 1
            record.note(event, keeping: retention.maximumRunHistory)
            runs.add(record)
            return 1
        case .advanced(let advance):
            guard let old = runs[advance.runID] else { return 0 }
            var record = old
            record.offset += 1
            record.apply(advance, by: event)
            record.note(event, keeping: retention.maximumRunHistory)
            runs.replace(old, with: record)
            if record.status.isFinal {
                runs.answer(record.id, RunAnswer(of: record.run))
                schedules.noteEnd(of: record.id)
            }
            return record.offset
        }
    }

    /// What the command that led to a change is answered with.
    func answer(to change: WorkflowChange) -> RememberedAnswer {
        switch change {
        case .defined(let version, _): .object(JSONText(version.encoded()))
        case .deleted: .nothing
        case .started, .advanced:
            change.runID.flatMap { runs[$0] }.map { .object(JSONText($0.encoded())) } ?? .nothing
        }
    }

    /// A task has become final: whoever waits for it has its answer, in the same event.
    mutating func noteEnd(of task: TaskRecord) {
        let id = task.id
        schedules.noteEnd(of: id)
        runs.answer(id, RunAnswer(of: task))
    }

    mutating func pruneRuns(at now: Timestamp) {
        while let record = runs.popExpired(at: now, retention) {
            workflows.endUse(of: record.start.versionID)
        }
    }

    mutating func adopt(runs records: [RunRecord]) {
        for record in records { workflows.beginUse(of: record.start.versionID) }
        runs.adopt(records)
    }
}
