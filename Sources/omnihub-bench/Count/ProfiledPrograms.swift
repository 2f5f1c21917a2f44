import EventLoops
import Glibc

/// Copies of the programs, and of the libraries of Swift they need, that valgrind can run.
///
/// It stumbles over Swift's debug information, so the copies have none; they keep the names of
/// their functions.
struct ProfiledPrograms {
    /// The copies, with callgrind in front of them.
    let programs: Programs
    private let folder: TemporaryDirectory
    private let profileDirectory: String

    /// - Parameters:
    ///   - originals: What to copy.
    ///   - profileDirectory: Where callgrind writes; `nil` when nobody wants that afterwards.
    /// - Throws: When something cannot be copied.
    init(_ originals: Programs, profileDirectory: String? = nil) throws {
        let folder = try TemporaryDirectory()
        let profileFolder = profileDirectory ?? folder.path
        self.profileDirectory = profileFolder
        var programs = Programs(directory: folder.path)
        programs.bench = "\(folder.path)/omnihub-bench"
        for (original, copy) in [
            (originals.echo, programs.echo), (originals.hub, programs.hub),
            (originals.bench, programs.bench),
        ] {
            try Self.strip(original, to: copy)
            for library in try Self.swiftLibraries(of: original) {
                guard let slash = library.lastIndex(of: "/") else { continue }
                let target = folder.path + library[slash...]
                if access(target, F_OK) != 0 { try Self.strip(library, to: target) }
            }
        }
        // Counting is switched on when the load has warmed the server up.
        programs.prefix = [
            "env", "LD_LIBRARY_PATH=\(folder.path)", "valgrind", "--tool=callgrind", "-q",
            "--instr-atstart=no", "--callgrind-out-file=\(profileFolder)/callgrind.%p",
        ]
        self.programs = programs
        self.folder = folder
    }

    /// Where callgrind writes when the process of that number ends.
    func profile(of process: pid_t) -> String { "\(profileDirectory)/callgrind.\(process)" }

    private static func strip(_ original: String, to copy: String) throws {
        let tool = try ChildProcess(["strip", "--strip-debug", "-o", copy, original])
        do {
            try tool.wait()
        } catch {
            throw BenchError("strip \(original): \(error)")
        }
    }

    /// As `ldd` tells them: `libswiftCore.so => /path/libswiftCore.so (0x…)`.
    private static func swiftLibraries(of program: String) throws -> [String] {
        let tool = try ChildProcess(["ldd", program])
        var libraries: [String] = []
        while let line = tool.nextLine(within: 10_000) {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 2, words[1] == "=>" else { continue }
            if words[2].firstRange(of: "/swift/linux/") != nil {
                libraries.append(String(words[2]))
            }
        }
        try tool.wait()
        return libraries
    }
}
