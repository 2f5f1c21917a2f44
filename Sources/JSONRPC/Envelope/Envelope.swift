/// The members that the specification names, as far as an object has them.
struct Envelope {
    /// The names as ``NameTable`` knows them: their bytes, the first one lowest.
    private enum Member: UInt64 {
        case jsonrpc = 0x63_70_72_6E_6F_73_6A
        case id = 0x64_69
        case method = 0x64_6F_68_74_65_6D
        case params = 0x73_6D_61_72_61_70
        case result = 0x74_6C_75_73_65_72
        case error = 0x72_6F_72_72_65

        var length: Int { (71 - rawValue.leadingZeroBitCount) / 8 }
    }

    // A value is never empty, so an empty range says that there is none.
    private var version = 0..<0
    private var id = 0..<0
    private var method = 0..<0
    private var params = 0..<0
    private var result = 0..<0
    private var error = 0..<0

    mutating func set(_ name: NameTable.Name, to value: Range<Int>) {
        // The length tells "id" from "id\u0000".
        guard let member = Member(rawValue: name.prefix), name.count == member.length else {
            return
        }
        switch member {
        case .jsonrpc: version = value
        case .id: id = value
        case .method: method = value
        case .params: params = value
        case .result: result = value
        case .error: error = value
        }
    }

    /// Judges the object by the specification, first rule first.
    func item(in bytes: Span<UInt8>) -> MessageItem {
        if let problem = problemWithID(in: bytes) { return .invalid(id: nil, problem) }
        let id = self.id.isEmpty ? nil : self.id
        guard bytes.isVersion2(version) else { return .invalid(id: id, .invalidVersion) }
        guard !method.isEmpty else { return response(id, in: bytes) }
        guard bytes.byte(at: method.lowerBound) == ASCII.quote else {
            return .invalid(id: id, .invalidMethod)
        }
        guard params.isEmpty else {
            switch bytes.jsonKind(params) {
            case .object, .array:
                return .request(.init(id: id, method: method, params: params))
            case .string, .number, .true, .false, .null:
                return .invalid(id: id, .invalidParams)
            }
        }
        return .request(.init(id: id, method: method, params: nil))
    }

    private func problemWithID(in bytes: Span<UInt8>) -> InvalidMessage? {
        guard !id.isEmpty else { return nil }
        switch bytes.jsonKind(id) {
        case .string, .number, .null:
            return id.count > MessageScanner.maximumIDLength ? .idTooLong : nil
        case .object, .array, .true, .false:
            return .invalidID
        }
    }

    private func response(_ id: Range<Int>?, in bytes: Span<UInt8>) -> MessageItem {
        guard !result.isEmpty || !error.isEmpty else { return .invalid(id: id, .missingMethod) }
        guard let id, result.isEmpty != error.isEmpty else {
            return .invalid(id: id, .invalidResponse)
        }
        if error.isEmpty { return .response(.init(id: id, outcome: .result(result))) }
        guard let code = bytes.jsonMember("code", of: error), bytes.jsonInt(code) != nil,
            let message = bytes.jsonMember("message", of: error),
            bytes.jsonKind(message) == .string
        else { return .invalid(id: id, .invalidResponse) }
        return .response(.init(id: id, outcome: .error(error)))
    }
}

extension Span<UInt8> {
    /// Whether `slice` is the string `2.0`; it is empty when there is no such member.
    fileprivate func isVersion2(_ slice: Range<Int>) -> Bool {
        slice.count == 5 && matches("\"2.0\"", at: slice.lowerBound)
            || slice.count > 5 && jsonString(slice, equals: "2.0")
    }
}
