import JSONRPC

/// Follows one subscription of a client over any number of connections, and checks what it is sent.
struct Subscription {
    let channel: String
    let keepsLatest: Bool
    /// Wants to see who comes and goes.
    let watchesPresence: Bool
    /// The position that was reached; `nil` before the first answer.
    private(set) var position: (epoch: String, offset: Int)?
    /// Whether the answer to `hub.subscribe` has come on this connection.
    private(set) var isLive = false
    /// `hub.subscribe` or `hub.unsubscribe` is on its way.
    var isAsking = false
    /// Not to be asked for before this moment.
    var notBefore: UInt64 = 0
    /// The position that was asked for.
    private var since: (epoch: String, offset: Int)?
    /// What was announced as passed over: up to where, and how many come before that.
    private var lag: (to: Int, left: Int)?
    /// Of a pattern: where the channels that it is of stand.
    private var bases: [String: Int] = [:]
    /// Who is there, as far as it was told.
    var members: Set<String> = []

    init(channel: String, keepsLatest: Bool, watchesPresence: Bool) {
        self.channel = channel
        self.keepsLatest = keepsLatest
        self.watchesPresence = watchesPresence
    }

    /// Whether it is to be subscribed to again.
    var isWanted: Bool { !isLive && !isAsking }
    var reached: Int { position?.offset ?? 0 }
    var isPattern: Bool { channel.contains("*") || channel.contains(">") }
    var isOfRuntime: Bool { !channel.hasPrefix("app.") }
    /// Whether it is of clients, and survives the hub's end.
    var isJournaled: Bool { channel == "app.kept" }

    /// The params of the subscription that goes on where this one stands.
    mutating func params(presenceID: String) -> JSONValue {
        var params: JSONObject = ["channel": .string(channel)]
        if keepsLatest { params["policy"] = "latest" }
        if watchesPresence { params["presence"] = ["id": .string(presenceID)] }
        since = position
        if let since {
            params["since"] = ["epoch": .string(since.epoch), "offset": .integer(since.offset)]
        }
        return .object(params)
    }

    mutating func disconnected() {
        isLive = false
        isAsking = false
        lag = nil
    }

    /// Gives the subscription up; the position is gone on from later.
    mutating func unsubscribed() { disconnected() }

    /// Takes the answer to `hub.subscribe`.
    ///
    /// `isDeep` says that the hub keeps all history of the run.
    mutating func subscribed(_ answer: JSONValue, _ ledger: Ledger, isDeep: Bool) {
        guard let epoch = answer["epoch"]?.stringValue, let offset = answer["offset"]?.intValue
        else { return ledger.fail("no position in \(answer)") }
        isAsking = false
        isLive = true
        lag = nil
        ledger.note(offset, of: channel, epoch: epoch)
        let events = answer["events"]?.arrayValue ?? []
        guard let since else {
            if answer["recovered"] != nil { ledger.fail("recovered without since: \(answer)") }
            position = (epoch, offset)
            return
        }
        switch answer["recovered"]?.boolValue {
        case true:
            if epoch != since.epoch { ledger.fail("recovered from another epoch: \(answer)") }
            position = since
            for event in events { received(event, ledger) }
            if position?.offset != offset {
                ledger.fail("\(channel): recovered to \(String(describing: position)): \(answer)")
            }
        case false:
            let wasKept = epoch == since.epoch && (isDeep || !isOfRuntime)
            if wasKept {
                ledger.fail("\(channel): not recovered from \(since), all of which is kept")
            }
            // A hub that was new and crashed before its first event was durable was never there.
            let wasThere = since.offset > 0 || isOfRuntime && since.epoch == ledger.epoch
            if isOfRuntime || isJournaled, !isPattern, epoch != since.epoch, wasThere {
                ledger.fail("\(channel): the epoch was \(since.epoch) and is \(epoch)")
            }
            if !events.isEmpty { ledger.fail("a part was recovered: \(answer)") }
            position = (epoch, offset)
            bases = [:]
        case nil:
            ledger.fail("\(channel): no word on recovery in \(answer)")
        }
    }

    /// Takes the params of a `hub.event`.
    mutating func received(_ params: JSONValue, _ ledger: Ledger) {
        let member = isPattern ? "patternOffset" : "offset"
        guard let offset = params[member]?.intValue, let last = position else {
            return ledger.fail("\(channel): no offset, or no answer yet: \(params)")
        }
        if let lag, offset <= lag.to {
            if offset <= last.offset || lag.left == 0 {
                ledger.fail("\(channel): \(offset) was announced as passed over")
            }
            self.lag = (lag.to, lag.left - 1)
        } else {
            if let lag, lag.left > 0 {
                ledger.fail("\(channel): \(lag.left) up to \(lag.to) were announced, not sent")
            }
            let expected = (lag?.to ?? last.offset) + 1
            if offset != expected {
                ledger.fail("\(channel): offset \(offset) where \(expected) follows")
            }
            lag = nil
        }
        position?.offset = offset
        if isPattern { checkBase(params, ledger) }
        ledger.deliver(params, channel: channel, epoch: last.epoch, offset: offset)
    }

    /// A pattern has every publication of its channels, in their order.
    private mutating func checkBase(_ params: JSONValue, _ ledger: Ledger) {
        guard let name = params["channel"]?.stringValue, let offset = params["offset"]?.intValue
        else { return ledger.fail("\(channel): no channel in \(params)") }
        if let last = bases.updateValue(offset, forKey: name),
            keepsLatest ? offset <= last : offset != last + 1
        {
            ledger.fail("\(channel): offset \(offset) of \(name) follows \(last)")
        }
    }

    /// Takes the params of a `hub.lagged`.
    mutating func lagged(_ params: JSONValue, _ ledger: Ledger) {
        guard let missed = params["missed"]?.intValue, let from = params["from"]?.intValue,
            let to = params["to"]?.intValue, let last = position
        else { return ledger.fail("a strange lag: \(params)") }
        if !keepsLatest { ledger.fail("\(channel): lag of a subscription to all: \(params)") }
        if let lag, lag.left > 0 || last.offset < lag.to && lag.left == 0 && from != lag.to + 1 {
            ledger.fail("\(channel): a lag within a lag: \(params)")
        }
        let reached = max(lag?.to ?? 0, last.offset)
        if from != reached + 1 || missed < 1 || missed > to - from + 1 {
            ledger.fail("\(channel): \(params) where \(reached + 1) follows")
        }
        lag = (to, to - from + 1 - missed)
    }

    /// Checks, when all is quiet, that the newest publication has come.
    func checkHead(_ ledger: Ledger) {
        guard let position else { return }
        let head =
            isOfRuntime && !isPattern
            ? ledger.head(of: channel) : ledger.head(of: channel, epoch: position.epoch)
        let reached = max(lag?.to ?? 0, position.offset)
        if isLive, reached != head || (lag?.left ?? 0) > 0 {
            ledger.fail("\(channel): \(reached) was reached and \(head) is the newest")
        }
    }
}
