/// The bytes that the fuzzer makes, and what a target takes from their front.
struct FuzzInput {
    private(set) var rest: ArraySlice<UInt8>

    init(_ data: UnsafePointer<UInt8>, _ size: Int) {
        rest = Array(UnsafeBufferPointer(start: data, count: size))[...]
    }

    /// The next byte, 0 behind the last.
    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

    mutating func bit() -> Bool { byte() & 1 == 1 }

    /// Lengths of pieces: their number, at most 15, then each in a byte.
    mutating func lengths() -> [Int] {
        (0..<byte() & 15).map { _ in Int(byte()) }
    }
}

extension [UInt8] {
    /// Cuts the bytes into pieces of these lengths and one of what remains.
    func cut(_ lengths: [Int]) -> [[UInt8]] {
        var rest = self[...]
        var pieces: [[UInt8]] = []
        for length in lengths {
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        return pieces + [Array(rest)]
    }

    var bytewise: [[UInt8]] { map { [$0] } }
}

/// Stops the process where two ways to the same answer part, so that the fuzzer keeps the input.
func expectEqual<Value: Equatable>(_ first: Value, _ second: Value, _ what: String) {
    if first != second { fatalError("\(what):\n  \(first)\n  \(second)") }
}

func expect(_ condition: Bool, _ what: String) {
    if !condition { fatalError(what) }
}
