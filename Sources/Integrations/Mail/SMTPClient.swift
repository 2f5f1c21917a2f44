/// The client's side of SMTP (RFC 5321) with STARTTLS (RFC 3207) and AUTH (RFC 4954), without a
/// socket: it is fed with what the server sends and says what to do next.
package struct SMTPClient: Sendable {
    /// When the connection is encrypted.
    package enum Security: String, CaseIterable, Sendable {
        /// From its first byte (RFC 8314).
        case implicit
        /// By STARTTLS; a server without it is left.
        case startTLS = "starttls"
        case none
    }

    /// How the client proves who it is.
    package enum Mechanism: String, CaseIterable, Sendable {
        case plain
        case login
        /// The better one that the server offers.
        case automatic = "auto"
    }

    package struct Settings: Sendable {
        package var security: Security
        package var mechanism: Mechanism
        /// `nil` for a server that asks for none.
        package var user: String?
        package var password: String?
        /// What the client calls itself.
        package var host: String
        /// Credentials may go over a connection that is not encrypted.
        package var allowsPlainPassword: Bool

        package init(
            security: Security,
            mechanism: Mechanism = .automatic,
            user: String? = nil,
            password: String? = nil,
            host: String,
            allowsPlainPassword: Bool = false
        ) {
            self.security = security
            self.mechanism = mechanism
            self.user = user
            self.password = password
            self.host = host
            self.allowsPlainPassword = allowsPlainPassword
        }
    }

    package enum Action: Equatable, Sendable {
        case send([UInt8])
        /// Encrypt the connection, then call ``secured()``.
        case secure
        /// Everything that was asked for is done.
        case finished
    }

    /// Why it did not come to that; no text of it holds a password.
    package struct Failure: Error, Equatable, Sendable {
        package var reason: String
        /// Of the reply that refused something; `nil` for another cause.
        package var code: Int?

        /// Replies of 4yz are for now only (RFC 5321 §4.2.1).
        package var isTemporary: Bool { code.map { (400...499).contains($0) } ?? false }
    }

    private enum State: Equatable {
        case greeting
        case hello(isSecured: Bool)
        case startTLS
        case securing
        /// Which answer of the exchange is waited for.
        case authentication(step: Int)
        case sender
        case recipient(Int)
        case data
        case content
        case quit
    }

    private let settings: Settings
    /// `nil` only to see whether the server takes the credentials.
    private let message: MailMessage?
    private var state = State.greeting
    private var reader = SMTPReply.Reader()
    private var mechanism = Mechanism.plain

    package init(_ settings: Settings, sending message: MailMessage?) {
        self.settings = settings
        self.message = message
    }

    /// Takes what the server sent.
    ///
    /// - Returns: What to do, in order.
    /// - Throws: Why it cannot go on; the connection is to be closed then.
    package mutating func receive(
        _ bytes: some Sequence<UInt8>
    ) throws(Failure) -> [Action] {
        var actions: [Action] = []
        for byte in bytes {
            // What comes with the answer to STARTTLS was not encrypted and could be anybody's.
            guard state != .securing else {
                throw Failure(reason: "the server sent more than its answer before TLS began")
            }
            let reply: SMTPReply?
            do throws(SMTPReply.Reader.Violation) {
                reply = try reader.read(byte)
            } catch {
                throw Failure(reason: error.reason)
            }
            if let reply { actions += try take(reply) }
        }
        return actions
    }

    /// The connection is encrypted from here on.
    package mutating func secured() -> [Action] {
        precondition(state == .securing, "only after .secure")
        return hello(isSecured: true)
    }

    private var isEncrypted: Bool {
        switch state {
        case .hello(let isSecured): isSecured || settings.security == .implicit
        default: settings.security != .none
        }
    }

    private mutating func hello(isSecured: Bool) -> [Action] {
        state = .hello(isSecured: isSecured)
        return [.command("EHLO \(settings.host)")]
    }

    private mutating func take(_ reply: SMTPReply) throws(Failure) -> [Action] {
        switch state {
        case .greeting:
            try expect(220, reply, "does not greet")
            return hello(isSecured: false)
        case .hello(let isSecured):
            try expect(250, reply, "does not take EHLO")
            return try afterHello(Set(reply.extensions), isSecured: isSecured)
        case .startTLS:
            try expect(220, reply, "does not begin TLS")
            guard !reader.isInside else {
                throw Failure(reason: "the server sent more than its answer before TLS began")
            }
            state = .securing
            return [.secure]
        case .securing:
            throw Failure(reason: "the server spoke before TLS began")
        case .authentication(let step):
            return try authenticate(step, reply)
        case .sender:
            try expect(250, reply, "refuses the sender")
            return recipient(0)
        case .recipient(let index):
            guard reply.code == 250 || reply.code == 251 else {
                throw refusal(reply, "refuses the recipient \(message?.to[index] ?? "")")
            }
            return recipient(index + 1)
        case .data:
            try expect(354, reply, "does not take the message")
            state = .content
            return [.send(Self.stuffed(message?.encoded ?? []))]
        case .content:
            try expect(250, reply, "does not keep the message")
            return quit()
        case .quit:
            return [.finished]
        }
    }

    private mutating func afterHello(
        _ extensions: Set<String>,
        isSecured: Bool
    ) throws(Failure) -> [Action] {
        if settings.security == .startTLS, !isSecured {
            guard extensions.contains("STARTTLS") else {
                throw Failure(reason: "the server does not offer STARTTLS")
            }
            state = .startTLS
            return [.command("STARTTLS")]
        }
        guard let user = settings.user, let password = settings.password else { return envelope() }
        guard isEncrypted || settings.allowsPlainPassword else {
            throw Failure(reason: "a password is not sent without TLS")
        }
        let offered = Set(["PLAIN", "LOGIN"].filter { extensions.contains("AUTH \($0)") })
        switch settings.mechanism {
        case .automatic:
            guard !offered.isEmpty else {
                throw Failure(reason: "the server offers neither AUTH PLAIN nor AUTH LOGIN")
            }
            mechanism = offered.contains("PLAIN") ? .plain : .login
        case .plain, .login:
            let name = settings.mechanism.rawValue.uppercased()
            guard offered.contains(name) else {
                throw Failure(reason: "the server does not offer AUTH \(name)")
            }
            mechanism = settings.mechanism
        }
        state = .authentication(step: 0)
        if mechanism == .plain {
            let text = Base64.encode(Array("\0\(user)\0\(password)".utf8))
            return [.command("AUTH PLAIN \(text)")]
        }
        return [.command("AUTH LOGIN")]
    }

    private mutating func authenticate(
        _ step: Int,
        _ reply: SMTPReply
    ) throws(Failure) -> [Action] {
        if reply.code == 334, mechanism == .login, step < 2 {
            let text = (step == 0 ? settings.user : settings.password) ?? ""
            state = .authentication(step: step + 1)
            return [.command(Base64.encode(Array(text.utf8)))]
        }
        try expect(235, reply, "does not accept the user and password")
        return envelope()
    }

    private mutating func envelope() -> [Action] {
        guard let message else { return quit() }
        state = .sender
        return [.command("MAIL FROM:<\(message.from)>")]
    }

    private mutating func recipient(_ index: Int) -> [Action] {
        guard let message, index < message.to.count else {
            state = .data
            return [.command("DATA")]
        }
        state = .recipient(index)
        return [.command("RCPT TO:<\(message.to[index])>")]
    }

    private mutating func quit() -> [Action] {
        state = .quit
        return [.command("QUIT")]
    }

    /// Whether the message was taken; an end of the connection does not matter then.
    package var isDone: Bool { state == .quit }

    /// A line that begins with a dot gets another one, and a single one ends it all (§4.5.2).
    static func stuffed(_ message: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.count + 64)
        var isAtStart = true
        for byte in message {
            if isAtStart, byte == UInt8(ascii: ".") { bytes.append(byte) }
            bytes.append(byte)
            isAtStart = byte == 0x0A
        }
        if !isAtStart { bytes += [0x0D, 0x0A] }
        return bytes + [UInt8(ascii: "."), 0x0D, 0x0A]
    }

    private func expect(
        _ code: Int,
        _ reply: SMTPReply,
        _ problem: String
    ) throws(Failure) {
        guard reply.code == code else { throw refusal(reply, problem) }
    }

    /// What the server says for people is repeated as far as it is printable.
    private func refusal(_ reply: SMTPReply, _ problem: String) -> Failure {
        let text = reply.lines.first.map { line in
            String(
                line.unicodeScalars.filter { $0.value >= 0x20 && $0.value < 0x7F }.prefix(200).map(
                    Character.init
                )
            )
        }
        return Failure(
            reason: "the server \(problem): \(reply.code) \(text ?? "")",
            code: reply.code
        )
    }
}

extension SMTPClient.Action {
    static func command(_ line: String) -> SMTPClient.Action { .send(Array("\(line)\r\n".utf8)) }
}

extension SMTPReply {
    /// What the server can do, as its answer to EHLO says: keywords, and `AUTH` with each mechanism.
    fileprivate var extensions: [String] {
        lines.dropFirst().flatMap { line -> [String] in
            let words = line.uppercased().split(separator: " ").map(String.init)
            guard let keyword = words.first else { return [] }
            return [keyword] + words.dropFirst().map { "\(keyword) \($0)" }
        }
    }
}
