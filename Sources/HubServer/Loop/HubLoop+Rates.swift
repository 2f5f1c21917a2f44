import HTTPProtocol
import Identity
import JSONRPC
import Transport

// What a command costs: a token of its session, its user, its API key and its address, and of what
// else user and key have only so many.
extension HubLoop {
    /// Has a session count as its user's, and its API key's, from now on.
    mutating func joinShares(of id: ConnectionID) {
        guard let principal = session(of: id)?.principal else { return }
        let slot = Int(id.slot)
        sessions[slot]?.userShare = userShares.join(principal.subject)
        sessions[slot]?.keyShare = principal.apiKeyID.map { keyShares.join($0) }
    }

    mutating func leaveShares(of id: ConnectionID) {
        guard let session = session(of: id) else { return }
        let slot = Int(id.slot)
        if let share = session.userShare { userShares.leave(share) }
        if let share = session.keyShare { keyShares.leave(share) }
        sessions[slot]?.userShare = nil
        sessions[slot]?.keyShare = nil
    }

    @inline(__always)
    mutating func payForCommand(_ slot: Int) throws(RPCError) {
        if let wait = sessions[slot]?.bucket.take(now: transport.now) {
            throw limited(.commands, wait)
        }
        if let share = sessions[slot]?.userShare,
            let wait = userShares.take(share, now: transport.now)
        {
            throw limited(.userCommands, wait)
        }
        if let share = sessions[slot]?.keyShare,
            let wait = keyShares.take(share, now: transport.now)
        {
            throw limited(.keyCommands, wait)
        }
        if let share = sessions[slot]?.addressShare,
            let wait = addressShares.take(share, now: transport.now)
        {
            throw limited(.addressCommands, wait)
        }
    }

    mutating func pay(for kind: RateKind, _ slot: Int) throws(RPCError) {
        if let share = sessions[slot]?.userShare,
            let wait = userShares.take(share, kind, now: transport.now)
        {
            switch kind {
            case .commands: throw limited(.userCommands, wait)
            case .tasks: throw limited(.userTasks, wait)
            case .publications: throw limited(.userPublications, wait)
            }
        }
        if let share = sessions[slot]?.keyShare,
            let wait = keyShares.take(share, kind, now: transport.now)
        {
            switch kind {
            case .commands: throw limited(.keyCommands, wait)
            case .tasks: throw limited(.keyTasks, wait)
            case .publications: throw limited(.keyPublications, wait)
            }
        }
    }

    private mutating func limited(_ limit: SessionLimit, _ wait: UInt64) -> RPCError {
        exceeded.note(limit)
        return .rateLimited(retryAfter: .milliseconds(wait))
    }

    /// Answers a request with 429 when its address has sent too many.
    ///
    /// - Returns: Whether it has.
    mutating func refuseForRate(_ id: ConnectionID) -> Bool {
        guard
            let subject = context.configuration.limits.rateSubject(of: transport.peer(of: id))
        else { return false }
        let (taken, wait) = context.addressRates.take(for: subject, upTo: 1, now: transport.now)
        guard taken == 0 else { return false }
        exceeded.note(.addressCommands)
        let head = HTTPResponseHead(
            status: .tooManyRequests,
            headers: HTTPHeaders([("Retry-After", "\(wait / 1_000 + 1)")])
        )
        let text =
            "There are too many requests from this address (limits.addressCommandsPerSecond)."
        transport.respond(to: id, head, text: text)
        return true
    }
}
