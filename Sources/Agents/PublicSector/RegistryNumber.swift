import AgentRuntime
import JSONRPC

/// Checks the digits of an Australian registry number.
///
/// - ABN (Australian Business Register, “Format of the ABN”): eleven digits; 1 is subtracted from
///   the first, and the sum weighted with 10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19 is a multiple of
///   89. The first two are check digits from 11 to 99.
/// - ACN (Australian Securities and Investments Commission, “Australian Company Number digit
///   check”): nine digits; the last is the complement to ten of the sum weighted with 8 to 1.
/// - TFN (Australian Taxation Office): nine digits, of old eight; the sum weighted with 1, 4, 3,
///   7, 5, 8, 6, 9, 10 is a multiple of 11.
///
/// White space between digits is left out. A valid number need not have been issued.
struct RegistryNumber: TaskInput {
    enum Kind {
        case abn
        case acn
        case tfn
    }

    enum Problem: String, CaseIterable {
        case format
        case length
        case checksum
    }

    var number: String

    init(payload: JSONValue) throws(InvalidPayload) {
        number = try PayloadFields(payload).string("number")
    }

    /// - Returns: The digits alone and what is wrong with them, if anything.
    func check(_ kind: Kind) -> (digits: [Int], problem: Problem?) {
        var digits: [Int] = []
        for scalar in number.unicodeScalars where !scalar.properties.isWhitespace {
            guard ("0"..."9").contains(scalar) else { return ([], .format) }
            digits.append(Int(scalar.value) - 48)
        }
        guard !digits.isEmpty else { return ([], .format) }
        let lengths =
            switch kind {
            case .abn: 11...11
            case .acn: 9...9
            case .tfn: 8...9
            }
        guard lengths.contains(digits.count) else { return (digits, .length) }
        return (digits, Self.isConsistent(digits, kind) ? nil : .checksum)
    }

    static func isConsistent(_ digits: [Int], _ kind: Kind) -> Bool {
        func sum(_ weights: [Int]) -> Int { zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 } }
        switch kind {
        case .abn:
            guard digits[0] * 10 + digits[1] >= 11 else { return false }
            return (sum([10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10).isMultiple(of: 89)
        case .acn:
            return (10 - sum([8, 7, 6, 5, 4, 3, 2, 1]) % 10) % 10 == digits[8]
        case .tfn:
            return sum([1, 4, 3, 7, 5, 8, 6, 9, 10]).isMultiple(of: 11)
        }
    }

    func result(_ kind: Kind) -> JSONValue {
        let (digits, problem) = check(kind)
        let groups = kind == .abn ? [2, 5, 8] : [3, 6]
        var formatted = ""
        for (index, digit) in digits.enumerated() {
            if groups.contains(index) { formatted += " " }
            formatted += String(digit)
        }
        return [
            "valid": .bool(problem == nil),
            "formatted": problem == nil ? .string(formatted) : .null,
            "problem": problem.map { .string($0.rawValue) } ?? .null,
        ]
    }
}

extension RegistryNumber {
    static let abnTask = task("abn.validate", "Australian Business Number", .abn, "51 824 753 556")
    static let acnTask = task("acn.validate", "Australian Company Number", .acn, "004 085 616")
    static let tfnTask = task("tfn.validate", "Australian tax file number", .tfn, "123 456 782")

    private static func task(
        _ name: String,
        _ title: String,
        _ kind: Kind,
        _ example: String
    ) -> TaskFunction {
        TaskFunction(
            name,
            summary: "Checks the form and the check digits of an \(title).",
            definition: """
                check digits of the Australian Business Register, ASIC and the Australian Taxation \
                Office
                """,
            payload: Schema.object([
                "number": Schema.string(0...100, description: "Spaces are left out")
            ]),
            result: Schema.object([
                "valid": Schema.boolean(),
                "formatted": Schema.nullable(Schema.string()),
                "problem": Schema.nullable(Schema.choice(Problem.allCases.map(\.rawValue))),
            ]),
            example: ["number": .string(example)],
            perform: { (input: RegistryNumber, _) in input.result(kind) }
        )
    }
}
