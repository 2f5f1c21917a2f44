package import JSONRPC

// What others ask of a run.
extension WorkflowRun {
    /// The state that the machine at a position is in.
    package func stateName(at position: RunPosition) -> String? {
        scope(at: position)?.state
    }

    /// What the attempt at a position does; `nil` when none is under way there.
    package func work(
        at position: RunPosition
    ) -> (attempt: Int, resource: WorkflowResource, input: JSONValue)? {
        guard let scope = scope(at: position),
            case .working(let attempt, let input) = scope.step,
            case .task(let work)? = state(at: position)?.kind
        else { return nil }
        return (attempt, work.resource, input)
    }

    /// What a machine at a position is doing, in a word, and until when if it waits for a time.
    package func activity(at position: RunPosition) -> (name: String, until: Int64?) {
        switch scope(at: position)?.step {
        case .arriving?, .entered?, nil: ("entering", nil)
        case .working?: ("working", nil)
        case .sleeping(let time)?: ("waiting", time)
        case .retrying(let time)?: ("retrying", time)
        case .branches?, .iterations?: ("branched", nil)
        case .finished?: ("finished", nil)
        case .failed?: ("failed", nil)
        }
    }
}

extension WorkflowEvent {
    /// Where it happens; `nil` for what concerns the run as a whole.
    package var position: RunPosition? {
        switch self {
        case .entered(let position, _, _), .taskStarted(let position, _, _, _),
            .slept(let position, _), .branched(let position, _), .mapped(let position, _, _, _),
            .iterationStarted(let position, _), .exited(let position, _, _, _),
            .retried(let position, _, _, _), .caught(let position, _, _, _),
            .failed(let position, _):
            position
        case .tokensUsed, .compensating, .compensated, .ended:
            nil
        }
    }
}

extension RunPosition {
    /// Whether what happens there happens within what is at `outer`, or is that.
    package func isWithin(_ outer: RunPosition) -> Bool {
        if outer == .compensation || self == .compensation { return self == outer }
        return indices.starts(with: outer.indices)
    }
}

extension WorkflowDefinition {
    /// The resources of all tasks, each with the JSON Pointer to where it is written.
    package var resources: [(path: String, resource: WorkflowResource)] {
        var found: [(path: String, resource: WorkflowResource)] = []
        Self.collect(source, "", &found)
        return found
    }

    /// The depth of a definition is bounded.
    private static func collect(
        _ machine: JSONValue,
        _ path: String,
        _ found: inout [(path: String, resource: WorkflowResource)]
    ) {
        for member in machine["States"]?.objectValue?.members ?? [] {
            let place = "\(path)/States/\(member.name.asPointerToken)"
            let state = member.value
            switch state["Type"]?.stringValue {
            case "Task":
                let resource = state["Resource"]?.stringValue.flatMap(WorkflowResource.init)
                if let resource { found.append(("\(place)/Resource", resource)) }
            case "Parallel":
                for (index, branch) in (state["Branches"]?.arrayValue ?? []).enumerated() {
                    collect(branch, "\(place)/Branches/\(index)", &found)
                }
            case "Map":
                for name in ["ItemProcessor", "Iterator"] {
                    if let inner = state[name] { collect(inner, "\(place)/\(name)", &found) }
                }
            default:
                break
            }
        }
    }
}
