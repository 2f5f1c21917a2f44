import AgentRuntime
import HubServer
import JSONRPC
import Journal

// How a run goes, and what is looked at in the end.
extension World {
    private static let chaosTurns = 2_500
    private static let turnLimit = 60_000
    private static let quietTime: UInt64 = 40_000_000_000

    /// Runs to the end.
    func run() throws(Violation) {
        defer { machine.discard() }
        while turns < Self.chaosTurns { try step() }
        calm()
        try becomeQuiet()
        try checkQuiet()
        try end()
    }

    /// Goes on until everything that was begun is done, and nothing has happened for a while.
    private func becomeQuiet() throws(Violation) {
        var quietSince: UInt64?
        var asksAt: UInt64 = 0
        while true {
            try step()
            if turns > Self.turnLimit { throw Violation("it does not end: \(restlessness)") }
            guard restlessness.isEmpty else {
                quietSince = nil
                if now >= asksAt {
                    asksAt = now + 1_000_000_000
                    wakeAgents()
                    endSchedules()
                }
                continue
            }
            if let quietSince, now >= quietSince + Self.quietTime { return }
            quietSince = quietSince ?? now
        }
    }

    /// Why it is not quiet yet, a word each.
    private var restlessness: [String] {
        guard let life else { return ["the hub is down"] }
        var reasons: [String] = []
        if life.isStopping { reasons.append("the hub is stopping") }
        if !life.hub.isRuntimeSettled { reasons.append("the runtime is busy") }
        if life.hub.journalHasWork || life.work.contains(where: \.hasWork) {
            reasons.append("the disk is busy")
        }
        if ledger.openTasks > 0 { reasons.append("\(ledger.openTasks) tasks are open") }
        if ledger.openRuns > 0 { reasons.append("\(ledger.openRuns) runs are open") }
        if !ledger.openSchedules.isEmpty { reasons.append("there are schedules") }
        for client in clients where !client.isQuiet { reasons.append("\(client.name) is busy") }
        for id in SimulatedAgent.identities where life.hub.state.agents[id]?.status != .active {
            reasons.append("\(id) is not active")
        }
        return reasons
    }

    /// Tasks of agents that do not work would wait for ever.
    private func wakeAgents() {
        guard let life, let client = clients.first, client.isOpen else { return }
        for id in SimulatedAgent.identities {
            switch life.hub.state.agents[id]?.status {
            case .paused: client.request(Request("agents.resume", ["id": .string(id)]))
            case .inactive, .error: client.request(Request("agents.start", ["id": .string(id)]))
            default: break
            }
        }
    }

    /// They would go on for ever.
    private func endSchedules() {
        guard let client = clients.first, client.isOpen else { return }
        for id in ledger.openSchedules {
            client.request(Request("schedules.delete", ["id": .string(id)]))
        }
    }

    private func checkQuiet() throws(Violation) {
        guard let life else { return }
        ledger.check(life.hub.state)
        if life.hub.state.sequence != ledger.released.count {
            ledger.fail(
                "the runtime is at event \(life.hub.state.sequence), "
                    + "and \(ledger.released.count) was the last to be seen"
            )
        }
        let members = clients.filter { $0.isMember }.map(\.name)
        for client in clients { client.checkQuiet(members: Set(members)) }
        if let violation = ledger.violation { throw violation }
    }

    /// Ends the hub in one of the ways in which it may end, all of which keep everything.
    private func end() throws(Violation) {
        guard let state = life?.hub.state else { return }
        switch random.number(0...2) {
        case 0:
            life?.isStopping = true
            life?.hub.beginStop()
            while life != nil { try step() }
        case 1:
            try crash(by: .kill, at: state)
        default:
            try crash(by: .powerCut, at: state)
        }
        try checkReplay()
    }

    private func crash(by crash: SimulatedDisk.Crash, at state: RuntimeState) throws(Violation) {
        machine.disk.stop(by: crash)
        try endLife(by: crash)
        if captured[state.sequence] != state { throw Violation("the last state was never written") }
    }

    // MARK: The disk

    /// Reads what is on the disk, as the next start will, and compares it with what was promised.
    ///
    /// - Parameter state: What it must be, if that is known.
    /// - Throws: What was promised and is not there.
    func checkDisk(expecting state: RuntimeState?) throws(Violation) {
        guard let recovered = try readDisk() else { return }
        ledger.check(recovered.state)
        let known = state ?? captured[recovered.state.sequence]
        if let known, known != recovered.state {
            throw Violation("what is on the disk at event \(known.sequence) is not the state then")
        }
        // What was decided behind that is gone.
        captured = captured.filter { $0.key <= recovered.state.sequence }
        if let violation = ledger.violation { throw violation }
    }

    private func readDisk() throws(Violation) -> RecoveredState? {
        unreleased = []
        do {
            let directory = try StateDirectory(
                existing: configuration.stateDirectory,
                isReadOnly: true
            )
            let recovered = try RecoveredState.read(
                directory,
                isReadOnly: true,
                retainedRecords: .max,
                history: { if !ledger.find($0) { unreleased.append($0) } }
            ).recovered
            for problem in try StateCheck(directory).problems { ledger.fail(problem) }
            return recovered
        } catch StateDirectoryError.notAStateFolder {
            if !ledger.released.isEmpty { throw Violation("the state folder is gone") }
            return nil
        } catch {
            throw Violation("the state cannot be read: \(error)")
        }
    }

    /// Replays the whole journal, without the snapshots that shorten it.
    private func checkReplay() throws(Violation) {
        guard let whole = try readDisk() else { return }
        machine.disk.discardFolder("\(configuration.stateDirectory)/snapshots")
        let journal = "\(configuration.stateDirectory)/journal"
        guard machine.disk.hasFile("\(journal)/00000000000000000001.jsonl") else { return }
        guard let replayed = try readDisk() else { return }
        if replayed.state != whole.state {
            throw Violation("a replay of the journal gives another state than the snapshot")
        }
        trace.note("replayed \(replayed.state.sequence)")
    }
}

extension SimulatedClient {
    /// Whether it is in the room whose members are watched.
    var isMember: Bool { subscriptions.contains { $0.watchesPresence && $0.isLive } }

    func checkQuiet(members: Set<String>) {
        for subscription in subscriptions {
            subscription.checkHead(ledger)
            if subscription.watchesPresence, subscription.members != members {
                ledger.fail(
                    "\(name) sees \(subscription.members.sorted()) in \(subscription.channel), "
                        + "and \(members.sorted()) are there"
                )
            }
        }
    }
}
