import HTTPProtocol
import WebSocketProtocol

// Input: what a server wants of permessage-deflate, a number of fields, then their values: a key
// and, behind a line feed each, subprotocols and the extensions that a client offers.
//
// Fields of extensions mean the same as one field of all their elements; a client understands
// every answer of the server as the server does.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let wish = input.byte()
    let wishedBits = input.byte()
    let lines = input.rest.split(
        separator: UInt8(ascii: "\n"),
        maxSplits: 6,
        omittingEmptySubsequences: false
    )
    let values = lines.map { String(decoding: $0, as: UTF8.self) }
    let extensions = Array(values.dropFirst(2))
    let server = ServerHandshake(
        subprotocols: ["omnihub.v1", "chat"],
        deflate: DeflateParameters(
            serverNoContextTakeover: wish & 1 != 0,
            clientNoContextTakeover: wish & 2 != 0,
            serverMaxWindowBits: 8 + Int(wishedBits & 7),
            clientMaxWindowBits: 8 + Int(wishedBits >> 3 & 7)
        )
    )
    let key = wish & 4 == 0 ? "dGhlIHNhbXBsZSBub25jZQ==" : values[0]
    let protocols = values.count > 1 ? values[1] : ""

    let separate = outcome(server, key, protocols, extensions)
    let joined = outcome(server, key, protocols, [extensions.joined(separator: ", ")])
    expectEqual(separate, joined, "fields of extensions")

    // A server's answer may be anything, too.
    _ = try? client.agreement(on: response("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", extensions))
    guard case .success(let acceptance) = separate else { return 0 }
    let answer = acceptance.response.headers.values(of: "Sec-WebSocket-Extensions")
    expectEqual(answer.isEmpty, acceptance.deflate == nil, "the field and the agreement")
    do throws(ClientHandshake.Failure) {
        let agreement = try client.agreement(on: response("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", answer))
        expectEqual(agreement.deflate, acceptance.deflate, "the two sides of \(answer)")
    } catch {
        fatalError("\(error): \(answer)")
    }
    return 0
}

private typealias Outcome = Result<ServerHandshake.Acceptance, HandshakeRejection>

/// A client without wishes, which accepts whatever fits some offer.
private let client = ClientHandshake(
    host: "hub",
    target: "/ws",
    key: Array("the sample nonce".utf8),
    deflate: DeflateParameters()
)

private func outcome(
    _ server: ServerHandshake,
    _ key: String,
    _ protocols: String,
    _ extensions: [String]
) -> Outcome {
    var headers = HTTPHeaders([
        ("Host", "hub"),
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", key),
        ("Sec-WebSocket-Protocol", protocols),
    ])
    for value in extensions { headers.append("Sec-WebSocket-Extensions", value) }
    let request = HTTPRequestHead(method: "GET", target: "/ws", headers: headers)
    return Outcome { () throws(HandshakeRejection) in try server.respond(to: request) }
}

private func response(_ accept: String, _ extensions: [String]) -> HTTPResponseHead {
    var headers = HTTPHeaders([
        ("Upgrade", "websocket"),
        ("Connection", "Upgrade"),
        ("Sec-WebSocket-Accept", accept),
    ])
    for value in extensions { headers.append("Sec-WebSocket-Extensions", value) }
    return HTTPResponseHead(status: .switchingProtocols, headers: headers)
}
