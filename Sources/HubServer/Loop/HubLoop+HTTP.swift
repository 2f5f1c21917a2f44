import AgentRuntime
import EventLoops
import HTTPProtocol
import Identity
import JSONRPC
import Synchronization
import Transport
import WebSocketProtocol

// Requests before and beside WebSocket.
extension HubLoop {
    mutating func answerRequest(_ id: ConnectionID) {
        let request = transport.request
        if request.queryCarriesSecret {
            respond(
                id,
                .badRequest,
                "A secret must not be part of a URL: send it as 'Authorization: Bearer …'.",
                closes: true
            )
            return
        }
        transport.requestFields = context.origins.sharingFields(for: request)
        guard !refuseForRate(id) else { return }
        guard !answerPreflight(id), !refuseForeignPage(id) else { return }
        switch request.path {
        case "/ws" where context.isStopping.load(ordering: .relaxed): refuseSession(id)
        case "/ws": openSession(id)
        case "/health", "/health/ready": answerHealth(id)
        case "/health/live": answerLife(id)
        case "/metrics": answerMetrics(id)
        case "/": answerPage(id, .index)
        case "/sign-in.js": answerPage(id, .script)
        case "/sign-in.css": answerPage(id, .style)
        case "/openrpc.json": answerDocument(id, context.methods.openRPC)
        default: respond(id, .notFound, "There is nothing at this path; a client's is /ws.")
        }
    }

    /// Answers a browser that asks what a page of another origin may send.
    ///
    /// - Returns: Whether that was the request.
    private mutating func answerPreflight(_ id: ConnectionID) -> Bool {
        switch context.origins.preflight(transport.request) {
        case .none: return false
        case .allowed: transport.respond(to: id, HTTPResponseHead(status: .noContent))
        case .refused: respond(id, .forbidden, "Pages of this origin are not allowed.")
        }
        return true
    }

    /// Refuses a page of another origin that would change something: its browser sends simple
    /// requests without asking, and only hides the answers.
    ///
    /// - Returns: Whether that was the request.
    private mutating func refuseForeignPage(_ id: ConnectionID) -> Bool {
        let request = transport.request
        guard !["GET", "HEAD", "OPTIONS"].contains(request.method),
            case .refused(let refusal) = context.origins.verdict(
                on: request,
                isTLS: transport.isEncrypted(id)
            )
        else { return false }
        respond(id, .forbidden, refusal.reason, closes: true)
        return true
    }

    private mutating func refuseSession(_ id: ConnectionID) {
        let head = HTTPResponseHead(
            status: .serviceUnavailable,
            headers: HTTPHeaders([("Retry-After", "1")])
        )
        transport.respond(to: id, head, text: "The hub is restarting.", closes: true)
    }

    private mutating func openSession(_ id: ConnectionID) {
        let request = transport.request
        if case .refused(let refusal) = context.origins.verdict(
            on: request,
            isTLS: transport.isEncrypted(id)
        ) {
            context.logger.warning(
                "refused a web page",
                ["reason": refusal.reason, "peer": transport.peer(of: id)?.host ?? "unix"]
            )
            respond(id, .forbidden, refusal.reason, closes: true)
            return
        }
        // Not known any more once the connection has been upgraded.
        let peer = transport.peer(of: id)
        do {
            let handshake = ServerHandshake(
                subprotocols: [HubProtocol.name],
                deflate: context.configuration.deflate
            )
            let acceptance = try handshake.respond(to: request)
            guard let opening = judgeCredential(of: request, from: id) else { return }
            transport.upgrade(id, acceptance.response, deflate: acceptance.deflate)
            beginSession(id, from: peer, opening.rules)
        } catch {
            transport.respond(to: id, error.response, text: error.message, closes: true)
        }
    }

