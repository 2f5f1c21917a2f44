/// Where in a run something happens: the branches and iterations that lead to it, from outside.
package struct RunPosition: Hashable, Sendable {
    /// Of the branch of a `Parallel`, or the item of a `Map`, at each level.
    package var indices: [Int]

    /// The workflow itself.
    package static let top = RunPosition(indices: [])
    /// The compensation at work; there is one at a time.
    package static let compensation = RunPosition(indices: [-1])

    package func child(_ index: Int) -> RunPosition {
        RunPosition(indices: indices + [index])
    }

    /// Such as `2.0`; nothing for the workflow itself.
    package var text: String {
        self == .compensation
            ? "compensation" : indices.map(String.init).joined(separator: ".")
    }

    package init(indices: [Int]) {
        self.indices = indices
    }

    /// `nil` when the text is not one that ``text`` gives.
    package init?(_ text: String) {
        guard text != "compensation" else {
            self = .compensation
            return
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: true)
        let indices = parts.compactMap { Int($0) }
        guard indices.count == parts.count, indices.allSatisfy({ $0 >= 0 }) else { return nil }
        self.indices = indices
    }
}

/// One step from a machine into a machine within it, whatever a run does meanwhile.
package struct MachineStep: Hashable, Sendable {
    var state: String
    /// Of the branch; 0 in a `Map`.
    var branch: Int
}

extension StateMachine {
    /// The machine within this one that steps lead to.
    func machine(at path: some Collection<MachineStep>) -> StateMachine? {
        guard let step = path.first else { return self }
        let inner: StateMachine? =
            switch states[step.state]?.kind {
            case .parallel(let machines)?:
                machines.indices.contains(step.branch) ? machines[step.branch] : nil
            case .map(let work)?: work.machine
            default: nil
            }
        return inner?.machine(at: path.dropFirst())
    }
}
