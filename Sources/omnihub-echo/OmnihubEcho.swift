import EventLoops
import Glibc
import Transport
import WebSocketProtocol

/// `omnihub-echo`: sends every message back, for conformance tests and benchmarks.
@main
struct OmnihubEcho {
    static func main() {
        let arguments: EchoArguments
        switch EchoArguments.parse(Array(CommandLine.arguments.dropFirst())) {
        case .run(let parsed): arguments = parsed
        case .help:
            print(EchoArguments.help)
            exit(0)
        case .mistake(let sentence):
            StandardError.write(
                Array("omnihub-echo: \(sentence) See 'omnihub-echo --help'.\n".utf8)
            )
            exit(EX_USAGE)
        }
        SignalSource.ignoreBrokenPipes()
        if let target = arguments.target {
            connect(arguments, target)
            return
        }
        let tls: TLSContextSource?
        do throws(TLSFileError) {
            tls = try arguments.tls.map { files throws(TLSFileError) in
                TLSContextSource(try files.load())
            }
        } catch {
            StandardError.write(Array("omnihub-echo: \(error)\n".utf8))
            exit(error.isPermission ? EX_NOPERM : EX_CONFIG)
        }
        do {
            try serve(arguments, tls)
        } catch {
            let address = arguments.address
            StandardError.write(
                Array("omnihub-echo: can't listen on \(address): \(error.reason)\n".utf8)
            )
            exit(EX_UNAVAILABLE)
        }
    }

    private static func connect(_ arguments: EchoArguments, _ target: String) {
        do throws(EchoFailure) {
            try makeClient(arguments, target).run()
        } catch {
            StandardError.write(Array("omnihub-echo: \(arguments.address): \(error)\n".utf8))
            exit(EX_UNAVAILABLE)
        }
    }

    private static func makeClient(
        _ arguments: EchoArguments,
        _ target: String
    ) throws(EchoFailure) -> EchoClient {
        do throws(SystemError) {
            return try EchoClient(
                address: arguments.address,
                target: target,
                deflate: arguments.compresses ? DeflateParameters() : nil
            )
        } catch {
            throw .system(error)
        }
    }

    private static func serve(
        _ arguments: EchoArguments,
        _ tls: TLSContextSource?
    ) throws(SystemError) {
        let listener = try ListeningSocket(arguments.address)
        var endpoints: [LoopEndpoint] = []
        for _ in 0..<arguments.loops { endpoints.append(try LoopEndpoint()) }
        for endpoint in endpoints.dropFirst() {
            _ = try WorkerThread(name: "echo loop") {
                do {
                    var loop = try EchoLoop(
                        acceptor: Acceptor(listeners: [], loopCount: 1),
                        endpoint: endpoint,
                        siblings: [],
                        compresses: arguments.compresses,
                        tls: tls
                    )
                    loop.run()
                } catch {
                    StandardError.write(Array("omnihub-echo: \(error)\n".utf8))
                    exit(EX_OSERR)
                }
            }
        }
        var loop = try EchoLoop(
            acceptor: Acceptor(listeners: [listener], loopCount: arguments.loops),
            endpoint: endpoints[0],
            siblings: Array(endpoints.dropFirst()),
            compresses: arguments.compresses,
            tls: tls
        )
        print("listening on \(tls == nil ? "ws" : "wss")://\(listener.address)/")
        fflush(nil)
        loop.run()
    }
}
