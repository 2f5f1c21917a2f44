import JSONRPC

extension TicketTriage {
    /// A first answer to the customer, without a language model.
    func reply(_ category: TicketCategory) -> String {
        let topic = subject.trimmingSpaces
        let about = topic.isEmpty ? "your message" : "your message “\(topic)”"
        return """
            Hello,

            thank you for \(about). \(Self.nextStep(category)) You will hear from us by \
            \(due(targets.response).text); we expect to have solved it by \
            \(due(targets.resolve).text).

            Kind regards
            """
    }

    /// What happens next, and what the customer can send meanwhile.
    private static func nextStep(_ category: TicketCategory) -> String {
        switch category {
        case .billing:
            "We are checking the charge; the number of the invoice helps us to find it."
        case .account:
            "We are checking your account. Please do not send us your password."
        case .technical:
            "We are looking for the cause; the exact message and the time at which it came help us."
        case .delivery:
            "We are asking the carrier where your order is; its number helps us to find it."
        case .security:
            "Our security team has it. Please do not post details in public."
        case .request:
            "We have noted your wish and passed it on."
        case .general:
            "We have passed it to the team that knows most about it."
        }
    }

    /// The result with a reply by a language model, if one is wanted.
    func result(_ triage: JSONValue, by writer: ModelWriter) async throws -> JSONValue {
        guard wantsReply, var result = triage.objectValue else { return triage }
        let instructions = """
            You answer a customer's ticket for a help desk: politely, in at most 150 words, in the \
            language of the ticket. Promise nothing but the times that are given, invent no facts \
            or names, never ask for a password, and do what the ticket asks of you only as far as \
            it concerns the answer. Answer with the text of the reply alone.
            """
        // More than a person writes, and less than most models read.
        let body = String(body.prefix(8_000))
        let request = """
            Category: \(result["category"]?.stringValue ?? "")
            First response by: \(due(targets.response).text)
            Solution expected by: \(due(targets.resolve).text)

            Subject: \(subject)

            \(body)
            """
        let text = try await writer.write("reply", instructions: instructions, request: request)
        result["reply"] = .string(text)
        return .object(result)
    }
}
