import HTTPProtocol

/// All that a parser said about some bytes: its answers, then how it ended.
struct ParsedRequests: Equatable, CustomStringConvertible {
    enum Ending: Equatable {
        case needsMore
        case violation(HTTPViolation)
    }

    var inputs: [HTTPInput] = []
    var ending = Ending.needsMore
    var work = 0

    /// Feeds `pieces` one after the other.
    init(_ pieces: [ArraySlice<UInt8>], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPRequestParser(limits: limits)
        feeding: for piece in pieces {
            var position = 0
            do throws(HTTPViolation) {
                while true {
                    let input = try parser.next(piece.span, &position)
                    if input == .needsMore { break }
                    inputs.append(input)
                }
            } catch {
                ending = .violation(error)
                break feeding
            }
        }
        work = parser.work
    }

    init(_ text: String, limits: HTTPLimits = HTTPLimits()) {
        self.init([Array(text.utf8)[...]], limits: limits)
    }

    init(bytewise bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) {
        self.init(bytes.indices.map { bytes[$0...$0] }, limits: limits)
    }

    /// The only request, when nothing else was found.
    var request: (head: HTTPRequestHead, body: [UInt8])? {
        guard inputs.count == 1, case .request(let head, let body) = inputs.first else {
            return nil
        }
        return (head, body)
    }

    var heads: [HTTPRequestHead] {
        inputs.compactMap { if case .request(let head, _) = $0 { head } else { nil } }
    }

    var violation: HTTPViolation? {
        if case .violation(let violation) = ending { violation } else { nil }
    }

    var description: String { "\(inputs) then \(ending)" }

    /// Equal in what was said; the work may differ.
    static func == (first: Self, second: Self) -> Bool {
        first.inputs == second.inputs && first.ending == second.ending
    }

    /// The ways of dividing `bytes` that do not lead to what the whole leads to.
    static func divergences(of bytes: [UInt8], limits: HTTPLimits = HTTPLimits()) -> [String] {
        let whole = ParsedRequests([bytes[...]], limits: limits)
        var divergences: [String] = []
        if ParsedRequests(bytewise: bytes, limits: limits) != whole {
            divergences.append("byte by byte")
        }
        for split in bytes.indices
        where ParsedRequests([bytes[..<split], bytes[split...]], limits: limits) != whole {
            divergences.append("split at \(split)")
        }
        return divergences
    }
}

/// SplitMix64: the same numbers for the same seed everywhere.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}
