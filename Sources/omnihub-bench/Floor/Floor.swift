import EventLoops

/// A server that does the least with which its clients are served.
enum Floor {
    case echo
    case fanout(PayloadLengths)
    case call(answerLength: Int)

    /// - Parameters:
    ///   - name: `floor-echo`, `floor-fanout` or `floor-call`.
    ///   - arguments: Its options.
    /// - Throws: What is wrong with them.
    init(_ name: String, _ arguments: [String]) throws(UsageError) {
        switch name {
        case "floor-echo":
            guard arguments.isEmpty else { throw UsageError("\(name) takes no options") }
            self = .echo
        case "floor-fanout":
            guard arguments.count == 4, arguments[0] == "--publication-bytes",
                arguments[2] == "--answer-bytes",
                let publication = Int(arguments[1]), let answer = Int(arguments[3]),
                publication > 0, answer > 0
            else { throw UsageError("\(name) needs --publication-bytes N --answer-bytes N") }
            self = .fanout(PayloadLengths(publication: publication, answer: answer))
        case "floor-call":
            guard arguments.count == 2, arguments[0] == "--answer-bytes",
                let answer = Int(arguments[1]), answer > 0
            else { throw UsageError("\(name) needs --answer-bytes N") }
            self = .call(answerLength: answer)
        default:
            throw UsageError("there is no floor called '\(name)'")
        }
    }

    /// Serves until a signal ends the process.
    func serve() throws {
        DescriptorLimit.raise()
        switch self {
        case .echo:
            var server = try FloorServer(EchoFloor())
            try server.run()
        case .fanout(let lengths):
            var server = try FloorServer(FanoutFloor(lengths))
            try server.run()
        case .call(let answerLength):
            var server = try FloorServer(CallFloor(answerLength: answerLength))
            try server.run()
        }
    }
}
