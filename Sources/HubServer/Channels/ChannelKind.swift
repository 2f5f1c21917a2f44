import HubCore

/// What a channel's name says about it.
enum ChannelKind: Equatable {
    /// Published to by clients.
    case client
    /// `agents`, `tasks`, `workflows`, `schedules`, `system`: all events of a kind.
    case collection
    /// `agents.<id>`.
    case agent(String)
    /// `tasks.<id>`.
    case task(String)
    /// `workflows.<id>` of a run.
    case run(String)
    /// Who did what: for administrators.
    case audit
    /// Stands for all channels that it matches.
    case pattern
    case unknown

    /// Whether its publications are events, which are on disk too.
    var isOfRuntime: Bool {
        switch self {
        case .collection, .agent, .audit, .task, .run: true
        case .client, .pattern, .unknown: false
        }
    }

    /// Whether it is of one thing that only the runtime knows, and whose it is.
    var isOfOneThing: Bool {
        switch self {
        case .task, .run: true
        case .client, .collection, .agent, .audit, .pattern, .unknown: false
        }
    }

    init(_ name: String) {
        if ChannelPattern(name) != nil {
            self = .pattern
            return
        }
        let tokens = name.split(separator: ".", omittingEmptySubsequences: false)
        switch (tokens.first, tokens.count) {
        case ("app", 2...): self = .client
        case ("agents", 1), ("tasks", 1), ("workflows", 1), ("schedules", 1), ("system", 1):
            self = .collection
        case ("audit", 1): self = .audit
        case ("agents", 2): self = .agent(String(tokens[1]))
        case ("tasks", 2): self = .task(String(tokens[1]))
        case ("workflows", 2): self = .run(String(tokens[1]))
        default: self = .unknown
        }
    }
}
