import HTTPProtocol
import Transport

/// The page at `/`: sets the first password, signs in, and shows who one is.
///
/// Its files are part of the program, so that a hub is usable as soon as it runs. Scripts and
/// styles are files of their own, as the Content-Security-Policy of every answer demands.
enum SignInPage {
    case index
    case script
    case style

    var contentType: String {
        switch self {
        case .index: "text/html; charset=utf-8"
        case .script: "text/javascript; charset=utf-8"
        case .style: "text/css; charset=utf-8"
        }
    }

    var text: String {
        switch self {
        case .index: Self.indexText
        case .script: Self.scriptText
        case .style: Self.styleText
        }
    }
}

extension HubLoop {
    mutating func answerPage(_ id: ConnectionID, _ page: SignInPage) {
        guard isReading(id) else { return }
        transport.respond(
            to: id,
            HTTPResponseHead(status: .ok, headers: HTTPHeaders([("Cache-Control", "no-store")])),
            body: Array(page.text.utf8),
            contentType: page.contentType
        )
    }
}
