import JSONRPC

/// `omnihub watch`: prints publications until it is interrupted.
struct WatchCommand {
    private let client: HubClient
    private let console: Console
    private let request: WatchRequest
    private var cursors: [ChannelCursor] = []

    init(_ request: WatchRequest, client: HubClient, console: Console) {
        self.request = request
        self.client = client
        self.console = console
    }

    /// Runs until a signal or a failure that reconnecting does not mend.
    mutating func run() throws(ClientFailure) {
        try client.connect()
        for channel in request.channels {
            cursors.append(
                ChannelCursor(
                    channel: channel,
                    start: try start(of: channel),
                    filter: request.filter,
                    keepsLatest: request.keepsLatest
                )
            )
        }
        try subscribe()
        if console.errorStyle.isTerminal {
            let channels = request.channels.joined(separator: ", ")
            console.note("watching \(channels) at \(client.address); Ctrl-C ends it", .dim)
        }
        var reconnecting = ReconnectingClient(client: client, console: console, patience: nil)
        while true {
            do throws(ClientFailure) {
                try follow(&reconnecting)
            } catch let failure {
                try reconnecting.recover(from: failure) { _ throws(ClientFailure) in
                    try subscribe()
                }
            }
        }
    }

    /// Names the epoch for an offset that was given without one.
    private func start(of channel: String) throws(ClientFailure) -> ChannelCursor.Start {
        switch request.start {
        case .now: return .now
        case .last(let count): return .last(count)
        case .state: return .state
        case .since(let position): return .since(position)
        case .offset(let offset):
            let params: JSONValue = ["channel": .string(channel)]
            let answer = try client.call("hub.subscribe", params)
            guard let epoch = answer["epoch"]?.stringValue else {
                throw .unexpectedAnswer(method: "hub.subscribe")
            }
            _ = try client.call("hub.unsubscribe", params)
            return .since(ChannelPosition(epoch: epoch, offset: offset))
        }
    }

    private mutating func subscribe() throws(ClientFailure) {
        for index in cursors.indices {
            let answer = try client.call("hub.subscribe", cursors[index].subscribeParams)
            try deliver(cursors[index].subscribed(answer), of: cursors[index].channel)
            if answer["stateNext"] != nil {
                let count = answer["state"]?.arrayValue?.count ?? 0
                console.note(
                    "only the first \(count) objects of \(cursors[index].channel)",
                    .yellow
                )
            }
        }
    }

    /// Prints what comes until the session ends.
    private mutating func follow(_ reconnecting: inout ReconnectingClient) throws(ClientFailure) {
        let console = console
        while true {
            let next = try client.notification { () throws(ClientFailure) in try console.flush() }
            guard let (method, params) = next else { continue }
            switch method {
            case "hub.event": try receive(params)
            case "hub.lagged": try announceLag(params)
            case "session.draining": reconnecting.takeNotice(params)
            default: break
            }
        }
    }

    private mutating func receive(_ params: JSONValue) throws(ClientFailure) {
        guard let index = cursors.firstIndex(where: { $0.takes(params) }) else { return }
        try deliver(cursors[index].received(params), of: cursors[index].channel)
    }

    private func deliver(
        _ deliveries: [ChannelCursor.Delivery],
        of channel: String
    ) throws(ClientFailure) {
        let style = console.style
        let line = EventLine(style: style)
        for delivery in deliveries {
            switch delivery {
            case .state(let object, let offset):
                let value: JSONValue = [
                    "channel": .string(channel), "offset": .integer(offset), "state": object,
                ]
                try console.print(
                    console.printsJSON
                        ? value.line
                        : line.text(state: object, channel: channel, offset: offset)
                )
            case .publication(let params):
                try console.print(console.printsJSON ? params.line : line.text(params))
            case .recovered(let count):
                let noun = count == 1 ? "publication" : "publications"
                console.note("recovered \(count) missed \(noun) of \(channel)", .green)
            case .gap(let gap):
                try announce(gap, in: channel)
            }
        }
    }

    private func announce(_ gap: ChannelCursor.Gap, in channel: String) throws(ClientFailure) {
        try console.flush()
        console.note(
            "GAP in \(channel): what followed \(gap.after) is lost; going on behind \(gap.now)",
            .red
        )
        guard console.printsJSON else { return }
        let value: JSONValue = [
            "channel": .string(channel),
            "gap": ["after": gap.after.json, "now": gap.now.json],
        ]
        try console.print(value.line)
    }

    private func announceLag(_ params: JSONValue) throws(ClientFailure) {
        let channel = params["channel"]?.stringValue ?? ""
        let missed = params["missed"]?.numberValue?.text ?? "some"
        try console.flush()
        console.note("GAP in \(channel): the hub skipped \(missed) publications", .red)
        if console.printsJSON { try console.print(params.line) }
    }
}

extension ChannelPosition {
    fileprivate var json: JSONValue {
        ["epoch": .string(epoch), "offset": .integer(offset)]
    }
}
