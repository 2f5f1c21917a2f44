import COpenSSL
import Foundation
import JSONRPC

extension Intrinsic {
    /// Calls the function.
    ///
    /// - Throws: `States.IntrinsicFailure` when an argument is of the wrong kind or size,
    ///   `States.ParameterPathFailure` when a path finds nothing.
    func value(
        _ data: TemplateData,
        _ random: inout some RandomNumberGenerator
    ) throws(WorkflowError) -> JSONValue {
        var values: [JSONValue] = []
        for argument in arguments {
            switch argument {
            case .string(let text): values.append(.string(text))
            case .number(let number): values.append(.number(number))
            case .bool(let bool): values.append(.bool(bool))
            case .null: values.append(.null)
            case .path(let path): values.append(try data.value(at: path))
            case .call(let call): values.append(try call.value(data, &random))
            }
        }
        return try call(values, &random)
    }

    private func call(
        _ values: [JSONValue],
        _ random: inout some RandomNumberGenerator
    ) throws(WorkflowError) -> JSONValue {
        switch function {
        case .format:
            return .string(try format(string(values, 0), values.dropFirst()))
        case .stringToJSON:
            guard let value = try? JSONValue(parsing: try string(values, 0)) else {
                throw failure("the argument is no JSON text")
            }
            return value
        case .jsonToString:
            return .string(values[0].text)
        case .array:
            return .array(values)
        case .arrayPartition:
            return try partition(array(values, 0), size: integer(values, 1))
        case .arrayContains:
            return .bool(try array(values, 0).contains { $0.isSame(as: values[1]) })
        case .arrayRange:
            return try range(integer(values, 0), integer(values, 1), by: integer(values, 2))
        case .arrayGetItem:
            let (elements, index) = (try array(values, 0), try integer(values, 1))
            guard elements.indices.contains(index) else {
                throw failure("there is no element \(index) in an array of \(elements.count)")
            }
            return elements[index]
        case .arrayLength:
            return .integer(try array(values, 0).count)
        case .arrayUnique:
            return .array(unique(try array(values, 0)))
        case .base64Encode:
            return .string(Data(try short(values, 0).utf8).base64EncodedString())
        case .base64Decode:
            guard let data = Data(base64Encoded: try short(values, 0)),
                let text = String(data: data, encoding: .utf8)
            else { throw failure("the argument is no base64 of UTF-8") }
            return .string(text)
        case .hash:
            return .string(try hash(values[0], algorithm: string(values, 1)))
        case .jsonMerge:
            return try merge(values)
        case .mathRandom:
            return try randomNumber(values, &random)
        case .mathAdd:
            let (sum, overflow) = try integer(values, 0)
                .addingReportingOverflow(try integer(values, 1))
            guard !overflow else { throw failure("the sum is too large") }
            return .integer(sum)
        case .stringSplit:
            return try split(values)
        case .uuid:
            return .string(Self.uuid(&random))
        }
    }
}

extension Intrinsic {
    private func failure(_ reason: String) -> WorkflowError {
        WorkflowError(WorkflowError.Name.intrinsic, "\(function.rawValue): \(reason)")
    }

    private func string(_ values: [JSONValue], _ index: Int) throws(WorkflowError) -> String {
        guard let text = values[index].stringValue else {
            throw failure("argument \(index + 1) is no string")
        }
        return text
    }

    /// The limit of AWS Step Functions for what is encoded and hashed.
    private func short(_ values: [JSONValue], _ index: Int) throws(WorkflowError) -> String {
        let text = try string(values, index)
        guard text.utf8.count <= 10_000 else { throw failure("more than 10,000 bytes") }
        return text
    }

    private func array(_ values: [JSONValue], _ index: Int) throws(WorkflowError) -> [JSONValue] {
        guard let elements = values[index].arrayValue else {
            throw failure("argument \(index + 1) is no array")
        }
        return elements
    }

    private func integer(_ values: [JSONValue], _ index: Int) throws(WorkflowError) -> Int {
        guard let value = values[index].intValue else {
            throw failure("argument \(index + 1) is no integer")
        }
        return value
    }

    /// Puts the arguments where `{}` is; an escaped brace is one.
    private func format(
        _ template: String,
        _ arguments: ArraySlice<JSONValue>
    ) throws(WorkflowError) -> String {
        var text = ""
        var rest = arguments
        var characters = template[...]
        while let character = characters.popFirst() {
            if character == "\\", let escaped = characters.popFirst() {
                text.append(escaped)
            } else if character == "{", characters.first == "}" {
                characters.removeFirst()
                guard let argument = rest.popFirst() else {
                    throw failure("there are more {} than arguments")
                }
                text += argument.stringValue ?? argument.text
            } else {
                text.append(character)
            }
        }
        guard rest.isEmpty else { throw failure("there are more arguments than {}") }
        return text
    }

