import JSONRPC

/// A call of an intrinsic function, such as `States.Format('Hello, {}', $.name)`.
struct Intrinsic: Hashable, Sendable {
    let function: IntrinsicFunction
    let arguments: [Argument]

    indirect enum Argument: Hashable, Sendable {
        case string(String)
        case number(JSONNumber)
        case bool(Bool)
        case null
        case path(DataPath)
        case call(Intrinsic)
    }

    /// - Throws: When the text is no such call, the function is unknown or has another number of
    ///   arguments.
    init(_ text: String) throws(WorkflowProblem) {
        var reader = PathReader(text)
        self = try reader.intrinsic(depth: 0)
        guard reader.isAtEnd else {
            throw WorkflowProblem("has something after the last ')'")
        }
    }

    fileprivate init(_ function: IntrinsicFunction, _ arguments: [Argument]) {
        self.function = function
        self.arguments = arguments
    }
}

extension PathReader {
    fileprivate mutating func intrinsic(depth: Int) throws(WorkflowProblem) -> Intrinsic {
        // The limit of AWS Step Functions.
        guard depth < 10 else { throw WorkflowProblem("nests more than 10 functions") }
        let name = word { $0.isLetter || $0.isNumber || $0 == "." || $0 == "_" }
        guard let function = IntrinsicFunction(rawValue: name) else {
            let known = IntrinsicFunction.allCases.map(\.rawValue).joined(separator: ", ")
            throw WorkflowProblem("calls '\(name.prefix(64))', which is none of \(known)")
        }
        guard take("(") else { throw WorkflowProblem("has no '(' after \(name)") }
        var arguments: [Intrinsic.Argument] = []
        skipSpaces()
        if !take(")") {
            repeat {
                skipSpaces()
                arguments.append(try argument(of: function, depth: depth))
                skipSpaces()
            } while take(",")
            guard take(")") else { throw WorkflowProblem("has no ')' after \(name)") }
        }
        guard function.argumentCounts.contains(arguments.count) else {
            throw WorkflowProblem("calls \(name) with \(arguments.count) arguments")
        }
        return Intrinsic(function, arguments)
    }

    private mutating func argument(
        of function: IntrinsicFunction,
        depth: Int
    ) throws(WorkflowProblem) -> Intrinsic.Argument {
        switch next {
        case "'":
            return .string(try literal(keepingBraces: function == .format))
        case "$":
            return .path(try path())
        case let character? where character == "-" || ("0"..."9").contains(character):
            let text = word { "+-.eE".contains($0) || ("0"..."9").contains($0) }
            guard case .number(let number)? = try? JSONValue(parsing: text) else {
                throw WorkflowProblem("has an argument \(text) that is no number")
            }
            return .number(number)
        default:
            break
        }
        var ahead = self
        switch ahead.word(where: \.isLetter) {
        case "null":
            self = ahead
            return .null
        case "true":
            self = ahead
            return .bool(true)
        case "false":
            self = ahead
            return .bool(false)
        default:
            return .call(try intrinsic(depth: depth + 1))
        }
    }

    /// A string in single quotes; escaped braces stay escaped where they are looked at later.
    private mutating func literal(keepingBraces: Bool) throws(WorkflowProblem) -> String {
        _ = take("'")
        var text = ""
        while let character = take() {
            if character == "'" { return text }
            guard character == "\\" else {
                text.append(character)
                continue
            }
            guard let escaped = take(), "'\\{}".contains(escaped) else {
                throw WorkflowProblem("has a '\\' before something other than ' \\ { }")
            }
            if keepingBraces, escaped != "'" { text.append("\\") }
            text.append(escaped)
        }
        throw WorkflowProblem("has a string without an end")
    }
}

/// The intrinsic functions of the Amazon States Language, appendix B, and those that AWS Step
/// Functions adds.
enum IntrinsicFunction: String, CaseIterable, Sendable {
    case format = "States.Format"
    case stringToJSON = "States.StringToJson"
    case jsonToString = "States.JsonToString"
    case array = "States.Array"
    case arrayPartition = "States.ArrayPartition"
    case arrayContains = "States.ArrayContains"
    case arrayRange = "States.ArrayRange"
    case arrayGetItem = "States.ArrayGetItem"
    case arrayLength = "States.ArrayLength"
    case arrayUnique = "States.ArrayUnique"
    case base64Encode = "States.Base64Encode"
    case base64Decode = "States.Base64Decode"
    case hash = "States.Hash"
    case jsonMerge = "States.JsonMerge"
    case mathRandom = "States.MathRandom"
    case mathAdd = "States.MathAdd"
    case stringSplit = "States.StringSplit"
    case uuid = "States.UUID"

    var argumentCounts: ClosedRange<Int> {
        switch self {
        case .format: 1...64
        case .array: 0...64
        case .uuid: 0...0
        case .stringToJSON, .jsonToString, .arrayLength, .arrayUnique, .base64Encode,
            .base64Decode:
            1...1
        case .arrayPartition, .arrayContains, .arrayGetItem, .hash, .mathAdd, .stringSplit: 2...2
        case .arrayRange, .jsonMerge: 3...3
        case .mathRandom: 2...3
        }
    }
}
