import EventLoops
import HTTPProtocol
import Identity
import JSONRPC
import Transport
import WebSocketProtocol

/// What a connection may do from its beginning.
struct OpeningRules {
    /// `nil` for a session that has to authenticate itself.
    var rules: AccessRules?
}

// Who a session acts for: from its proof to the end of that.
extension HubLoop {
    /// Looks at what an opening request proves of its sender, and answers it if that is nothing.
    mutating func judgeCredential(
        of request: HTTPRequestHead,
        from id: ConnectionID
    ) -> OpeningRules? {
        if context.configuration.dev {
            return OpeningRules(rules: AccessRules(.developer, assigned: []))
        }
        switch request.bearerCredential {
        case .none:
            return OpeningRules()
        case .token(let token):
            let now = WallClock.milliseconds
            let identity = context.identity
            do throws(TokenRejection) {
                return OpeningRules(
                    rules: try identity.tokens.rules(for: token, in: identity.directory, now: now)
                )
            } catch {
                noteDenial(of: "session.authenticate", nil, reason: .unauthenticated, from: id)
                refuseCredential(id, error.sentence)
                return nil
            }
        case .malformed:
            refuseCredential(id, "The Authorization field must be one, 'Bearer' and a token.")
            return nil
        }
    }

    /// Whether who asks for the metrics, which tell of all agents, may have them; if not, the
    /// request is answered.
    mutating func mayReadMetrics(_ id: ConnectionID) -> Bool {
        if context.configuration.dev || context.configuration.auth.publicMetrics { return true }
        guard case .token(let token) = transport.request.bearerCredential else {
            refuseCredential(
                id,
                "Metrics are for managers: send 'Authorization: Bearer' and a key."
            )
            return false
        }
        let identity = context.identity
        do throws(TokenRejection) {
            let rules = try identity.tokens.rules(
                for: token,
                in: identity.directory,
                now: WallClock.milliseconds
            )
            if rules.allows(.manage, method: "system.stats") { return true }
            let text = "Metrics are for managers, and for keys whose scope has system.stats."
            respond(id, .forbidden, text)
        } catch {
            refuseCredential(id, error.sentence)
        }
        return false
    }

    private mutating func refuseCredential(_ id: ConnectionID, _ text: String) {
        let head = HTTPResponseHead(
            status: .unauthorized,
            headers: HTTPHeaders([("WWW-Authenticate", #"Bearer error="invalid_token""#)])
        )
        transport.respond(to: id, head, text: text, closes: true)
    }

    /// `session.authenticate`: for a first time, or with a newer token of the same user.
    mutating func authenticate(_ id: ConnectionID, _ token: String) throws(RPCError) -> JSONValue {
        guard let session = session(of: id) else { return [:] }
        // Everybody is the developer there, whatever is shown.
        if context.configuration.dev { return sessionDescription(id) }
        let identity = context.identity
        let rules: AccessRules
        do throws(TokenRejection) {
            rules = try identity.tokens.rules(
                for: token,
                in: identity.directory,
                now: WallClock.milliseconds
            )
        } catch {
            throw .unauthenticated(error.sentence)
        }
        let user = rules.principal.userID
        if let present = session.principal, present.userID != user {
            throw .conflict("this session acts for another user; open a new connection")
        }
        adopt(rules, of: id)
        return sessionDescription(id)
    }

    /// Has a session act for somebody from now on, until that expires.
    private mutating func adopt(_ rules: AccessRules, of id: ConnectionID) {
        let previous = session(of: id)?.rules
        leaveShares(of: id)
        sessions[Int(id.slot)]?.authenticate(rules, expiresAt: nil)
        joinShares(of: id)
        // Another credential of the same user may be good for less.
        if let previous, previous != rules { applyRules(of: id) }
        transport.setDeadline(id, after: nil)
        scheduleExpiry(of: id)
    }

    /// Makes sure that the session is told and closed when its credential expires.
    mutating func scheduleExpiry(of id: ConnectionID) {
        guard let session = session(of: id), let expiry = session.principal?.expiresAt else {
            return
        }
        // A token that was accepted within the leeway holds to its end.
        let now = WallClock.milliseconds
        let end = expiry > now ? expiry : expiry.addingSaturating(TokenVerifier.leewayMs)
        let left = UInt64(clamping: end.subtractingSaturating(now))
        let (expiresAt, overflow) = transport.now.addingReportingOverflow(left)
        guard !overflow else { return }
        sessions[Int(id.slot)]?.expiresAt = expiresAt
        let notice = UInt64(context.configuration.auth.expiryNoticeMs)
        transport.setDeadline(id, after: left - min(notice, left / 2))
    }

    /// The time that was set for a session has come.
    mutating func passDeadline(of id: ConnectionID) {
        guard let session = session(of: id) else { return }
        guard session.rules != nil else {
            exceeded.note(.authenticationTime)
            transport.close(
                id,
                CloseFrame(code: .authenticationTimeout, reason: "not authenticated in time")
            )
            return
        }
        guard let expiresAt = session.expiresAt else { return }
        let left = expiresAt - min(expiresAt, transport.now)
        guard left > 0 else {
            transport.close(
                id,
                CloseFrame(code: .tokenExpired, reason: "the access token has expired")
            )
            return
        }
        if !session.isWarned {
            sessions[Int(id.slot)]?.isWarned = true
            var params = JSONWriter(capacity: 32)
            params.beginObject()
            params.member("expiresInMs", left)
            params.endObject()
            notify(id, "session.expiring", params.takeBytes())
        }
        transport.setDeadline(id, after: left)
    }

    /// Looks at the sessions of a user who may have lost something.
    mutating func recheckSessions(of userID: String) {
        for session in sessions.compactMap(\.self) where session.principal?.userID == userID {
            recheck(session)
        }
    }

    /// A session whose credential is gone ends; what it may do else is what holds now.
    private mutating func recheck(_ session: Session) {
        guard let principal = session.principal, session.answersBeforeEnd == 0 else { return }
        guard let rules = context.identity.current(principal) else {
            transport.close(
                session.connection,
                CloseFrame(code: .revoked, reason: "access was revoked")
            )
            return
        }
        guard rules != session.rules else { return }
        sessions[Int(session.connection.slot)]?.rules = rules
        applyRules(of: session.connection)
    }

    /// Ends a session now that it has the answer to the command by which it may have ended.
    mutating func finishLastAnswer(to id: ConnectionID) {
        guard session(of: id) != nil else { return }
        sessions[Int(id.slot)]?.answersBeforeEnd -= 1
        if let session = session(of: id) { recheck(session) }
    }
}

extension TokenRejection {
    /// For people, without a hint to forgers.
    var sentence: String {
        switch self {
        case .expired: "the access token has expired"
        case .invalid: "the access token or API key is not valid"
        }
    }
}

extension Int64 {
    fileprivate func addingSaturating(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }

    fileprivate func subtractingSaturating(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? .max : difference
    }
}
