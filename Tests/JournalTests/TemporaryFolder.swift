import Foundation
import Journal

/// A folder for one test, in memory where there is such a file system; deleted with it.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let base = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : NSTemporaryDirectory()
        path = "\(base)/omnihub-journal-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The state folder that most tests need.
    var state: String { "\(path)/state" }

    func files(in subfolder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(state)/\(subfolder)").sorted()
    }

    func segment(_ first: Int) -> String {
        let digits = String(first)
        return "\(state)/journal/" + String(repeating: "0", count: 20 - digits.count) + digits
            + ".jsonl"
    }

    func snapshot(_ sequence: Int) -> String {
        let digits = String(sequence)
        return "\(state)/snapshots/" + String(repeating: "0", count: 20 - digits.count) + digits
    }
}

func contents(of path: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path)))
}

func write(_ bytes: [UInt8], to path: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
}

func remove(_ path: String) throws {
    try FileManager.default.removeItem(atPath: path)
}

func rename(_ path: String, to new: String) throws {
    try FileManager.default.moveItem(atPath: path, toPath: new)
}
