import JSONRPC

/// What the command line asks for.
struct Invocation: Equatable, Sendable {
    enum Command: Equatable, Sendable {
        /// Of one command, or of the program.
        case help(CommandDescription?)
        case version
        case call(method: String, params: JSONSource)
        case watch(WatchRequest)
        case task(TaskRequest)
        case agents
        case agent(id: String)
        case tasks(TaskFilter)
        case showTask(id: String)
        case login(email: String, passwordFile: String?)
        case logout
    }

    var command: Command
    var address = HubAddress.standard
    var tokenFile: String?
    /// A PEM file of those whose certificates are trusted in place of the machine's own.
    var authorities: String?
    /// Whether every value is printed as one line of JSON.
    var printsJSON = false
}

/// Where a JSON object comes from.
enum JSONSource: Equatable, Sendable {
    case value(JSONValue)
    case standardInput
}

/// A task that shall be created.
struct TaskRequest: Equatable, Sendable {
    var type: String
    var payload: JSONSource
    var priority: String?
    var timeoutMilliseconds: Int?
    var waits = false
}

/// Which tasks shall be listed.
struct TaskFilter: Equatable, Sendable {
    var status: String?
    var agentID: String?
    var type: String?
    var limit: Int
}

/// Which channels shall be watched, and from where on.
struct WatchRequest: Equatable, Sendable {
    enum Start: Equatable, Sendable {
        case now
        case last(Int)
        case state
        case since(ChannelPosition)
        /// In the epoch that the hub will name.
        case offset(Int)
    }

    var channels: [String]
    var start = Start.now
    /// Which events are wanted; `nil` for all.
    var filter: JSONValue?
    /// While it is behind, it wants only the newest publication of each key.
    var keepsLatest = false
}
