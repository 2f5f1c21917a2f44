import JSONRPC

extension DefinitionReader {
    /// Whether every transition has its state, every state its way there, and the end is in reach.
    mutating func checkTransitions(_ machine: StateMachine, _ states: JSONObject, _ path: String) {
        var compensations: Set<String> = []
        for member in states.members {
            guard let state = machine.states[member.name] else { continue }
            let place = "\(path)/States/\(member.name.asPointerToken)"
            for (target, field) in state.transitions where machine.states[target] == nil {
                report(place + field, Self.missing(target))
            }
            guard case .task(let work) = state.kind, let target = work.compensation else {
                continue
            }
            compensations.insert(target)
            checkCompensation(target, of: machine, path, "\(place)/Compensate")
        }
        guard machine.states[machine.start] != nil else { return }
        let reached = machine.reachable
        for member in states.members
        where !reached.contains(member.name) && !compensations.contains(member.name) {
            report(
                "\(path)/States/\(member.name.asPointerToken)",
                "cannot be reached from '\(machine.start)'"
            )
        }
        let isEnding = reached.contains { name in
            guard let state = machine.states[name] else { return false }
            return switch state.kind {
            case .succeed, .fail: true
            case .choice: false
            case .pass, .task, .wait, .parallel, .map: state.next == nil
            }
        }
        if !isEnding { report("\(path)/States", "has no state at which it ends") }
    }

    private mutating func checkCompensation(
        _ target: String,
        of machine: StateMachine,
        _ path: String,
        _ place: String
    ) {
        guard let state = machine.states[target] else {
            report(place, Self.missing(target))
            return
        }
        guard case .task(let work) = state.kind else {
            report(place, "must name a Task")
            return
        }
        let own = "\(path)/States/\(target.asPointerToken)"
        if state.next != nil { report("\(own)/Next", "a compensation must have \"End\": true") }
        if !state.catchers.isEmpty { report("\(own)/Catch", "a compensation cannot catch") }
        if work.compensation != nil { report("\(own)/Compensate", "a compensation has none") }
    }
}

extension State {
    /// The states it may lead to, each with the place where that is written.
    fileprivate var transitions: [(String, String)] {
        var found: [(String, String)] = []
        if let next { found.append((next, "/Next")) }
        for (index, catcher) in catchers.enumerated() {
            found.append((catcher.next, "/Catch/\(index)/Next"))
        }
        if case .choice(let branches, let fallback) = kind {
            for (index, branch) in branches.enumerated() {
                found.append((branch.next, "/Choices/\(index)/Next"))
            }
            if let fallback { found.append((fallback, "/Default")) }
        }
        return found
    }
}

extension StateMachine {
    /// The states that can be reached from the first.
    fileprivate var reachable: Set<String> {
        var reached: Set = [start]
        var waiting = [start]
        while let name = waiting.popLast() {
            for (target, _) in states[name]?.transitions ?? []
            where states[target] != nil && reached.insert(target).inserted {
                waiting.append(target)
            }
        }
        return reached
    }
}
