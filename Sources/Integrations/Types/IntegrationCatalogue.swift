package import JSONRPC
package import JSONSchema

/// All types of connections with compiled schemas; immutable, so that any thread may ask it.
package struct IntegrationCatalogue: Sendable {
    private struct Entry: Sendable {
        var definition: IntegrationDefinition
        var configuration: Schema
        /// By call; none for calls that a configuration names.
        var params: [String: Schema]
    }

    private let entries: [IntegrationType: Entry]

    package init() throws(SchemaDefinitionError) {
        var entries: [IntegrationType: Entry] = [:]
        for type in IntegrationType.allCases {
            let definition = IntegrationDefinition.of(type)
            var params: [String: Schema] = [:]
            switch definition.service {
            case .rest(let service):
                for call in service.calls { params[call.name] = try Schema(call.params) }
            case .smtp: params["send"] = try Schema(IntegrationDefinition.mailParams)
            case .model: params["complete"] = try Schema(IntegrationDefinition.promptParams)
            case .webhook: params["send"] = try Schema(IntegrationDefinition.eventParams)
            case .configured: break
            }
            entries[type] = Entry(
                definition: definition,
                configuration: try Schema(definition.configuration),
                params: params
            )
        }
        self.entries = entries
    }

    package func definition(of type: IntegrationType) -> IntegrationDefinition {
        entries[type]?.definition ?? IntegrationDefinition.of(type)
    }

    /// The calls that a connection has.
    package func calls(of type: IntegrationType, _ configuration: JSONObject) -> [String] {
        if let service = definition(of: type).service(for: configuration) {
            return service.calls.map(\.name)
        }
        return entries[type]?.params.keys.sorted() ?? []
    }

    /// What is wrong with a configuration.
    package func problems(
        ofConfiguration configuration: JSONObject,
        _ type: IntegrationType
    ) -> [IntegrationProblem] {
        guard let entry = entries[type] else { return [] }
        let violations = entry.configuration.violations(in: .object(configuration))
        guard violations.isEmpty else {
            return violations.map { IntegrationProblem("/config\($0.path)", $0.reason) }
        }
        if case .configured = entry.definition.service {
            return RESTService(configured: configuration).problems(configuration)
        }
        return []
    }

    /// What is wrong with the secrets that a connection is given.
    ///
    /// - Parameters:
    ///   - secrets: By name.
    ///   - kept: Those it has already.
    ///   - type: Of the connection.
    /// - Returns: Problems, none of which tells a secret.
    package func problems(
        ofSecrets secrets: [String: String],
        keeping kept: Set<String> = [],
        _ type: IntegrationType
    ) -> [IntegrationProblem] {
        let fields = definition(of: type).secrets
        var problems: [IntegrationProblem] = []
        for name in secrets.keys.sorted() {
            let path = "/secrets/\(name.prefix(64))"
            guard fields.contains(where: { $0.name == name }) else {
                let names = fields.map(\.name).joined(separator: ", ")
                problems.append(
                    IntegrationProblem(
                        path,
                        "is none of this type's: \(names.isEmpty ? "none" : names)"
                    )
                )
                continue
            }
            let value = secrets[name] ?? ""
            let isPlain = value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            if value.isEmpty || value.utf8.count > 4_096 || !isPlain {
                problems.append(
                    IntegrationProblem(path, "must have 1 to 4096 bytes and no control characters")
                )
            } else if type == .webhook, WebhookSignature(secret: value) == nil {
                problems.append(
                    IntegrationProblem(path, "must be whsec_ and 24 to 64 bytes in base 64")
                )
            }
        }
        for field in fields
        where field.isRequired && secrets[field.name] == nil && !kept.contains(field.name) {
            problems.append(IntegrationProblem("/secrets/\(field.name)", "is missing"))
        }
        return problems
    }

    /// What is wrong with the params of a call that the type has.
    package func problems(
        ofParams params: JSONObject,
        call: String,
        _ type: IntegrationType
    ) -> [IntegrationProblem] {
        guard let schema = entries[type]?.params[call] else { return [] }
        return schema.violations(in: .object(params)).map {
            IntegrationProblem("/params\($0.path)", $0.reason)
        }
    }
}
