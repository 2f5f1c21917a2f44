import JSONRPC

/// Keeps a command going over lost connections, and says so.
struct ReconnectingClient {
    let client: HubClient
    let console: Console
    /// How long to try before giving up; `nil` for ever.
    let patience: Duration?
    private var backoff = Backoff()
    private var connectedSince = ContinuousClock.now

    init(client: HubClient, console: Console, patience: Duration?) {
        self.client = client
        self.console = console
        self.patience = patience
    }

    /// Heeds `session.draining`, the notice of a planned stop.
    mutating func takeNotice(_ params: JSONValue) {
        let delay = max(0, params["reconnectAfterMs"]?.intValue ?? 0)
        backoff.ask(for: .milliseconds(min(delay, 60_000)))
        console.note("the hub is about to stop and asks to come back")
    }

    /// Connects again after `failure`, which must be worth it, and performs `resume`.
    mutating func recover(
        from failure: ClientFailure,
        _ resume: (HubClient) throws(ClientFailure) -> Void
    ) throws(ClientFailure) {
        guard failure.isWorthRetrying else { throw failure }
        console.note("\(failure.cause); reconnecting", .yellow)
        let start = ContinuousClock.now
        // A hub that welcomes us and ends the session at once must not be asked at full speed.
        if start - connectedSince >= Backoff.longest { backoff.reset() }
        var random = SystemRandomNumberGenerator()
        while true {
            try client.pause(for: backoff.next(using: &random))
            do throws(ClientFailure) {
                try client.connect()
                connectedSince = .now
                console.note("connected again after \((ContinuousClock.now - start).brief)", .green)
                try resume(client)
                return
            } catch {
                guard error.isWorthRetrying else { throw error }
                if let patience, ContinuousClock.now - start >= patience { throw error }
            }
        }
    }
}