    private func partition(_ elements: [JSONValue], size: Int) throws(WorkflowError) -> JSONValue {
        guard size > 0 else { throw failure("the size must be positive") }
        let starts = stride(from: 0, to: elements.count, by: size)
        return .array(
            starts.map { .array(Array(elements[$0..<min($0 + size, elements.count)])) }
        )
    }

    /// Both ends belong to it; at most 1,000 numbers, as in AWS Step Functions.
    private func range(_ first: Int, _ last: Int, by step: Int) throws(WorkflowError) -> JSONValue {
        guard step != 0 else { throw failure("the step is 0") }
        var numbers: [JSONValue] = []
        for number in stride(from: first, through: last, by: step) {
            guard numbers.count < 1_000 else { throw failure("more than 1,000 numbers") }
            numbers.append(.integer(number))
        }
        return .array(numbers)
    }

    private func unique(_ elements: [JSONValue]) -> [JSONValue] {
        var seen: Set<String> = []
        return elements.filter { seen.insert($0.text).inserted }
    }

    private func merge(_ values: [JSONValue]) throws(WorkflowError) -> JSONValue {
        guard let first = values[0].objectValue, let second = values[1].objectValue else {
            throw failure("the first two arguments must be objects")
        }
        guard values[2] == .bool(false) else {
            throw failure("only the shallow merge exists: the third argument must be false")
        }
        var merged = first
        for member in second.members { merged[member.name] = member.value }
        return .object(merged)
    }

    /// At least the first and less than the second argument; a seed gives the same number again.
    private func randomNumber(
        _ values: [JSONValue],
        _ random: inout some RandomNumberGenerator
    ) throws(WorkflowError) -> JSONValue {
        let (lower, upper) = (try integer(values, 0), try integer(values, 1))
        guard lower < upper else { throw failure("the start must be below the end") }
        guard values.count == 3 else {
            return .integer(Int.random(in: lower..<upper, using: &random))
        }
        var seeded = SplitMix64(seed: UInt64(bitPattern: Int64(try integer(values, 2))))
        return .integer(Int.random(in: lower..<upper, using: &seeded))
    }

    /// At any of the characters of the second argument; empty parts are left out.
    private func split(_ values: [JSONValue]) throws(WorkflowError) -> JSONValue {
        let text = try string(values, 0)
        let separators = Set(try string(values, 1))
        guard !separators.isEmpty else { return .array([.string(text)]) }
        return .array(
            text.split { separators.contains($0) }.map { .string(String($0)) }
        )
    }

    /// Version 4 (RFC 9562).
    private static func uuid(_ random: inout some RandomNumberGenerator) -> String {
        let (high, low) = (random.next() as UInt64, random.next() as UInt64)
        let bytes = [high & ~0xF000 | 0x4000, low & ~(0b11 << 62) | 0b10 << 62].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
        }
        let digits = bytes.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }
        return [0..<4, 4..<6, 6..<8, 8..<10, 10..<16]
            .map { digits[$0].joined() }
            .joined(separator: "-")
    }

    private func hash(_ value: JSONValue, algorithm: String) throws(WorkflowError) -> String {
        let text = value.stringValue ?? value.text
        guard text.utf8.count <= 10_000 else { throw failure("more than 10,000 bytes") }
        let names = [
            "MD5": "MD5", "SHA-1": "SHA1", "SHA-256": "SHA256", "SHA-384": "SHA384",
            "SHA-512": "SHA512",
        ]
        guard let name = names[algorithm], let digest = Self.digest(Array(text.utf8), name) else {
            throw failure("the algorithm is none of MD5, SHA-1, SHA-256, SHA-384, SHA-512")
        }
        return digest.map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    private static func digest(_ bytes: [UInt8], _ algorithm: String) -> [UInt8]? {
        guard let method = unsafe EVP_get_digestbyname(algorithm) else { return nil }
        var digest = [UInt8](repeating: 0, count: Int(EVP_MAX_MD_SIZE))
        var length: UInt32 = 0
        guard unsafe EVP_Digest(bytes, bytes.count, &digest, &length, method, nil) == 1 else {
            return nil
        }
        return Array(digest.prefix(Int(length)))
    }
}

/// A small generator that gives the same numbers for the same seed (Steele, Lea and Flood 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
