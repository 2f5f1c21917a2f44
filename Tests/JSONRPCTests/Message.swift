import JSONRPC

/// A message and its parts as text, so that expectations can be read.
struct Message {
    var bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    subscript(slice: Range<Int>?) -> String {
        slice.map { String(decoding: bytes[$0], as: UTF8.self) } ?? "-"
    }

    func items() throws(JSONError) -> [String] {
        var scanner = MessageScanner()
        return try items(using: &scanner)
    }

    func items(using scanner: inout MessageScanner) throws(JSONError) -> [String] {
        try scanner.scan(bytes.span)
        return scanner.items.map { item in
            switch item {
            case .request(let request):
                "request \(self[request.id]) \(self[request.method]) \(self[request.params])"
            case .response(let response):
                switch response.outcome {
                case .result(let result): "result \(self[response.id]) \(self[result])"
                case .error(let error): "error \(self[response.id]) \(self[error])"
                }
            case .invalid(let id, let problem):
                "invalid \(self[id]) \(problem.rawValue)"
            }
        }
    }
}
