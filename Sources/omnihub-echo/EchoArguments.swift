import EventLoops

/// What `omnihub-echo` was told to do.
struct EchoArguments {
    var address: SocketAddress
    var loops = 1
    var compresses = false
    var tls: TLSFiles?
    /// What to request, as a client of `address`; `nil` for a server.
    var target: String?

    enum Outcome {
        case run(EchoArguments)
        case help
        case mistake(String)
    }

    static let help = """
        usage: omnihub-echo --listen ADDR:PORT [--loops N] [--deflate]
                            [--certificate FILE --key FILE]
               omnihub-echo --connect ADDR:PORT/TARGET [--deflate]

        Sends every WebSocket message back as it came, over the same code as omnihubd.

          --listen ADDR:PORT  where to listen; port 0 picks a free one
          --connect ADDR:PORT/TARGET
                              be a client of this server, until it closes
          --loops N           event loops, 1 to 64 (default 1)
          --deflate           offer permessage-deflate (RFC 7692)
          --certificate FILE  speak TLS with the certificate chain in this PEM file
          --key FILE          its private key, in PEM
          --help              this text

        Prints 'listening on ws://ADDR:PORT/', or wss://, once it accepts connections.
        """

    static func parse(_ arguments: [String]) -> Outcome {
        var address: SocketAddress?
        var loops = 1
        var compresses = false
        var certificate: String?
        var key: String?
        var target: String?
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            switch argument {
            case "--help":
                return .help
            case "--deflate":
                compresses = true
            case "--certificate":
                certificate = rest.popFirst()
                if certificate == nil { return .mistake("--certificate needs a file.") }
            case "--key":
                key = rest.popFirst()
                if key == nil { return .mistake("--key needs a file.") }
            case "--listen":
                guard let value = rest.popFirst() else {
                    return .mistake("--listen needs ADDR:PORT.")
                }
                do {
                    address = try SocketAddress(value)
                } catch {
                    return .mistake("\(error).")
                }
            case "--connect":
                guard let value = rest.popFirst(), let slash = value.firstIndex(of: "/") else {
                    return .mistake("--connect needs ADDR:PORT/TARGET.")
                }
                target = String(value[slash...])
                do {
                    address = try SocketAddress(String(value[..<slash]))
                } catch {
                    return .mistake("\(error).")
                }
            case "--loops":
                guard let value = rest.popFirst().flatMap({ Int($0) }), (1...64).contains(value)
                else { return .mistake("--loops needs a number from 1 to 64.") }
                loops = value
            default:
                return .mistake("unknown option '\(argument)'.")
            }
        }
        guard let address else { return .mistake("--listen or --connect is missing.") }
        var parsed = EchoArguments(address: address, loops: loops, compresses: compresses)
        parsed.target = target
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            parsed.tls = TLSFiles(certificates: certificate, key: key)
        case (nil, _): return .mistake("--key needs --certificate.")
        case (_, nil): return .mistake("--certificate needs --key.")
        }
        return .run(parsed)
    }
}
