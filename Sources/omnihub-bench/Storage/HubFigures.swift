import EventLoops
import Glibc

/// What a hub tells of itself at `/metrics`.
struct HubFigures {
    private let text: String

    /// What it tells now is what it was asked for by the request before this one.
    static func current(_ server: ServerProcess) throws -> HubFigures {
        _ = try HubFigures(server)
        usleep(300_000)
        return try HubFigures(server)
    }

    init(_ server: ServerProcess) throws {
        let socket = try StreamSocket.connect(to: server.address)
        let request = Array(
            "GET /metrics HTTP/1.1\r\nHost: \(server.address)\r\nConnection: close\r\n\r\n".utf8
        )
        let sent = request.withUnsafeBytes { StreamSocket.send(socket.rawValue, $0) }
        guard sent == .bytes(request.count) else { throw BenchError.disconnected }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let transfer = chunk.withUnsafeMutableBytes {
                StreamSocket.receive(socket.rawValue, into: $0)
            }
            guard case .bytes(let count) = transfer else { break }
            answer += chunk.prefix(count)
        }
        text = String(decoding: answer, as: UTF8.self)
    }

    /// The value of `series`, its labels included.
    subscript(series: String) -> Double {
        get throws(BenchError) {
            for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix(series + " ") {
                if let value = Double(line.dropFirst(series.count + 1)) { return value }
            }
            throw BenchError("the hub does not tell its \(series)")
        }
    }
}
