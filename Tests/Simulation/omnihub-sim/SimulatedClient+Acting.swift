import JSONRPC

// What a client does of its own accord, by chance.
extension SimulatedClient {
    /// Chooses what it is subscribed to.
    func choose() {
        var channels = ["tasks"]
        let others = [
            "agents", "system", "agents.alpha", "agents.*", "app.log", "app.>", "app.*.x",
            "app.kept",
            "workflows", "schedules",
        ]
        for channel in others where random.chance(0.35) { channels.append(channel) }
        for channel in channels {
            subscriptions.append(
                Subscription(
                    channel: channel,
                    keepsLatest: random.chance(0.3),
                    watchesPresence: false
                )
            )
        }
        if random.chance(0.7) {
            subscriptions.append(
                Subscription(channel: "app.room", keepsLatest: false, watchesPresence: true)
            )
        }
    }

    func act(at now: UInt64) {
        actsAt = now + random.time(1_000_000...(random.chance(0.1) ? 2_000_000_000 : 80_000_000))
        switch random.number(0...99) {
        case 0..<30: createTask()
        case 30..<38: command("tasks.cancel", onTask: true)
        case 38..<43: command("tasks.retry", onTask: true)
        case 43..<48:
            let control = random.pick(["start", "stop", "pause", "resume"]) ?? "start"
            command("agents.\(control)", onTask: false)
        case 48..<50: configureAgent()
        case 50..<65: publish()
        case 65..<70: changeSubscription()
        case 70..<72: request(Request("system.snapshot", [:]))
        case 72..<78: readTask()
        case 78..<90: automate()
        case 90..<93:
            request(
                Request(
                    "hub.history",
                    ["channel": "tasks", "limit": .integer(random.number(0...9))]
                )
            )
        default: request(Request("session.ping", [:]))
        }
    }

    func makeKey() -> String {
        nextKey += 1
        return "\(name)-\(nextKey)"
    }

    private func createTask() {
        let key = makeKey()
        let agent = random.pick(SimulatedAgent.identities) ?? ""
        let padding = random.chance(0.2) ? random.number(0...3_000) : 0
        var params: JSONObject = [
            "type": .string("\(agent).work"),
            "payload": [
                "marker": .string(key), "padding": .string(String(repeating: "p", count: padding)),
            ],
            "maxAttempts": .integer(random.number(1...3)),
            "timeoutMs": .integer(random.number(100...3_000)),
            "priority": .string(random.pick(["low", "medium", "high", "critical"]) ?? "low"),
        ]
        if random.chance(0.1) { params["correlationId"] = .string("about-\(name)") }
        request(Request("tasks.create", params, key: key))
    }

    private func command(_ method: String, onTask: Bool) {
        guard let id = random.pick(onTask ? knownTasks : SimulatedAgent.identities) else { return }
        request(Request(method, ["id": .string(id)], key: makeKey()))
    }

    private func configureAgent() {
        let id = random.pick(SimulatedAgent.identities) ?? ""
        let configuration: JSONValue = ["concurrency": .integer(random.number(1...6))]
        request(
            Request(
                "agents.configure",
                ["id": .string(id), "config": configuration],
                key: makeKey()
            )
        )
    }

    private func publish() {
        let channel = random.pick(["app.log", "app.room", "app.shop.x", "app.kept"]) ?? ""
        let key = makeKey()
        let padding = random.chance(0.1) ? random.number(0...4_000) : 0
        var params: JSONObject = [
            "channel": .string(channel),
            "data": [
                "marker": .string(key), "padding": .string(String(repeating: "d", count: padding)),
            ],
        ]
        if random.chance(0.5) { params["key"] = .string("k\(random.number(0...3))") }
        request(
            Request("hub.publish", params, key: random.chance(0.8) ? key : nil, channel: channel)
        )
    }

    private func readTask() {
        guard let id = random.pick(knownTasks) else { return }
        if random.chance(0.7) {
            request(Request("tasks.get", ["id": .string(id)]))
        } else {
            request(
                Request(
                    "tasks.wait",
                    ["id": .string(id), "timeoutMs": .integer(random.number(0...2_000))]
                )
            )
        }
    }

    /// Gives a subscription up for a moment, or follows one more task.
    private func changeSubscription() {
        if random.chance(0.5), let id = random.pick(knownTasks), subscriptions.count < 14 {
            let channel = "tasks.\(id)"
            guard !subscriptions.contains(where: { $0.channel == channel }) else { return }
            subscriptions.append(
                Subscription(
                    channel: channel,
                    keepsLatest: random.chance(0.3),
                    watchesPresence: false
                )
            )
            return
        }
        let index = random.number(0...subscriptions.count - 1)
        guard subscriptions[index].isLive, !subscriptions[index].isAsking else { return }
        subscriptions[index].isAsking = true
        request(
            Request(
                "hub.unsubscribe",
                ["channel": .string(subscriptions[index].channel)],
                kind: .unsubscribe(index)
            )
        )
    }
}
