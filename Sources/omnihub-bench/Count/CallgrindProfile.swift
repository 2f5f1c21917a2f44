import Glibc

/// What callgrind has written down of one process.
struct CallgrindProfile {
    /// Executed in user space.
    private(set) var instructions: UInt64 = 0
    /// Calls of the functions that allocate memory.
    private(set) var allocations: UInt64 = 0

    private static let allocators: Set<String> = [
        "malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign", "memalign",
    ]

    /// Reads a file of callgrind's (Callgrind Format Specification, chapter 3.2 of its manual).
    init(_ path: String) throws(BenchError) {
        guard let file = fopen(path, "r") else { throw BenchError("cannot read \(path)") }
        defer { fclose(file) }
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(line) }
        // A name is written out once and has a number after that.
        var names: [String: String] = [:]
        var callee = ""
        while getline(&line, &capacity, file) > 0, let line {
            let text = String(cString: line).prefix { $0 != "\n" }
            if text.hasPrefix("fn=") {
                _ = Self.name(text.dropFirst(3), &names)
            } else if text.hasPrefix("cfn=") {
                callee = Self.name(text.dropFirst(4), &names)
            } else if text.hasPrefix("calls="), Self.allocators.contains(callee) {
                allocations += Self.number(text.dropFirst(6))
            } else if text.hasPrefix("totals: ") {
                instructions = Self.number(text.dropFirst(8))
            }
        }
        guard instructions > 0 else { throw BenchError("\(path) has no totals") }
    }

    private static func number(_ text: Substring) -> UInt64 {
        UInt64(text.prefix(while: \.isNumber)) ?? 0
    }

    /// The function that `(12) malloc`, or later `(12)`, means; a recursion of it, `malloc'2`, is
    /// the same function.
    private static func name(_ text: Substring, _ names: inout [String: String]) -> String {
        guard let end = text.firstIndex(of: ")") else { return "" }
        let number = String(text[...end])
        let rest = text[text.index(after: end)...].drop { $0 == " " }
        guard !rest.isEmpty else { return names[number] ?? "" }
        let name = String(rest.prefix { $0 != "'" })
        names[number] = name
        return name
    }
}
