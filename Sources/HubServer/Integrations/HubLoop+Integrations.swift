import AgentRuntime
import EventLoops
import Identity
import Integrations
import JSONRPC
import Outbound
import Transport

// Connections to the outside, as their administrators handle them.
extension HubLoop {
    private static let mostConfigurationBytes = 64 << 10
    private static let urlMembers = ["url", "baseUrl", "collectUrl"]

    /// `integrations.types`.
    func integrationTypes() -> JSONValue {
        let catalogue = context.integrations.catalogue
        return [
            "types": .array(
                IntegrationType.allCases.map { type in
                    let definition = catalogue.definition(of: type)
                    // What a configuration names may go both ways.
                    let isOpen = type == .http
                    let service = isOpen ? nil : definition.service(for: [:])
                    let pushes = isOpen || type == .smtp || type == .webhook
                    let directions = [
                        ("pull", isOpen || service?.pull != nil),
                        ("push", pushes || service?.push != nil),
                    ]
                    return [
                        "type": .string(type.rawValue),
                        "summary": .string(definition.summary),
                        "configSchema": definition.configuration,
                        "secrets": .array(
                            definition.secrets.map { secret in
                                [
                                    "name": .string(secret.name),
                                    "required": .bool(secret.isRequired),
                                    "description": .string(secret.description),
                                ]
                            }
                        ),
                        "calls": .array(catalogue.calls(of: type, [:]).map(JSONValue.string)),
                        "directions": .array(directions.filter(\.1).map { .string($0.0) }),
                    ]
                }
            )
        ]
    }

    /// `integrations.list`.
    func integrationList() -> JSONValue {
        ["integrations": .array(context.integrations.directory.all.map(\.json))]
    }

    /// `integrations.get`.
    func integration(_ id: String) throws(RPCError) -> JSONValue {
        let record = try integrationRecord(id)
        guard var object = record.json.objectValue else { throw .internal }
        let type = IntegrationType(rawValue: record.type)
        object["calls"] = .array(
            (type.map { context.integrations.catalogue.calls(of: $0, record.configuration) } ?? [])
                .map(JSONValue.string)
        )
        object["letters"] = .array(record.deadLetters.map(\.json))
        return .object(object)
    }

    private func integrationRecord(_ id: String) throws(RPCError) -> IntegrationRecord {
        guard let record = context.integrations.directory.record(id) else {
            throw .notFound("no such integration")
        }
        return record
    }

    /// `integrations.create`.
    mutating func createIntegration(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        guard let type = IntegrationType(rawValue: params.text("type")) else { throw .internal }
        let configuration = params["config"]?.objectValue ?? [:]
        let secrets = params.secrets
        try check(configuration, type)
        try check(secrets, keeping: [], type)
        let id = NewID.make()
        let sealed = try seal(secrets, of: id)
        let caller = caller(of: pending.connection)?.userID ?? ""
        let record = IntegrationRecord(
            id: id,
            type: type.rawValue,
            name: params.text("name"),
            configuration: configuration,
            secrets: sealed,
            createdBy: caller,
            createdAt: Timestamp(millisecondsSince1970: WallClock.milliseconds)
        )
        try submit(.create(record), pending)
    }

    /// `integrations.update`.
    mutating func updateIntegration(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let record = try integrationRecord(params.text("id"))
        guard let type = IntegrationType(rawValue: record.type) else { throw .internal }
        let configuration = params["config"]?.objectValue
        if let configuration { try check(configuration, type) }
        let secrets = params.secrets
        try check(secrets, keeping: Set(record.secrets.keys), type)
        try submit(
            .update(
                id: record.id,
                name: params["name"]?.stringValue,
                configuration: configuration,
                isPaused: params["paused"]?.boolValue,
                secrets: try seal(secrets, of: record.id)
            ),
            pending
        )
    }

    /// `integrations.delete`.
    mutating func deleteIntegration(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        try submit(.delete(id: params.text("id")), pending)
    }

    /// `integrations.test` and `integrations.call`: the runtime first says that it may be done, and
    /// has that in the audit.
    mutating func useIntegration(
        _ method: String,
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let host = context.integrations
        let id = params.text("id")
        let call = params["call"]?.stringValue
        let arguments = params["params"]?.objectValue ?? [:]
        if let call, let record = host.directory.record(id),
            let type = IntegrationType(rawValue: record.type)
        {
            let names = host.catalogue.calls(of: type, record.configuration)
            guard names.contains(call) else {
                throw .validation("/call", "must be one of \(names.joined(separator: ", "))")
            }
            let problems = host.catalogue.problems(ofParams: arguments, call: call, type)
            guard problems.isEmpty else { throw .validation(problems) }
        }
        try use(method, id, pending) { record in
            let test = host.test(of: record)
            return await Self.answer(
                host,
                call ?? test.call,
                call == nil ? test.params : arguments,
                record
            )
        }
    }

    /// `integrations.redeliver`.
    mutating func redeliver(_ params: JSONObject, _ pending: PendingAnswer) throws(RPCError) {
        let context = context
        let id = params.text("id")
        _ = try integrationRecord(id)
        try use("integrations.redeliver", id, pending) { record in
            guard let sender = context.integrations.sender(id) else {
                return ["sent": 0, "left": .integer(record.deadLetters.count)]
            }
            let (sent, failure) = await sender.redeliver(record)
            var answer: JSONObject = [
                "sent": .integer(sent), "left": .integer(record.deadLetters.count - sent),
            ]
            answer["error"] = failure?.json
            return .object(answer)
        }
    }

