import Workflows

/// All workflows: the versions that can be asked for, and those that runs still need.
struct WorkflowTable: Equatable, Sendable {
    /// Versions by name, the oldest first.
    private(set) var names: [String: [String]] = [:]
    private(set) var versions: [String: WorkflowVersion] = [:]
    /// How many runs there are of a version; follows from the runs.
    private var uses: [String: Int] = [:]

    static func == (one: WorkflowTable, other: WorkflowTable) -> Bool {
        one.names == other.names && one.versions == other.versions
    }

    /// The newest version of a workflow.
    subscript(name: String) -> WorkflowVersion? {
        names[name]?.last.flatMap { versions[$0] }
    }

    /// One of the versions of a workflow that are kept.
    func version(_ number: Int, of name: String) -> WorkflowVersion? {
        names[name]?.lazy.compactMap { versions[$0] }.first { $0.number == number }
    }

    /// The newest versions, by name.
    var newest: [WorkflowVersion] {
        names.values.compactMap { $0.last.flatMap { versions[$0] } }
            .sorted { $0.name < $1.name }
    }

    /// All that a snapshot keeps; the order of those of one name counts.
    var inOrder: [WorkflowVersion] {
        versions.values.sorted { ($0.name, $0.number, $0.id) < ($1.name, $1.number, $1.id) }
    }

    func isNamed(_ version: WorkflowVersion) -> Bool {
        names[version.name]?.contains(version.id) == true
    }

    mutating func define(_ version: WorkflowVersion, keeping limit: Int) {
        versions[version.id] = version
        names[version.name, default: []].append(version.id)
        while let count = names[version.name]?.count, count > max(limit, 1),
            let oldest = names[version.name]?.first
        {
            names[version.name]?.removeFirst()
            dropIfUnused(oldest)
        }
    }

    mutating func delete(_ name: String) {
        for id in names.removeValue(forKey: name) ?? [] { dropIfUnused(id) }
    }

    /// Takes a version of a snapshot up; `isNamed` when it can be asked for.
    mutating func adopt(_ version: WorkflowVersion, isNamed: Bool) {
        versions[version.id] = version
        if isNamed { names[version.name, default: []].append(version.id) }
    }

    mutating func beginUse(of id: String) { uses[id, default: 0] += 1 }

    mutating func endUse(of id: String) {
        uses[id, default: 1] -= 1
        if uses[id] == 0 {
            uses[id] = nil
            dropIfUnused(id)
        }
    }

    private mutating func dropIfUnused(_ id: String) {
        guard uses[id] == nil, let version = versions[id], !isNamed(version) else { return }
        versions[id] = nil
    }
}

/// All runs, those included that have ended and are not forgotten yet.
struct RunTable: Equatable, Sendable {
    private(set) var records = ShardedTable<Identifier, RunRecord>()
    /// Which attempt of which run a task or run carries out; follows from the records.
    private(set) var byWork: [String: (run: String, attempt: Int)] = [:]
    /// Runs that have ended, by when they did; follows from the records.
    private var ended = FIFO<(id: Identifier, time: Timestamp, cost: Int)>()
    private var endedBytes = 0
    private(set) var order = CreationOrder()
    private(set) var counts: [RunStatus: Int] = [:]

    static func == (one: RunTable, other: RunTable) -> Bool { one.records == other.records }

    subscript(id: String) -> RunRecord? { records[Identifier(id)] }

    var unfinished: Int { counts[.running, default: 0] + counts[.compensating, default: 0] }

    /// Takes the runs of a snapshot up.
    mutating func adopt(_ stored: [RunRecord]) {
        for record in stored.sorted(by: { $0.sequence < $1.sequence }) { add(record) }
        let final = stored.filter { $0.status.isFinal }
        for record in final.sorted(by: { ($0.finalSequence ?? 0) < ($1.finalSequence ?? 0) }) {
            noteEnd(record)
        }
    }

    mutating func add(_ record: RunRecord) {
        let id = Identifier(record.id)
        records[id] = record
        order.append(id, sequence: record.sequence)
        counts[record.status, default: 0] += 1
        for (attempt, work) in record.works { byWork[work.kind.id] = (record.id, attempt) }
    }

    mutating func replace(_ old: RunRecord, with new: RunRecord) {
        records[Identifier(new.id)] = new
        if old.status != new.status {
            counts[old.status, default: 1] -= 1
            counts[new.status, default: 0] += 1
            if new.status.isFinal { noteEnd(new) }
        }
        for (attempt, work) in old.works where new.works[attempt] == nil {
            byWork[work.kind.id] = nil
        }
        for (attempt, work) in new.works where old.works[attempt] == nil {
            byWork[work.kind.id] = (new.id, attempt)
        }
    }

    /// Something has ended: if an attempt was carried out by it, that has its answer.
    mutating func answer(_ workID: String, _ answer: @autoclosure () -> RunAnswer) {
        guard let place = byWork[workID], var record = self[place.run] else { return }
        record.answers[place.attempt] = answer()
        records[Identifier(place.run)] = record
    }

    /// A task has used tokens of a language model.
    mutating func use(_ tokens: Int, by workID: String) {
        guard let place = byWork[workID], var record = self[place.run],
            let used = record.works[place.attempt]?.tokens
        else { return }
        let (sum, overflow) = used.addingReportingOverflow(max(tokens, 0))
        record.works[place.attempt]?.tokens = overflow ? .max : sum
        records[Identifier(place.run)] = record
    }

    private mutating func noteEnd(_ record: RunRecord) {
        let cost = record.cost
        ended.append((Identifier(record.id), record.updatedAt, cost))
        endedBytes += cost
    }

    /// Takes the next run out that is to be forgotten at `now`; the one that ended last stays.
    mutating func popExpired(at now: Timestamp, _ retention: Retention) -> RunRecord? {
        let horizon = now.advanced(byMilliseconds: -retention.runsMs)
        guard let first = ended.first, ended.count > 1,
            first.time < horizon || ended.count > retention.maximumRuns
                || endedBytes > retention.maximumRunBytes
        else { return nil }
        _ = ended.popFirst()
        endedBytes -= first.cost
        guard let record = records[first.id] else { return nil }
        records[first.id] = nil
        counts[record.status, default: 1] -= 1
        order.noteForgotten(remaining: records)
        return record
    }
}
