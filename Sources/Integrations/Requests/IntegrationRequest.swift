package import JSONRPC

/// An HTTP request of a connection, ready to be sent.
package struct IntegrationRequest: Equatable, Sendable {
    package var method: String
    /// It may hold secrets: for nobody but the service.
    package var url: String
    package var headers: [Header]
    package var body: [UInt8]

    package struct Header: Equatable, Sendable {
        package var name: String
        package var value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    package init(_ method: String, _ url: String, headers: [Header] = [], body: [UInt8] = []) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }
}

/// Why a connection cannot do what was asked; no text of it holds a secret.
package struct IntegrationProblem: Error, Equatable, Sendable {
    /// JSON pointer into what was given.
    package var path: String
    /// One sentence without a full stop.
    package var reason: String

    package init(_ path: String, _ reason: String) {
        self.path = path
        self.reason = reason
    }
}

/// A connection as requests are made of it.
package struct ConnectionValues: Sendable {
    package var configuration: JSONObject
    package var secrets: [String: String]

    package init(configuration: JSONObject, secrets: [String: String]) {
        self.configuration = configuration
        self.secrets = secrets
    }
}

extension RESTService {
    /// The request of a call.
    ///
    /// - Parameters:
    ///   - call: One of ``calls``.
    ///   - params: Valid by its schema.
    ///   - connection: Whose configuration and secrets are used.
    /// - Returns: The request.
    /// - Throws: What is missing, or cannot be put where it belongs.
    package func request(
        _ call: RESTCall,
        params: JSONObject,
        for connection: ConnectionValues
    ) throws(IntegrationProblem) -> IntegrationRequest {
        let values = Template.Values(
            params: params,
            configuration: connection.configuration,
            secrets: connection.secrets
        )
        var headers: [IntegrationRequest.Header] = []
        var query: [String] = []
        for (name, value) in call.query {
            guard let text = Template(value).filled(values) else { continue }
            query.append(Template.pair(name, text))
        }
        for (name, value) in self.headers + call.headers {
            guard let text = Template(value).filled(values) else { continue }
            headers.append(.init(name, text))
        }
        if call.isAuthenticated {
            try authenticate(&headers, &query, connection)
        }
        let body = try body(of: call, values, &headers)
        try Self.check(headers)
        return IntegrationRequest(
            call.method,
            try url(of: call, query, values),
            headers: headers,
            body: body
        )
    }

    private func url(
        of call: RESTCall,
        _ query: [String],
        _ values: Template.Values
    ) throws(IntegrationProblem) -> String {
        let configured = values.configuration[call.baseURLName]?.stringValue
        guard
            var base = Template(configured ?? call.baseURL ?? baseURL).filled(values)
        else { throw IntegrationProblem("/config", "lacks what the address of the service needs") }
        while base.hasSuffix("/"), !call.path.isEmpty { base.removeLast() }
        guard let path = Template(call.path).filled(values, .path) else {
            let names = Template(call.path).variables.joined(separator: ", ")
            throw IntegrationProblem("/params", "lack what the path needs: \(names)")
        }
        let separator = (base + path).contains("?") ? "&" : "?"
        return base + path + (query.isEmpty ? "" : separator + query.joined(separator: "&"))
    }

    private func authenticate(
        _ headers: inout [IntegrationRequest.Header],
        _ query: inout [String],
        _ connection: ConnectionValues
    ) throws(IntegrationProblem) {
        func secret(_ name: String) throws(IntegrationProblem) -> String {
            guard let secret = connection.secrets[name] else {
                throw IntegrationProblem("/secrets/\(name)", "is missing")
            }
            return secret
        }
        switch authentication {
        case .none: break
        case .bearer: headers.append(.init("Authorization", "Bearer \(try secret("token"))"))
        case .header(let name): headers.append(.init(name, try secret("token")))
        case .query(let name):
            query.append("\(name)=\(Template.percentEncoded(try secret("token")))")
        case .basic:
            guard let user = connection.configuration["user"]?.stringValue else {
                guard connection.secrets["password"] != nil else { return }
                throw IntegrationProblem("/config/user", "is missing")
            }
            let pair = "\(user):\(try secret("password"))"
            headers.append(.init("Authorization", "Basic \(Base64.encode(Array(pair.utf8)))"))
        }
    }

    private func body(
        of call: RESTCall,
        _ values: Template.Values,
        _ headers: inout [IntegrationRequest.Header]
    ) throws(IntegrationProblem) -> [UInt8] {
        switch call.body {
        case .none:
            return []
        case .json(let tree):
            headers.append(.init("Content-Type", "application/json"))
            return (tree.filled(values) ?? .object([:])).encoded()
        case .form(let fields):
            headers.append(.init("Content-Type", "application/x-www-form-urlencoded"))
            let pairs = fields.compactMap { name, value in
                Template(value).filled(values).map { Template.pair(name, $0) }
            }
            return Array(pairs.joined(separator: "&").utf8)
        case .xml(let text):
            headers.append(.init("Content-Type", "application/xml; charset=utf-8"))
            guard let filled = Template(text).filled(values, .xml) else {
                let names = Template(text).variables.joined(separator: ", ")
                throw IntegrationProblem("/params", "lack what the body needs: \(names)")
            }
            return Array(filled.utf8)
        case .raw(let contentType, let name):
            headers.append(.init("Content-Type", contentType))
            guard let text = values.params[name]?.stringValue else {
                throw IntegrationProblem("/params/\(name)", "is missing")
            }
            return Array(text.utf8)
        }
    }

    /// What a header cannot carry could end it and begin another.
    private static func check(
        _ headers: [IntegrationRequest.Header]
    ) throws(IntegrationProblem) {
        for header in headers {
            guard header.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }),
                HeaderName.isValid(header.name)
            else { throw IntegrationProblem("", "the header \(header.name) cannot hold its value") }
        }
    }
}

enum HeaderName {
    /// Fields that frame the request or belong to the connection are the hub's.
    private static let own: Set<String> = [
        "host", "connection", "content-length", "transfer-encoding", "user-agent", "upgrade", "te",
        "trailer", "expect",
    ]

    /// A token (RFC 9110 §5.6.2) that is not the hub's own.
    static func isValid(_ name: String) -> Bool {
        guard !name.isEmpty, !own.contains(name.lowercased()) else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
    }
}
