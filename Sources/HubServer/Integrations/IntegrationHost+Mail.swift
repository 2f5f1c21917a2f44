import EventLoops
import Integrations
import JSONRPC
import Outbound

extension IntegrationHost {
    /// `send`, or `check`, which sends nothing.
    func mail(
        _ name: String,
        _ params: JSONObject,
        _ values: ConnectionValues
    ) async throws(IntegrationFailure) -> IntegrationAnswer {
        guard name == "send" || name == "check" else {
            throw IntegrationFailure([IntegrationProblem("/call", "must be send")])
        }
        let configured = values.configuration
        let from = configured["from"]?.stringValue ?? ""
        var message: MailMessage?
        if name == "send" {
            let to = params["to"]?.arrayValue?.compactMap(\.stringValue) ?? []
            for (index, address) in to.enumerated() where !MailMessage.isAddress(address) {
                throw IntegrationFailure([
                    IntegrationProblem("/params/to/\(index)", "must be an address of e-mail")
                ])
            }
            let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
            message = MailMessage(
                from: from,
                to: to,
                subject: params["subject"]?.stringValue ?? "",
                text: params["text"]?.stringValue ?? "",
                id: "<\(NewID.make())@\(domain)>",
                date: WallClock.milliseconds / 1_000
            )
        }
        let security =
            configured["security"]?.stringValue.flatMap(SMTPClient.Security.init) ?? .startTLS
        let standard = [SMTPClient.Security.startTLS: 587, .implicit: 465, .none: 25][security]
        let host = configured["host"]?.stringValue ?? ""
        let settings = SMTPClient.Settings(
            security: security,
            mechanism: configured["mechanism"]?.stringValue.flatMap(SMTPClient.Mechanism.init)
                ?? .automatic,
            user: configured["user"]?.stringValue,
            password: values.secrets["password"],
            host: "localhost"
        )
        let dialogue = MailDialogue(
            host: host,
            port: UInt16(clamping: configured["port"]?.intValue ?? standard ?? 25),
            settings: settings,
            message: message,
            policy: ReachableAddresses(allowed: configuration.outbound.allowedAddresses),
            timeout: (configuration.integrations.timeoutMs + 999) / 1_000
        )
        try await dialogue.run(over: try client())
        guard let message else { return IntegrationAnswer(result: ["accepted": true]) }
        return IntegrationAnswer(
            result: ["messageId": .string(message.id), "recipients": .integer(message.to.count)]
        )
    }
}

/// One conversation with a mail server.
private struct MailDialogue: Sendable {
    var host: String
    var port: UInt16
    var settings: SMTPClient.Settings
    var message: MailMessage?
    var policy: ReachableAddresses
    var timeout: Int

    func run(over client: OutboundClient) async throws(IntegrationFailure) {
        let cancellation: OutboundCancellation
        let refusal: SMTPClient.Failure?
        do throws(OutboundError) {
            cancellation = try OutboundCancellation()
            let trust = client.context
            refusal = try await client.perform(cancellation) { () throws(OutboundError) in
                try converse(cancellation, trust)
            }
        } catch {
            // What was sent in part is not delivered: the server needs the end of the message.
            throw IntegrationFailure(error, isRepeatable: message == nil)
        }
        guard let refusal else { return }
        var failure = IntegrationFailure(.refused, refusal.reason)
        failure.isRetryable = refusal.isTemporary
        failure.isService = refusal.isTemporary
        throw failure
    }

    /// On a thread that waits.
    private func converse(
        _ cancellation: OutboundCancellation,
        _ trust: TLSContext
    ) throws(OutboundError) -> SMTPClient.Failure? {
        let connection = try OutboundConnection(
            to: host,
            port: port,
            policy: policy,
            timeout: timeout,
            cancellation: cancellation
        )
        defer { connection.close() }
        if settings.security == .implicit { try connection.secure(as: host, trust) }
        var client = SMTPClient(settings, sending: message)
        while true {
            let bytes: [UInt8]?
            do throws(OutboundError) {
                bytes = try connection.receive()
            } catch {
                if client.isDone { return nil }
                throw error
            }
            guard let bytes else {
                if client.isDone { return nil }
                throw .closed
            }
            let actions: [SMTPClient.Action]
            do throws(SMTPClient.Failure) {
                actions = try client.receive(bytes)
            } catch {
                return error
            }
            if try perform(actions, &client, connection, trust) { return nil }
        }
    }

    /// - Returns: Whether everything is done.
    private func perform(
        _ actions: [SMTPClient.Action],
        _ client: inout SMTPClient,
        _ connection: OutboundConnection,
        _ trust: TLSContext
    ) throws(OutboundError) -> Bool {
        var rest = actions[...]
        while let action = rest.popFirst() {
            switch action {
            case .finished: return true
            case .send(let bytes): try connection.send(bytes)
            case .secure:
                try connection.secure(as: host, trust)
                rest += client.secured()
            }
        }
        return false
    }
}
