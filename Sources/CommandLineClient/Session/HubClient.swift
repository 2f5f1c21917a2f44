import EventLoops
import JSONRPC
import WebSocketProtocol

/// A session with the hub over a connection: requests that wait for their answers, and
/// notifications in their order.
///
/// It is used by one thread; whatever waits can be interrupted as ``HubConnection`` says.
final class HubClient {
    typealias Instant = ContinuousClock.Instant

    let address: HubAddress
    private let tokenFile: String?
    /// Where the tokens of `omnihub login` are; `nil` when they are not to be used.
    private let credentials: CredentialFile?
    private let connection: HubConnection
    private var session: ClientSession?
    /// What the session told and nobody has asked for yet, oldest first.
    private var events: [SessionEvent] = []

    init(
        address: HubAddress,
        tokenFile: String?,
        credentials: CredentialFile? = nil,
        authorities: String? = nil
    ) throws(ClientFailure) {
        self.address = address
        self.tokenFile = tokenFile
        self.credentials = credentials
        connection = try HubConnection(authorities: authorities)
    }

    /// Connects, opens a session and waits for the hub's welcome; a session that was open before
    /// is forgotten.
    func connect() throws(ClientFailure) {
        disconnect()
        let entry = try credentials?.read()[address]
        let isFresh = entry?.isFresh(at: WallClock.milliseconds) ?? false
        let fields =
            isFresh ? entry.map { [Self.authorization($0.accessToken)] } ?? [] : try authorization()
        try connection.open(address)
        var random = SystemRandomNumberGenerator()
        let handshake = ClientHandshake(
            host: address.hostField,
            target: address.target,
            key: (0..<16).map { _ in UInt8.random(in: .min ... .max, using: &random) },
            subprotocols: ["omnihub.v1"],
            fields: fields
        )
        session = ClientSession(handshake: handshake, random: random, now: .now)
        while true {
            while !events.isEmpty {
                switch events.removeFirst() {
                case .welcomed:
                    if entry != nil, !isFresh { try renew() }
                    return
                case .ended(let end): throw .ended(address, end)
                case .answered, .notified: break
                }
            }
            try step(until: nil)
        }
    }

    /// Calls a method and waits for its answer; notifications that come meanwhile are kept.
    func call(_ method: String, _ params: JSONValue) throws(ClientFailure) -> JSONValue {
        guard let number = session?.request(method, params) else { throw .unanswered(.lost) }
        while true {
            if let outcome = takeAnswer(number) {
                switch outcome {
                case .success(let result): return result
                case .failure(let error): throw .refused(error)
                }
            }
            if case .ended(let end) = events.last { throw .unanswered(end) }
            try step(until: nil)
        }
    }

    /// Waits for the next notification.
    ///
    /// - Parameters:
    ///   - deadline: How long to wait; `nil` for as long as the session lasts.
    ///   - idle: Called each time before it waits.
    /// - Returns: `nil` when none has come before the deadline.
    /// - Throws: What ended the session, or what `idle` throws.
    func notification(
        until deadline: Instant? = nil,
        idle: () throws(ClientFailure) -> Void
    ) throws(ClientFailure) -> (method: String, params: JSONValue)? {
        while true {
            while !events.isEmpty {
                switch events.removeFirst() {
                case .notified("session.expiring", _) where credentials != nil: try renew()
                case .notified(let method, let params): return (method, params)
                case .ended(let end): throw .ended(address, end)
                case .welcomed, .answered: break
                }
            }
            if let deadline, Instant.now >= deadline { return nil }
            try idle()
            try step(until: deadline)
        }
    }

    /// Waits without a session.
    func pause(for duration: Duration) throws(ClientFailure) {
        disconnect()
        let end = Instant.now + duration
        while Instant.now < end { _ = try connection.wait(until: end) }
    }

    /// Ends the session in good order; a further signal ends it at once.
    func close() {
        _ = session?.close(now: .now)
        while let session, !session.isEnded {
            do throws(ClientFailure) {
                try step(until: nil)
            } catch {
                break
            }
        }
        disconnect()
    }

    /// Gets a new access token for the login session, and goes on with that.
    ///
    /// Another process may have done so already: a refresh token that is used twice would end the
    /// login session.
    private func renew() throws(ClientFailure) {
        guard let credentials else { return }
        let address = address
        let token = try credentials.change { stored throws(ClientFailure) -> String? in
            guard let entry = stored[address] else { return nil }
            if entry.isFresh(at: WallClock.milliseconds) { return entry.accessToken }
            let answer: JSONValue
            do throws(ClientFailure) {
                answer = try call("auth.refresh", ["refreshToken": .string(entry.refreshToken)])
            } catch {
                if case .refused(let refusal) = error, refusal.name == "UNAUTHENTICATED" {
                    stored[address] = nil
                    return nil
                }
                throw error
            }
            guard let new = StoredCredentials.Entry(answer: answer, now: WallClock.milliseconds)
            else { throw .unexpectedAnswer(method: "auth.refresh") }
            stored[address] = new
            return new.accessToken
        }
        guard let token else { return }
        _ = try call("session.authenticate", ["accessToken": .string(token)])
    }

    private static func authorization(_ token: String) -> (String, String) {
        ("Authorization", "Bearer " + token)
    }

    private func disconnect() {
        connection.close()
        session = nil
        events.removeAll()
    }

    private func takeAnswer(_ number: Int) -> Result<JSONValue, HubError>? {
        for (index, event) in events.enumerated() {
            if case .answered(number, let outcome) = event {
                events.remove(at: index)
                return outcome
            }
        }
        return nil
    }

    /// Moves bytes between session and connection, once, and lets the session know the time.
    private func step(until deadline: Instant?) throws(ClientFailure) {
        guard var session = self.session.take() else { throw .ended(address, .lost) }
        defer { self.session = session }
        connection.send(session.takeOutput())
        let limits = [deadline, session.deadline].compactMap(\.self)
        switch try connection.wait(until: limits.min()) {
        case .bytes(let bytes): events += session.receive(bytes, now: .now)
        case .ended: events += session.transportEnded()
        case .nothing: break
        }
        events += session.timePassed(now: .now)
        connection.send(session.takeOutput())
    }

    /// The Authorization field with the token, read anew for each session so that a renewed one
    /// is used.
    private func authorization() throws(ClientFailure) -> [(String, String)] {
        guard let tokenFile else { return [] }
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try SmallFile.read(tokenFile, maximumBytes: 16 << 10)
        } catch {
            throw .file(path: tokenFile, error)
        }
        let words = bytes.split { $0 <= UInt8(ascii: " ") }
        guard let token = words.first, words.count == 1, token.allSatisfy({ $0 < 0x7F }) else {
            throw .emptyTokenFile(path: tokenFile)
        }
        return [Self.authorization(String(decoding: token, as: UTF8.self))]
    }
}
