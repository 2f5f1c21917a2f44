import HubCore
import Identity
import JSONRPC
import Transport

// What a session is subscribed to follows what it may see.
extension HubLoop {
    /// Looks at the subscriptions of a session whose rules have changed: some end, others show
    /// more or less from now on.
    mutating func applyRules(of id: ConnectionID) {
        let subscriptions = session(of: id)?.subscriptions ?? []
        // Those that are removed are replaced by the last one.
        for position in subscriptions.indices.reversed() {
            let subscription = subscriptions[position]
            guard let name = channels[Int(subscription.channel)]?.channel.name else { continue }
            if mayFollow(name, id) {
                applyRules(of: id, to: subscription)
            } else {
                removeSubscription(position, of: id, isLost: false)
                tellUnsubscribed(id, from: name)
            }
        }
    }

    private mutating func applyRules(of id: ConnectionID, to subscription: Session.Subscription) {
        let (position, index) = (Int(subscription.channel), Int(subscription.index))
        guard let entry = channels[position] else { return }
        let old = entry.subscribers[index].view
        var view = entry.views[old]
        view.filter = visible(view.filter, of: entry.channel.name, id)
        guard view != entry.views[old] else { return }
        guard let new = channels[position]?.views.enter(view) else {
            // No slot for what it may see: it must come back, and is told so.
            transport.endSlowConsumer(id)
            return
        }
        channels[position]?.views.leave(old)
        channels[position]?.subscribers[index].view = new
    }

    private mutating func tellUnsubscribed(_ id: ConnectionID, from channel: String) {
        var params = JSONWriter(capacity: 96)
        params.beginObject()
        params.member("channel", channel)
        params.member("reason", ErrorCode.forbidden.name)
        params.endObject()
        notify(id, "hub.unsubscribed", params.takeBytes())
    }
}
