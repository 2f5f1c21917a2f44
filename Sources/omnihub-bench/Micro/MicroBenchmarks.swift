import HTTPProtocol
import JSONRPC
import WebSocketProtocol

/// Single operations of the protocol modules and of ``Identity``, without sockets.
enum MicroBenchmarks {
    static func run() {
        print("operation", "min ns", "median ns", "max ns", separator: "\t")
        for benchmark in all + TokenBenchmarks.all { benchmark.report() }
    }

    private static var all: [Benchmark] {
        [
            receive("frame.receive20B", payloadLength: 20),
            receive("frame.receive1KiB", payloadLength: 1_024),
            scan,
            parseUpgrade,
        ]
    }

    /// Decodes and unmasks a frame.
    ///
    /// As that happens in place, every second time the payload gets masked: the message is
    /// binary, so that nothing is refused.
    private static func receive(_ name: String, payloadLength: Int) -> Benchmark {
        let payload = [UInt8](repeating: UInt8(ascii: "a"), count: payloadLength)
        var frame: [UInt8] = []
        frame.appendFrame(
            .binary,
            payload: payload.span,
            maskingKey: MaskingKey(bigEndian: 0x37FA_213D)
        )
        return Benchmark(name) { [frame] iterations in
            var frame = frame
            var receiver = FrameReceiver(role: .server)
            var bytes = frame.mutableSpan
            var total = 0
            for _ in 0..<iterations {
                var position = 0
                guard case .message(_, let range) = try? receiver.next(&bytes, &position) else {
                    return 0
                }
                total &+= range.count &+ Int(bytes[range.lowerBound])
            }
            return total
        }
    }

    private static var scan: Benchmark {
        let start =
            #"{"jsonrpc":"2.0","id":12345678,"method":"hub.publish","params":"#
            + #"{"channel":"app.bench","data":""#
        let padding = String(repeating: "x", count: 149 - start.utf8.count - 3)
        let text = Array((start + padding + #""}}"#).utf8)
        return Benchmark("json.scan149") { iterations in
            var scanner = MessageScanner()
            var total = 0
            for _ in 0..<iterations {
                guard (try? scanner.scan(text.span)) != nil else { return 0 }
                total &+= scanner.itemCount
            }
            return total
        }
    }

    private static var parseUpgrade: Benchmark {
        let request = """
            GET /ws HTTP/1.1\r
            Host: 127.0.0.1:7420\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r

            """
        let bytes = Array(request.utf8)
        return Benchmark("http.parseUpgrade", iterations: 20_000) { iterations in
            var total = 0
            for _ in 0..<iterations {
                var parser = HTTPRequestParser(limits: HTTPLimits())
                var position = 0
                guard case .request = try? parser.next(bytes.span, &position) else { return 0 }
                total &+= position
            }
            return total
        }
    }
}
