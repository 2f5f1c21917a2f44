import AgentRuntime
import EventLoops
import Identity
import JSONRPC
import Transport

// What was refused for want of a right goes to the audit.
extension HubLoop {
    private static let longestID = 128

    /// Notes a call that failed, if it did so because the caller may not make it.
    func noteDenial(
        _ error: RPCError,
        of request: MessageItem.Request,
        in message: Span<UInt8>,
        from id: ConnectionID
    ) {
        guard error.isDenial,
            let name = message.jsonPlainContents(request.method),
            let row = context.methods.index(of: message.extracting(name))
        else { return }
        let method = context.methods.methods[row].name
        noteDenial(
            of: method,
            object(of: method, request.params, in: message),
            reason: error.code,
            from: id
        )
    }

    /// Notes a refusal that the caller is not told as one.
    func noteDenial(
        of method: String,
        _ object: AuditObject?,
        reason: ErrorCode = ErrorCode.forbidden,
        from id: ConnectionID
    ) {
        context.runtime.note(
            Denial(
                method: method,
                actor: actor(of: id),
                object: object,
                reason: reason.name,
                at: Timestamp(millisecondsSince1970: WallClock.milliseconds)
            )
        )
    }

    private func actor(of id: ConnectionID) -> AuditActor {
        let session = session(of: id)
        return AuditActor(
            userID: session?.principal?.userID,
            sessionID: session?.id,
            apiKeyID: session?.principal?.apiKeyID,
            address: session?.address ?? transport.peer(of: id)?.host,
            transport: Session.transport
        )
    }

    private func object(
        of method: String,
        _ params: Range<Int>?,
        in message: Span<UInt8>
    ) -> AuditObject? {
        guard let params, message.jsonKind(params) == .object else { return nil }
        let (kind, member): (String, StaticString) =
            switch method.prefix(while: { $0 != "." }) {
            case "tasks": ("task", "id")
            case "agents": ("agent", "id")
            case "users": ("user", "id")
            case "schedules": ("schedule", "id")
            case "workflows": ("workflow", "name")
            case "hub": ("channel", "channel")
            default: ("", "")
            }
        guard !kind.isEmpty, let value = message.jsonMember(member, of: params),
            let text = message.jsonString(value)
        else { return nil }
        return AuditObject(kind: kind, id: String(text.prefix(Self.longestID)))
    }
}

extension RPCError {
    /// Whether it says that the caller lacks a right.
    var isDenial: Bool { code == ErrorCode.forbidden || code == ErrorCode.unauthenticated }
}

extension Principal {
    var apiKeyID: String? {
        if case .apiKey(let id) = credential { id } else { nil }
    }
}
