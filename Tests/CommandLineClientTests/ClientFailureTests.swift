import EventLoops
import HTTPProtocol
import JSONRPC
import Testing
import WebSocketProtocol

@testable import CommandLineClient

@Suite("Failures")
struct ClientFailureTests {
    static let address = HubAddress.standard
    static let refused = SystemError(call: "connect", code: 111)

    @Test(
        arguments: [
            (
                ClientFailure.unreachable(address, refused), 69,
                "no hub answers at 127.0.0.1:7420 (connection refused); "
                    + "start one with 'omnihubd --dev' or name it with --url"
            ),
            (
                .connectTimeout(address), 69,
                "no hub answers at 127.0.0.1:7420 (timed out after 10 s); name another with --url"
            ),
            (
                .unknownHost(NameResolutionError(host: "h", code: -2)), 68,
                "the host 'h' is not known (name or service not known)"
            ),
            (
                .untrusted(address, reason: "self-signed certificate"), 76,
                "the certificate of 127.0.0.1:7420 is not to be trusted (self-signed certificate); "
                    + "a private authority's is given with --ca"
            ),
            (
                .tls(address, reason: "wrong version number"), 76,
                "no TLS with 127.0.0.1:7420: wrong version number"
            ),
            (.badFile(path: "ca", reason: "is empty"), 66, "'ca' is empty"),
            (
                .ended(address, .lost), 69,
                "127.0.0.1:7420: the connection broke (1006)"
            ),
            (
                .ended(address, .refused(.unauthorized)), 77,
                "127.0.0.1:7420: the hub refused the connection with HTTP status 401 "
                    + "(Unauthorized); sign in with 'omnihub login', or give a valid token with --token-file"
            ),
            (
                .ended(address, .refused(.notFound)), 76,
                "127.0.0.1:7420: the hub refused the connection with HTTP status 404 (Not Found); "
                    + "is the path of --url right?"
            ),
            (
                .ended(address, .closed(CloseFrame(code: .tokenExpired, reason: "token expired"))),
                77,
                "127.0.0.1:7420: the hub closed the connection with code 4102: token expired; "
                    + "sign in with 'omnihub login', or give a valid token with --token-file"
            ),
            (
                .ended(address, .closed(CloseFrame(code: .abuse))), 77,
                "127.0.0.1:7420: the hub closed the connection with code 4202"
            ),
            (
                .ended(address, .closed(CloseFrame(code: .normalClosure))), 69,
                "127.0.0.1:7420: the hub closed the connection with code 1000"
            ),
            (
                .unanswered(.lost), 75,
                "the connection broke (1006) before the answer came; "
                    + "it may have been carried out or not"
            ),
            (
                .refused(HubError(name: "NOT_FOUND", message: "no such task")), 1,
                "NOT_FOUND: no such task"
            ),
            (
                .refused(HubError(name: "BUSY", message: "full", isTemporary: true)), 75,
                "BUSY: full"
            ),
            (
                .unexpectedAnswer(method: "m"), 76,
                "the hub's answer to m is not what the protocol says"
            ),
            (
                .file(path: "t", SystemError(call: "open", code: 2)), 66,
                "cannot read 't': no such file or directory"
            ),
            (.usage(UsageError("no", status: .badData)), 65, "no"),
        ] as [(ClientFailure, Int32, String)]
    )
    func `says what happened on one line, and by the exit status`(
        failure: ClientFailure,
        status: Int32,
        line: String
    ) {
        #expect(failure.lines == [line])
        #expect(failure.status.rawValue == status)
    }

    @Test func `lists the details of a refusal`() throws {
        let error = try JSONValue(
            parsing:
                #"{"code":-32602,"message":"invalid params","data":{"code":"VALIDATION_ERROR","#
                + #""temporary":false,"details":[{"path":"/payload/text","reason":"is required"},"#
                + #"{"path":"","reason":"odd"}]}}"#
        )
        let failure = ClientFailure.refused(HubError(error))
        #expect(
            failure.lines == [
                "VALIDATION_ERROR: invalid params", "  /payload/text: is required", "  /: odd",
            ]
        )
        #expect(failure.status == .failure)
    }

    @Test(arguments: [(Int32(2), Int32(130)), (15, 143)])
    func `ends like a program that a signal ended`(signal: Int32, status: Int32) {
        #expect(ClientFailure.interrupted(signal: signal).status.rawValue == status)
        #expect(ClientFailure.interrupted(signal: signal).lines.isEmpty)
    }
}