    /// `integrations.sync`: a task, so that it is retried, watched and cancelled as tasks are.
    mutating func syncIntegration(
        _ params: JSONObject,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let record = try integrationRecord(params.text("id"))
        let direction = SyncDirection(rawValue: params.text("direction")) ?? .pull
        guard context.integrations.call(of: record, direction) != nil else {
            throw .validation(
                "/direction",
                "an integration of type '\(record.type)' has no \(direction.rawValue)"
            )
        }
        var payload: JSONObject = [
            "integrationId": .string(record.id), "direction": .string(direction.rawValue),
        ]
        payload["params"] = params["params"]
        let command = try deferred(pending)
        context.runtime.submit(
            .createTask(
                params: [
                    "type": .string(IntegrationAgent.syncType), "payload": .object(payload),
                ]
            ),
            caller: command.caller
        ) { command.mailbox.post(.answer(command.pending, $0)) }
    }

    // MARK: Parts

    private mutating func submit(
        _ command: IntegrationCommand,
        _ pending: PendingAnswer
    ) throws(RPCError) {
        let deferred = try deferred(pending)
        context.runtime.submit(.integration(command), caller: deferred.caller) {
            deferred.mailbox.post(.answer(deferred.pending, $0))
        }
    }

    private mutating func use(
        _ method: String,
        _ id: String,
        _ pending: PendingAnswer,
        _ body: @escaping @Sendable (IntegrationRecord) async -> JSONValue
    ) throws(RPCError) {
        let command = try deferred(pending)
        let host = context.integrations
        context.runtime.submit(
            .integration(.use(id: id, method: method)),
            caller: command.caller
        ) { result in
            guard case .success = result, let record = host.directory.record(id) else {
                let error = RPCError.notFound("no such integration")
                return command.mailbox.post(
                    .answer(command.pending, result.flatMap { _ in .failure(error) })
                )
            }
            Task.detached(executorPreference: host.executor) {
                let answer = await body(record)
                command.mailbox.post(
                    .answer(command.pending, .success(Reply(result: answer.encoded())))
                )
            }
        }
    }

    /// What came of a call: `{ok, latencyMs, status?, result?, error?}`.
    private static func answer(
        _ host: IntegrationHost,
        _ call: String,
        _ params: JSONObject,
        _ record: IntegrationRecord
    ) async -> JSONValue {
        let began = MonotonicClock.nanoseconds
        func object(_ isGood: Bool) -> JSONObject {
            let latency = Double(MonotonicClock.nanoseconds - began) / 1e6
            return ["ok": .bool(isGood), "latencyMs": .double(latency)]
        }
        do throws(IntegrationFailure) {
            let answer = try await host.perform(call, params, with: record)
            var result = object(true)
            result["status"] = answer.status.map { .integer($0) }
            result["result"] = answer.result
            return .object(result)
        } catch {
            var result = object(false)
            result["status"] = error.status.map { .integer($0) }
            result["error"] = error.json
            return .object(result)
        }
    }

    private func check(
        _ configuration: JSONObject,
        _ type: IntegrationType
    ) throws(RPCError) {
        let limit = Self.mostConfigurationBytes
        guard JSONValue.object(configuration).encoded().count <= limit else {
            throw .validation("/config", "has more than \(limit) bytes")
        }
        var problems = context.integrations.catalogue.problems(ofConfiguration: configuration, type)
        for name in Self.urlMembers {
            guard let text = configuration[name]?.stringValue else { continue }
            if let problem = Self.problem(withURL: text) {
                problems.append(IntegrationProblem("/config/\(name)", problem))
            }
        }
        if type == .smtp, let from = configuration["from"]?.stringValue,
            !MailMessage.isAddress(from)
        {
            problems.append(IntegrationProblem("/config/from", "must be an address of e-mail"))
        }
        guard problems.isEmpty else { throw .validation(problems) }
    }

    private func check(
        _ secrets: [String: String],
        keeping kept: Set<String>,
        _ type: IntegrationType
    ) throws(RPCError) {
        var problems = context.integrations.catalogue.problems(
            ofSecrets: secrets,
            keeping: kept,
            type
        )
        if type == .slack, let text = secrets["url"], let problem = Self.problem(withURL: text) {
            problems.append(IntegrationProblem("/secrets/url", problem))
        }
        guard problems.isEmpty else { throw .validation(problems) }
    }

    private static func problem(withURL text: String) -> String? {
        // A variable in it is known only when it is used.
        guard !text.contains("{{") else { return nil }
        do throws(OutboundError) {
            _ = try OutboundURL(text)
            return nil
        } catch {
            return error.description.replacing("the URL ", with: "")
        }
    }

    private func seal(
        _ secrets: [String: String],
        of id: String
    ) throws(RPCError) -> [String: String] {
        var sealed: [String: String] = [:]
        for (name, secret) in secrets {
            do throws(SealingProblem) {
                sealed[name] = try context.identity.secrets.seal(
                    SecretBytes(secret),
                    for: IntegrationHost.context(id, name)
                )
            } catch {
                throw .validation("/secrets/\(name)", error.description)
            }
        }
        return sealed
    }
}

extension JSONObject {
    fileprivate var secrets: [String: String] {
        var secrets: [String: String] = [:]
        for member in self["secrets"]?.objectValue?.members ?? [] {
            secrets[member.name] = member.value.stringValue ?? ""
        }
        return secrets
    }
}

extension IntegrationRecord {
    var json: JSONValue { (try? JSONValue(parsing: encoded())) ?? .null }
}

extension RPCError {
    static func validation(_ problems: [IntegrationProblem]) -> RPCError {
        .validation(problems.map { Detail(path: $0.path, reason: $0.reason) })
    }
}
