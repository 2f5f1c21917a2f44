import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import Synchronization
import Transport
import WebSocketProtocol

// The end of a loop: everybody is told, gets a moment to finish, and is closed.
extension HubLoop {
    /// Between two steps of a drain, in milliseconds.
    private static var drainStep: UInt64 { 50 }

    mutating func readSignals(_ signals: SignalSource?) {
        guard let signal = signals?.next() else { return }
        guard stopDeadline == nil else { return }
        guard signal != SignalSource.reload else {
            context.reload()
            return
        }
        context.logger.notice("stopping", ["signal": "\(signal)"])
        ServiceManager.notify("STOPPING=1")
        context.beginStop()
    }

    mutating func stop() {
        guard stopDeadline == nil else { return }
        context.isStopping.store(true, ordering: .relaxed)
        let timeouts = context.configuration.timeouts
        stopDeadline = transport.now + UInt64(timeouts.stopMs)
        transport.stopAccepting()
        drain = DrainSchedule(
            sessions.compactMap { $0?.connection }.shuffled(),
            from: transport.now,
            over: UInt64(min(timeouts.drainMs, timeouts.stopMs)),
            loops: context.mailboxes.count,
            connectionsPerSecond: context.configuration.limits.connectionsPerSecond
        )
        nextDrainStep = transport.now
        advanceDrain()
    }

    /// Tells and closes those whose turn it is.
    mutating func advanceDrain() {
        guard var drain, transport.now >= nextDrainStep else { return }
        var random = SystemRandomNumberGenerator()
        for rank in drain.takeNotices(at: transport.now) {
            tellOfStop(drain[rank], reconnectAfter: drain.reconnectDelay(of: rank, using: &random))
        }
        for rank in drain.takeClosings(at: transport.now) {
            transport.close(drain[rank], Self.restart)
        }
        // Those that have left of themselves are not waited for.
        guard !drain.isOver, sessionCount > 0 else {
            self.drain = nil
            transport.closeAll(Self.restart)
            return
        }
        self.drain = drain
        nextDrainStep = transport.now + Self.drainStep
        transport.wakeUp(after: Self.drainStep)
    }

    private static var restart: CloseFrame {
        CloseFrame(code: .serviceRestart, reason: "the hub is restarting")
    }

    private mutating func tellOfStop(_ id: ConnectionID, reconnectAfter delay: UInt64) {
        var params = JSONWriter(capacity: 64)
        params.beginObject()
        params.member("reconnectAfterMs", delay)
        params.endObject()
        notify(id, "session.draining", params.takeBytes())
    }

    /// Sends a notification to one session.
    mutating func notify(_ id: ConnectionID, _ method: String, _ params: [UInt8]) {
        var message: [UInt8] = []
        message.appendNotification(method: method, params: params)
        message.withUnsafeBytes { transport.send(.text, $0, to: id) }
    }

    /// Sends a notification to every session that is authenticated.
    mutating func tellEverybody(_ method: String, _ params: [UInt8]) {
        var message: [UInt8] = []
        message.appendNotification(method: method, params: params)
        for session in sessions where session?.rules != nil {
            guard let session else { continue }
            message.withUnsafeBytes { transport.send(.text, $0, to: session.connection) }
        }
    }

    /// Tells a browser, which cannot see pings, that the hub is there.
    mutating func sendHeartbeat(_ id: ConnectionID) {
        guard session(of: id) != nil else { return }
        notify(id, "session.heartbeat", Array("{}".utf8))
    }
}
