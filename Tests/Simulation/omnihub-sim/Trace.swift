import Glibc

/// What happened in a run, in order: a hash of all of it, the last lines, and with `--trace` every
/// line on standard output.
final class Trace {
    private let isPrinted: Bool
    private var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    private var lines: [String] = []
    private var oldest = 0
    private(set) var count = 0
    /// The time of what happens, in nanoseconds.
    var now: UInt64 = 0

    private static let kept = 60

    init(isPrinted: Bool) {
        self.isPrinted = isPrinted
    }

    /// 16 hexadecimal digits (FNV-1a) that two runs share only when all their lines are the same.
    var digest: String {
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// The last lines, oldest first.
    var tail: [String] { Array(lines[oldest...] + lines[..<oldest]) }

    func note(_ line: String) {
        count += 1
        for byte in line.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        hash = (hash ^ now) &* 0x100_0000_01B3
        let milliseconds = now / 1_000_000
        let micros = String(now / 1_000 % 1_000)
        let text =
            "\(milliseconds).\(String(repeating: "0", count: 3 - micros.count))\(micros) \(line)"
        if isPrinted { print(text) }
        if lines.count < Self.kept {
            lines.append(text)
        } else {
            lines[oldest] = text
            oldest = (oldest + 1) % Self.kept
        }
    }
}

/// A promise that was not kept.
struct Violation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
