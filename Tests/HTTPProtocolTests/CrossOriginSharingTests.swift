import HTTPProtocol
import Testing

@Suite("Cross-origin sharing, Fetch §3.3")
struct CrossOriginSharingTests {
    private static let policy = OriginPolicy(
        allowedOrigins: Set(["https://app.example"].compactMap(WebOrigin.init))
    )

    private func request(_ method: String, _ fields: [(String, String)]) -> HTTPRequestHead {
        HTTPRequestHead(method: method, target: "/", headers: HTTPHeaders(fields))
    }

    @Test func `a request without an origin gets no fields`() {
        let head = request("GET", [("Host", "localhost")])
        #expect(Self.policy.sharingFields(for: head).fields.isEmpty)
        #expect(Self.policy.preflight(head) == .none)
    }

    @Test(arguments: ["https://app.example", "https://APP.example:443"])
    func `a configured origin may read the answer`(origin: String) {
        let fields = Self.policy.sharingFields(for: request("GET", [("Origin", origin)]))
        #expect(fields.single("Access-Control-Allow-Origin") == origin)
        #expect(fields.single("Vary") == "Origin")
        #expect(!fields.contains("Access-Control-Allow-Credentials"))
        #expect(!fields.contains("Access-Control-Allow-Methods"))
    }

    @Test(arguments: ["null", "https://evil.example", "https://app.example.evil.example", "*", ""])
    func `any other origin may not`(origin: String) {
        let preflight = request(
            "OPTIONS",
            [("Origin", origin), ("Access-Control-Request-Method", "POST")]
        )
        for head in [request("GET", [("Origin", origin)]), preflight] {
            let fields = Self.policy.sharingFields(for: head)
            #expect(fields.fields.map(\.name) == ["Vary"])
        }
        #expect(Self.policy.preflight(preflight) == .refused)
    }

    @Test func `two origins are none`() {
        let origin = ("Origin", "https://app.example")
        let fields = Self.policy.sharingFields(for: request("GET", [origin, origin]))
        #expect(!fields.contains("Access-Control-Allow-Origin"))
    }

    @Test func `a configured origin is told what it may send`() {
        let head = request(
            "OPTIONS",
            [("Origin", "https://app.example"), ("Access-Control-Request-Method", "POST")]
        )
        #expect(Self.policy.preflight(head) == .allowed)
        let fields = Self.policy.sharingFields(for: head)
        #expect(fields.list("Access-Control-Allow-Methods", contains: "POST"))
        #expect(fields.list("Access-Control-Allow-Headers", contains: "Authorization"))
    }

    @Test func `OPTIONS alone asks for nothing`() {
        let head = request("OPTIONS", [("Origin", "https://app.example")])
        #expect(Self.policy.preflight(head) == .none)
    }
}
