package import JSONRPC

/// A service that is asked by HTTP requests.
package struct RESTService: Sendable {
    /// How a request says on whose behalf it comes; the names are those of secrets.
    package enum Authentication: Equatable, Sendable {
        case none
        /// `Authorization: Bearer …` with the secret `token`.
        case bearer
        /// `Authorization: Basic …` with the configured `user` and the secret `password`.
        case basic
        /// The secret `token` in a field of this name.
        case header(String)
        /// The secret `token` in a parameter of this name.
        case query(String)
    }

    /// Unless the configuration has a `baseUrl`.
    package var baseURL: String
    package var authentication = Authentication.bearer
    /// Of every request; values are templates.
    package var headers: [(name: String, value: String)] = []
    package var calls: [RESTCall]
    /// The call that shows whether the connection works.
    package var test: String
    package var pull: String?
    package var push: String?

    package func call(_ name: String) -> RESTCall? { calls.first { $0.name == name } }
}

/// One request that a service understands.
package struct RESTCall: Sendable {
    package enum Body: Sendable {
        case none
        /// A tree of templates; a member whose only variable is absent is left out.
        case json(JSONValue)
        /// `application/x-www-form-urlencoded`.
        case form([(name: String, value: String)])
        /// A text of this type; variables are escaped for XML.
        case xml(String)
        /// The param of this name as it is.
        case raw(contentType: String, param: String)
    }

    /// What becomes of the answer.
    package enum Answer: Sendable {
        case json
        /// One iCalendar object.
        case calendar
        /// A WebDAV multistatus with calendar data.
        case calendars
    }

    package var name: String
    package var method = "GET"
    /// In place of the service's; the value of this member of the configuration, if it is there.
    package var baseURL: String?
    package var baseURLName = "baseUrl"
    /// A template.
    package var path: String
    package var query: [(name: String, value: String)] = []
    package var headers: [(name: String, value: String)] = []
    package var body = Body.none
    /// JSON Schema of the params.
    package var params: JSONValue = ["type": "object"]
    /// Whether it has the service's proof of who asks.
    package var isAuthenticated = true
    /// Statuses that count as success beside those of 2xx.
    package var acceptable: Set<Int> = []
    package var answer = Answer.json
}
