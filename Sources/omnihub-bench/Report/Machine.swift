import Glibc

/// What the results depend on beside the code.
struct Machine {
    let processor: String
    let processors: Int
    let kernel: String
    /// Of the source tree around the program; `nil` when there is none.
    let commit: String?

    static func current() -> Machine {
        var names = utsname()
        uname(&names)
        let kernel = withUnsafeBytes(of: &names.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return Machine(
            processor: processorName() ?? "unknown processor",
            processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)),
            kernel: kernel,
            commit: commitOfThisTree()
        )
    }

    private static func processorName() -> String? {
        guard let file = fopen("/proc/cpuinfo", "r") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 512)
        while fgets(&line, CInt(line.count), file) != nil {
            let bytes = line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.hasPrefix("model name"), let colon = text.firstIndex(of: ":") else {
                continue
            }
            let name = text[text.index(after: colon)...]
            return String(name.drop { $0 == " " }.prefix { $0 != "\n" })
        }
        return nil
    }

    private static func commitOfThisTree() -> String? {
        let arguments = [
            "git", "-C", Programs().directory, "describe", "--always", "--dirty",
        ]
        guard let git = try? ChildProcess(arguments, isQuiet: true) else { return nil }
        return git.nextLine(within: 5_000)
    }
}
