import JSONRPC

/// `omnihub task`: creates a task and, if asked to, waits for its end.
struct TaskCommand {
    /// How long a hub that was lost is waited for.
    private static let patience = Duration.seconds(60)
    /// How often the elapsed time on the status line moves on.
    private static let refreshInterval = Duration.milliseconds(200)
    /// More than a task has events of: so many fit into the history of its channel at most.
    private static let history = 1000

    private let client: HubClient
    private let console: Console
    private let request: TaskRequest

    init(_ request: TaskRequest, client: HubClient, console: Console) {
        self.request = request
        self.client = client
        self.console = console
    }

    func run(payload: JSONValue) throws(ClientFailure) -> ExitStatus {
        try client.connect()
        var reconnecting = ReconnectingClient(
            client: client,
            console: console,
            patience: Self.patience
        )
        let task = try create(payload, &reconnecting)
        guard let id = task["id"]?.stringValue else {
            throw .unexpectedAnswer(method: "tasks.create")
        }
        guard request.waits else {
            try console.print(console.printsJSON ? task.line : PrintableText.escaped(id))
            return .success
        }
        console.note("task \(id) created")
        return try wait(for: TaskProgress(task), id: id, &reconnecting)
    }

    /// Creates the task once, however often the connection is lost meanwhile.
    private func create(
        _ payload: JSONValue,
        _ reconnecting: inout ReconnectingClient
    ) throws(ClientFailure) -> JSONValue {
        var params: JSONObject = [
            "type": .string(request.type),
            "payload": payload,
            "idempotencyKey": .string(UUIDv4.random()),
        ]
        params["priority"] = request.priority.map(JSONValue.string)
        params["timeoutMs"] = request.timeoutMilliseconds.map(JSONValue.integer)
        do throws(ClientFailure) {
            return try client.call("tasks.create", .object(params))
        } catch let failure {
            // A refusal is an answer; only a lost one is asked for again.
            if case .refused = failure { throw failure }
            var task = JSONValue.null
            try reconnecting.recover(from: failure) { client throws(ClientFailure) in
                task = try client.call("tasks.create", .object(params))
            }
            return task
        }
    }

    private func wait(
        for progress: TaskProgress,
        id: String,
        _ reconnecting: inout ReconnectingClient
    ) throws(ClientFailure) -> ExitStatus {
        var progress = progress
        var cursor = ChannelCursor(channel: "tasks.\(id)", start: .last(Self.history))
        do throws(ClientFailure) {
            try resume(client, &cursor, &progress, id)
        } catch let failure {
            try reconnecting.recover(from: failure) { client throws(ClientFailure) in
                try resume(client, &cursor, &progress, id)
            }
        }
        while !progress.isFinal {
            do throws(ClientFailure) {
                try follow(&cursor, &progress, id, &reconnecting)
            } catch let failure {
                if case .interrupted = failure {
                    console.note("the task goes on; 'omnihub tasks \(id)' shows it")
                }
                try reconnecting.recover(from: failure) { client throws(ClientFailure) in
                    try resume(client, &cursor, &progress, id)
                }
            }
        }
        console.showFinalStatus(progress.line(at: .now, console.errorStyle))
        return try report(progress.task, id: id)
    }

    /// Subscribes, and looks at the task as it is: its last event may be long past.
    private func resume(
        _ client: HubClient,
        _ cursor: inout ChannelCursor,
        _ progress: inout TaskProgress,
        _ id: String
    ) throws(ClientFailure) {
        let answer = try client.call("hub.subscribe", cursor.subscribeParams)
        for case .publication(let params) in cursor.subscribed(answer) { progress.take(params) }
        progress.task = try client.call("tasks.get", ["id": .string(id)])
    }

    /// Shows the progress until the task is final.
    private func follow(
        _ cursor: inout ChannelCursor,
        _ progress: inout TaskProgress,
        _ id: String,
        _ reconnecting: inout ReconnectingClient
    ) throws(ClientFailure) {
        while !progress.isFinal {
            let now = ContinuousClock.now
            console.showStatus(progress.line(at: now, console.errorStyle))
            let next = try client.notification(until: now + Self.refreshInterval) {}
            switch next {
            case ("hub.event", let params)?:
                for case .publication(let params) in cursor.received(params) {
                    progress.take(params)
                }
            case ("session.draining", let params)?:
                reconnecting.takeNotice(params)
            case .some, nil:
                break
            }
            if progress.mayBeFinal {
                progress.task = try client.call("tasks.get", ["id": .string(id)])
            }
        }
    }

    private func report(_ task: JSONValue, id: String) throws(ClientFailure) -> ExitStatus {
        let status = task["status"]?.stringValue ?? ""
        guard status == "completed" else {
            let reason = EventLine.describe(task["error"])
            console.note("task \(id) is \(status)" + (reason.isEmpty ? "" : ": \(reason)"), .red)
            return .failure
        }
        try console.print(task["result"] ?? .null)
        return .success
    }
}
