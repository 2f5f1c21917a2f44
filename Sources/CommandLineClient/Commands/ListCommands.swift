import EventLoops
import JSONRPC

/// `omnihub agents`: all agents, or one with what it can do.
struct AgentsCommand {
    let client: HubClient
    let console: Console

    func list() throws(ClientFailure) {
        let answer = try client.call("agents.list", .object([:]))
        guard let agents = answer["agents"]?.arrayValue else {
            throw .unexpectedAnswer(method: "agents.list")
        }
        if console.printsJSON { return try console.print(answer) }
        for line in AgentView.table(agents).lines(console.style) { try console.print(line) }
    }

    func show(_ id: String) throws(ClientFailure) {
        let agent = try client.call("agents.get", ["id": .string(id)])
        if console.printsJSON { return try console.print(agent) }
        for line in AgentView.details(agent, console.style) { try console.print(line) }
    }
}

/// `omnihub tasks`: tasks, newest first, or one of them.
struct TasksCommand {
    let client: HubClient
    let console: Console

    func list(_ filter: TaskFilter) throws(ClientFailure) {
        var params: JSONObject = ["limit": .integer(filter.limit)]
        params["status"] = filter.status.map(JSONValue.string)
        params["agentId"] = filter.agentID.map(JSONValue.string)
        params["type"] = filter.type.map(JSONValue.string)
        let answer = try client.call("tasks.list", .object(params))
        guard let tasks = answer["tasks"]?.arrayValue else {
            throw .unexpectedAnswer(method: "tasks.list")
        }
        if console.printsJSON { return try console.print(answer) }
        let now = Timestamp(millisecondsSince1970: WallClock.milliseconds)
        let table = TaskView.table(tasks, now: now)
        for line in table.lines(console.style) { try console.print(line) }
    }

    func show(_ id: String) throws(ClientFailure) {
        let task = try client.call("tasks.get", ["id": .string(id)])
        if console.printsJSON { return try console.print(task) }
        let now = Timestamp(millisecondsSince1970: WallClock.milliseconds)
        for line in TaskView.details(task, now: now, console.style) { try console.print(line) }
    }
}
