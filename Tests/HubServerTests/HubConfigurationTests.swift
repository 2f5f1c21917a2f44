import AgentRuntime
import EventLoops
import HTTPProtocol
import Journal
import Testing
import Transport

@testable import HubServer

@Suite struct HubConfigurationTests {
    private static func read(_ text: String) throws(ConfigurationError) -> HubConfiguration {
        var configuration = HubConfiguration()
        try configuration.apply(file: "f", Array(text.utf8))
        return configuration
    }

    @Test func `a printed configuration reads back as itself`() throws {
        var configuration = HubConfiguration()
        configuration.listen = [try SocketAddress("[::1]:0"), try SocketAddress("unix:/a\"b\n'")]
        configuration.stateDirectory = "C:\\ü\u{2028}"
        configuration.origins = ["https://example.org:8443"]
        configuration.hostNames = ["hub.example.org"]
        configuration.log.level = .warning
        configuration.limits.maxBatch = 7
        configuration.snapshots.intervalMs = 1_000
        #expect(try Self.read(configuration.document) == configuration)
        #expect(try Self.read(HubConfiguration().document) == HubConfiguration())
    }

    @Test(arguments: HubConfiguration.keys.map(\.path))
    func `a printed configuration names every key once, with its description`(path: String) throws {
        let name = try #require(path.split(separator: ".").last)
        let key = try #require(HubConfiguration.key(path))
        let lines = HubConfiguration().document.split(separator: "\n").map { line in
            String(line.drop { $0 == " " })
        }
        #expect(lines.contains { $0.hasPrefix("\(name): ") && $0.hasSuffix(",") })
        let comment = lines.map { $0.dropFirst($0.hasPrefix("// ") ? 3 : 0) }.joined(separator: " ")
        #expect(comment.contains(key.summary))
        #expect(HubConfiguration().document.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test func `all problems are reported, each with its line`() {
        let error = #expect(throws: ConfigurationError.self) {
            try Self.read("{\n limits: {\n maxBatch: 0, maxBach: 1 },\n loops: '1' }")
        }
        #expect(
            error?.problems.map(\.description) == [
                "f:3: limits.maxBatch: 0 is below the minimum 1",
                "f:3: limits.maxBach: there is no such key; did you mean 'limits.maxBatch'?",
                #"f:4: loops: expected a whole number, not "1""#,
            ]
        )
    }

    @Test(arguments: [
        ("[]", "f: expected an object, not []"), ("", "f:1:1: expected a value, but the text ends"),
    ])
    func `a file that is no object is refused`(text: String, message: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.read(text) }
        #expect(error?.problems.map(\.description) == [message])
    }

    @Test(arguments: [
        ("{dev: true, listen: ['0.0.0.0:7420']}", "dev"),
        ("{dev: true, listen: ['127.0.0.1:1', '[::]:7420']}", "dev"),
        ("{channels: {answerBytes: 1048577}}", "channels.answerBytes"),
        ("{limits: {maxOutboundBytes: 600000}}", "runtime.statePageBytes"),
        ("{runtime: {defaultMaxAttempts: 101}}", "runtime.defaultMaxAttempts"),
        ("{journal: {segmentBytes: 1048576}}", "journal.reservationBytes"),
    ])
    func `values that do not go together are refused`(text: String, name: String) throws {
        let configuration = try Self.read(text)
        let error = #expect(throws: ConfigurationError.self) { try configuration.validate() }
        #expect(error?.problems.map(\.name) == [name])
        #expect(error?.status == .configuration)
    }

    @Test(arguments: [
        "{}", "{dev: true}", "{dev: true, listen: ['127.0.0.2:1', '[::1]:1', 'unix:/a']}",
        "{listen: ['0.0.0.0:7420']}",
    ])
    func `values that go together are allowed`(text: String) throws {
        try Self.read(text).validate()
    }

    @Test(arguments: [
        ("{tls: {certificate: '/c'}}", ["tls.key"]),
        ("{tls: {key: '/k'}}", ["tls.certificate"]),
        ("{tls: {certificate: '/c', key: '/k'}}", []),
        (
            "{tls: {certificate: '/c', key: '/k', clientCertificates: 'required'}}",
            ["tls.clientAuthorities"]
        ),
        (
            "{tls: {clientCertificates: 'optional'}}", ["tls.certificate", "tls.clientAuthorities"]
        ),
    ])
    func `the files of TLS need each other`(text: String, names: [String]) throws {
        #expect(try Self.read(text).tlsProblems.map(\.name) == names)
    }

    @Test func `relative names of TLS files stand for credentials`() {
        var configuration = HubConfiguration()
        configuration.tls.certificate = "certificate.pem"
        configuration.tls.key = "/etc/key.pem"
        configuration.resolveCredentials(environment: [:])
        #expect(configuration.tls.certificate == "certificate.pem")
        configuration.resolveCredentials(environment: ["CREDENTIALS_DIRECTORY": "/run/c"])
        #expect(configuration.tls.certificate == "/run/c/certificate.pem")
        #expect(configuration.tls.key == "/etc/key.pem")
        #expect(configuration.tls.clientAuthorities.isEmpty)
    }

    @Test func `two keys that are compared are both integers`() {
        for (smaller, larger) in HubConfiguration.orderedKeys {
            #expect(ConfigurationKeyTests.integers.contains(smaller))
            #expect(ConfigurationKeyTests.integers.contains(larger))
        }
    }

    @Test(arguments: [
        (["STATE_DIRECTORY": "/var/lib/a:/var/lib/b", "HOME": "/h"], "/var/lib/a"),
        (["XDG_STATE_HOME": "/x", "HOME": "/h"], "/x/omnihub"),
        (["XDG_STATE_HOME": "relative", "HOME": "/h"], "/h/.local/state/omnihub"),
        (["STATE_DIRECTORY": "", "HOME": "/h"], "/h/.local/state/omnihub"),
    ])
    func `the state folder comes from the environment`(
        environment: [String: String],
        folder: String
    ) throws {
        var configuration = HubConfiguration()
        try configuration.resolveStateDirectory(environment: environment)
        #expect(configuration.stateDirectory == folder)
        configuration.stateDirectory = "/set"
        try configuration.resolveStateDirectory(environment: environment)
        #expect(configuration.stateDirectory == "/set")
    }

    @Test func `without a home there is no state folder`() {
        var configuration = HubConfiguration()
        #expect(throws: ConfigurationError.self) {
            try configuration.resolveStateDirectory(environment: [:])
        }
    }

    @Test func `the transport's defaults are those of the configuration`() {
        let transport = HubConfiguration().transportConfiguration
        let initial = TransportConfiguration()
        #expect(transport.http == initial.http)
        #expect(transport.receive == initial.receive)
        #expect(transport.admission.maximumConnections == initial.admission.maximumConnections)
        #expect(transport.maximumOutboundBytes == initial.maximumOutboundBytes)
        #expect(transport.requestTimeout == initial.requestTimeout)
        #expect(transport.idleTimeout == initial.idleTimeout)
        #expect(transport.closeTimeout == initial.closeTimeout)
        #expect(transport.messageTimeout == initial.messageTimeout)
        #expect(transport.pingInterval == initial.pingInterval)
        #expect(transport.writeTimeout == initial.writeTimeout)
    }

    @Test func `the defaults of runtime and journal are those of the configuration`() {
        let configuration = HubConfiguration()
        #expect("\(configuration.runtimeConfiguration)" == "\(RuntimeConfiguration())")
        #expect(configuration.journalConfiguration == JournalConfiguration())
    }

    @Test(
        arguments: [
            (1_048_576, 65_536, false), (20_000, 19_955, true), (128, 83, true), (64, 32, true),
            (2, 1, true),
        ]
    )
    func `connections leave descriptors for everything else`(
        descriptors: Int,
        connections: Int,
        isLowered: Bool
    ) {
        var configuration = HubConfiguration()
        #expect(configuration.fitConnections(to: descriptors, loops: 2) == isLowered)
        #expect(configuration.limits.maxConnections == connections)
    }

    @Test func `a configured origin and host name are trusted`() throws {
        let policy = try Self.read("{origins: ['https://a.example'], hostNames: ['Hub.example']}")
            .originPolicy
        #expect(
            policy.verdict(origins: ["https://a.example"], host: nil, isTLS: false) == .allowed
        )
        #expect(policy.hostIsTrusted("hub.example:7420"))
        #expect(!policy.hostIsTrusted("other.example"))
    }
}