    /// Begins a session and sends `session.welcome`.
    private mutating func beginSession(
        _ id: ConnectionID,
        from peer: InternetAddress?,
        _ rules: AccessRules?
    ) {
        let limits = context.configuration.limits
        let session = Session(
            connection: id,
            id: SessionID.make(),
            rules: rules,
            connectedAt: WallClock.milliseconds,
            address: peer?.host ?? "unix",
            bucket: TokenBucket(
                rate: limits.commandsPerSecond,
                burst: limits.commandBurst,
                now: transport.now
            )
        )
        session.addressShare = limits.rateSubject(of: peer).map { addressShares.join($0) }
        if transport.request.headers.contains("Origin") { transport.watchQuiet(id) }
        while sessions.count <= Int(id.slot) { sessions.append(nil) }
        sessions[Int(id.slot)] = session
        sessionCount += 1
        joinShares(of: id)
        if session.rules == nil {
            let timeout = context.configuration.timeouts.authenticationMs
            transport.setDeadline(id, after: UInt64(timeout))
        } else {
            scheduleExpiry(of: id)
        }
        let welcome = context.welcome.message(for: session)
        welcome.withUnsafeBytes { transport.send(.text, $0, to: id) }
    }

    private mutating func answerHealth(_ id: ConnectionID) {
        guard isReading(id) else { return }
        context.askRuntime()
        let stores = context.runtime.isStorageAvailable
        let answers = context.metrics.runtimeAnswers(now: MonotonicClock.milliseconds)
        let isStopping = context.isStopping.load(ordering: .relaxed)
        let isHealthy = stores && answers && !isStopping
        func word(_ isGood: Bool) -> JSONValue { isGood ? "healthy" : "degraded" }
        let health: JSONValue = [
            "status": isStopping ? "draining" : word(isHealthy),
            "timestamp": .string(Timestamps.text(WallClock.milliseconds)),
            // The broker of a single node is the node itself: it answers, so it is well.
            "services": ["journal": word(stores), "runtime": word(answers), "broker": "healthy"],
        ]
        answerDocument(id, health, status: isHealthy ? .ok : .serviceUnavailable)
    }

    private mutating func answerLife(_ id: ConnectionID) {
        guard isReading(id) else { return }
        answerDocument(
            id,
            [
                "status": "healthy",
                "timestamp": .string(Timestamps.text(WallClock.milliseconds)),
            ]
        )
    }

    private mutating func answerMetrics(_ id: ConnectionID) {
        guard isReading(id), mayReadMetrics(id) else { return }
        transport.respond(
            to: id,
            HTTPResponseHead(status: .ok, headers: HTTPHeaders([("Cache-Control", "no-store")])),
            body: Array(context.metricsText().utf8),
            contentType: "text/plain; version=0.0.4; charset=utf-8"
        )
    }

    private mutating func answerDocument(
        _ id: ConnectionID,
        _ document: JSONValue,
        status: HTTPStatus = .ok
    ) {
        guard isReading(id) else { return }
        transport.respond(
            to: id,
            HTTPResponseHead(
                status: status,
                headers: HTTPHeaders([("Cache-Control", "no-store")])
            ),
            body: document.encoded(),
            contentType: "application/json"
        )
    }

    /// Whether the request only reads; others are answered 405.
    mutating func isReading(_ id: ConnectionID) -> Bool {
        if ["GET", "HEAD"].contains(transport.request.method) {
            if context.origins.hostIsTrusted(transport.request.headers.single("Host")) {
                return true
            }
            // A page whose name was rebound to this address would read what is meant for others.
            respond(id, .misdirectedRequest, "The Host field names no host of this hub.")
            return false
        }
        let head = HTTPResponseHead(
            status: .methodNotAllowed,
            headers: HTTPHeaders([("Allow", "GET, HEAD")])
        )
        transport.respond(to: id, head, text: "Only GET and HEAD are answered here.")
        return false
    }

    mutating func respond(
        _ id: ConnectionID,
        _ status: HTTPStatus,
        _ text: String,
        closes: Bool = false
    ) {
        transport.respond(to: id, HTTPResponseHead(status: status), text: text, closes: closes)
    }
}
