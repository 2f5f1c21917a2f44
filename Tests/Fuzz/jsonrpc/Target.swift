import JSONRPC

// Input: the largest batch, then a JSON-RPC message.
//
// The items that one pass over the bytes finds are those that the specification makes of the tree.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let maximum = Int(input.byte() & 7)
    let bytes = Array(input.rest)
    var scanner = MessageScanner(maximumBatchCount: maximum)
    let failure = scan(bytes, with: &scanner)
    guard let value = try? JSONValue(parsing: bytes) else {
        expect(failure != nil, "only the scanner accepts")
        return 0
    }
    expectEqual(failure, nil, "only the scanner refuses")

    let batch = value.arrayValue
    let elements = batch ?? [value]
    expectEqual(scanner.isBatch, batch?.isEmpty == false, "a batch")
    let isEmptyBatch = elements.isEmpty
    expectEqual(scanner.itemCount, isEmptyBatch ? 1 : elements.count, "number of items")
    expectEqual(scanner.isBatchTooLarge, scanner.itemCount > maximum, "too large")
    expectEqual(scanner.items.count, min(scanner.itemCount, maximum), "number of kept items")
    if isEmptyBatch {
        if let item = scanner.items.first { expectEqual(item, .invalid(id: nil, .emptyBatch), "") }
        return 0
    }
    for (item, element) in zip(scanner.items, elements) {
        // What the tree has of an id is shorter than its text may be.
        if case .invalid(_, .idTooLong) = item { continue }
        expectEqual(Summary(item, bytes), Summary(element), "item")
        answer(item, bytes)
    }
    return 0
}

private func scan(_ bytes: [UInt8], with scanner: inout MessageScanner) -> JSONError? {
    do throws(JSONError) {
        try scanner.scan(bytes.span)
        return nil
    } catch {
        return error
    }
}

/// An item as trees, so that two ways to it can be compared.
private enum Summary: Equatable {
    case request(id: JSONValue?, method: JSONValue, params: JSONValue?)
    case response(id: JSONValue, result: JSONValue?, error: JSONValue?)
    case invalid(id: JSONValue?, InvalidMessage)

    init(_ item: MessageItem, _ bytes: [UInt8]) {
        func tree(_ slice: Range<Int>?) -> JSONValue? {
            slice.map { JSONValue(validated: bytes.span, $0) }
        }
        switch item {
        case .request(let request):
            self = .request(
                id: tree(request.id),
                method: tree(request.method) ?? .null,
                params: tree(request.params)
            )
        case .response(let response):
            let id = tree(response.id) ?? .null
            switch response.outcome {
            case .result(let slice): self = .response(id: id, result: tree(slice), error: nil)
            case .error(let slice): self = .response(id: id, result: nil, error: tree(slice))
            }
        case .invalid(let id, let problem): self = .invalid(id: tree(id), problem)
        }
    }

    /// By the specification, from the tree alone.
    init(_ value: JSONValue) {
        guard let object = value.objectValue else {
            self = .invalid(id: nil, .notAnObject)
            return
        }
        let id = object["id"]
        switch id {
        case .array, .object, .bool:
            self = .invalid(id: nil, .invalidID)
            return
        case nil, .null, .number, .string: break
        }
        guard object["jsonrpc"] == "2.0" else {
            self = .invalid(id: id, .invalidVersion)
            return
        }
        guard let method = object["method"] else {
            self = Self.response(id, object["result"], object["error"])
            return
        }
        guard method.stringValue != nil else {
            self = .invalid(id: id, .invalidMethod)
            return
        }
        let params = object["params"]
        guard params == nil || params?.objectValue != nil || params?.arrayValue != nil else {
            self = .invalid(id: id, .invalidParams)
            return
        }
        self = .request(id: id, method: method, params: params)
    }

    private static func response(
        _ id: JSONValue?,
        _ result: JSONValue?,
        _ error: JSONValue?
    ) -> Summary {
        guard result != nil || error != nil else { return .invalid(id: id, .missingMethod) }
        guard let id, (result == nil) != (error == nil) else {
            return .invalid(id: id, .invalidResponse)
        }
        if let error, error["code"]?.intValue == nil || error["message"]?.stringValue == nil {
            return .invalid(id: id, .invalidResponse)
        }
        return .response(id: id, result: result, error: error)
    }
}

/// An answer echoes the id byte for byte and is JSON.
private func answer(_ item: MessageItem, _ bytes: [UInt8]) {
    guard case .request(let request) = item, let id = request.id else { return }
    var answer: [UInt8] = []
    answer.appendResponse(id: id, of: bytes.span, result: Array("{}".utf8))
    let start = Array(#"{"jsonrpc":"2.0","id":"#.utf8) + bytes[id]
    expect(answer.starts(with: start), "the id is not echoed")
    expect((try? JSONValue(parsing: answer)) != nil, "the answer is no JSON")
}
