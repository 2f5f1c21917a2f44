import JSONRPC

/// Follows one subscription over any number of connections: what to ask for, what is new, and
/// what is missing.
struct ChannelCursor: Equatable, Sendable {
    /// Where a subscription begins when there is nothing to go on from.
    enum Start: Equatable, Sendable {
        /// With what is published from now on.
        case now
        /// With the newest publications of the past, at most so many.
        case last(Int)
        /// With the current objects of the channel.
        case state
        /// Behind this place.
        case since(ChannelPosition)
    }

    /// What a subscription brings, in order.
    enum Delivery: Equatable, Sendable {
        /// An object as it was when the channel stood at `offset`.
        case state(JSONValue, offset: Int)
        /// The params of a `hub.event`.
        case publication(JSONValue)
        /// So many publications were missed while there was no connection, and come now.
        case recovered(Int)
        case gap(Gap)
    }

    /// Publications that will not come.
    struct Gap: Equatable, Sendable {
        /// The place behind which they were, as far as it is known.
        var after: ChannelPosition
        /// The place at which it goes on.
        var now: ChannelPosition
    }

    let channel: String
    private let start: Start
    private let filter: JSONValue?
    private let keepsLatest: Bool
    /// The last place that was seen; `nil` when none was named yet.
    private(set) var position: ChannelPosition?
    private var hasAnswer = false

    init(
        channel: String,
        start: Start,
        filter: JSONValue? = nil,
        keepsLatest: Bool = false
    ) {
        self.channel = channel
        self.start = start
        self.filter = filter
        self.keepsLatest = keepsLatest
        if case .since(let position) = start { self.position = position }
    }

    /// The member of a publication's params that has its offset here: a pattern has a numbering of
    /// its own.
    private var offsetMember: String {
        channel.contains("*") || channel.contains(">") ? "patternOffset" : "offset"
    }

    /// Whether the params of a `hub.event` are of this subscription.
    func takes(_ params: JSONValue) -> Bool {
        (params["pattern"] ?? params["channel"])?.stringValue == channel
    }

    /// The params of the `hub.subscribe` that goes on where this cursor stands.
    var subscribeParams: JSONValue {
        var params: JSONObject = ["channel": .string(channel)]
        if let filter { params["filter"] = filter }
        if keepsLatest { params["policy"] = "latest" }
        if let position {
            params["since"] = [
                "epoch": .string(position.epoch), "offset": .integer(position.offset),
            ]
            return .object(params)
        }
        switch start {
        case .now, .since: break
        case .last(let count): if !hasAnswer { params["last"] = .integer(count) }
        case .state: if !hasAnswer { params["state"] = true }
        }
        return .object(params)
    }

    /// Takes the answer to a subscription.
    mutating func subscribed(_ answer: JSONValue) -> [Delivery] {
        let current = ChannelPosition(
            epoch: answer["epoch"]?.stringValue ?? "",
            offset: answer["offset"]?.intValue ?? 0
        )
        let events = answer["events"]?.arrayValue ?? []
        var deliveries: [Delivery] = []
        for object in answer["state"]?.arrayValue ?? [] {
            deliveries.append(.state(object, offset: current.offset))
        }
        defer { hasAnswer = true }
        if let old = position {
            if answer["recovered"]?.boolValue == false || old.epoch != current.epoch {
                deliveries.append(.gap(Gap(after: old, now: current)))
                position = current
            } else if hasAnswer, !events.isEmpty {
                deliveries.append(.recovered(events.count))
            }
        } else {
            // Without a filter, events of the past end at the position: the first of them says where
            // they begin.
            let first = events.first?[offsetMember]?.intValue
            position = ChannelPosition(
                epoch: current.epoch,
                offset: first.map { $0 - 1 } ?? current.offset
            )
        }
        for event in events { deliveries += received(event) }
        // What a filter held back at the end has been passed over too.
        if let reached = position?.offset { position?.offset = max(reached, current.offset) }
        return deliveries
    }

    /// Takes the params of a `hub.event`, in front of which a gap may show.
    mutating func received(_ params: JSONValue) -> [Delivery] {
        guard let old = position, let offset = params[offsetMember]?.intValue else {
            return [.publication(params)]
        }
        guard offset > old.offset else { return [] }
        position?.offset = offset
        // What a filter holds back is not missing, and the hub tells what it passes over.
        guard offset == old.offset + 1 || filter != nil || keepsLatest else {
            let now = ChannelPosition(epoch: old.epoch, offset: offset - 1)
            return [.gap(Gap(after: old, now: now)), .publication(params)]
        }
        return [.publication(params)]
    }
}
