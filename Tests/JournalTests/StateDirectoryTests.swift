import Foundation
import Glibc
import Journal
import Testing

@Suite("State directory")
struct StateDirectoryTests {
    @Test func `missing folders are created for their owner only`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a/b/state"
        let directory = try StateDirectory(path: path + "/")
        #expect(directory.path == path)
        #expect(try mode("\(folder.path)/a") == 0o700)
        #expect(try mode(path) == 0o700)
        #expect(try mode("\(path)/journal") == 0o700)
        #expect(try mode("\(path)/snapshots") == 0o700)
        #expect(try mode("\(path)/lock") == 0o600)
    }

    @Test func `the files in it are for their owner only`() throws {
        let folder = try TemporaryFolder()
        try appendAll(records(1...1), to: folder)
        _ = try writeSnapshot(1, in: StateDirectory(path: folder.state))
        #expect(try mode(folder.segment(1)) == 0o600)
        #expect(try mode(folder.snapshot(1)) == 0o700)
        #expect(try mode(folder.snapshot(1) + "/tasks.json") == 0o600)
    }

    @Test func `a second owner is refused and told who the first is`() throws {
        let folder = try TemporaryFolder()
        let first = try StateDirectory(path: folder.state)
        let error = #expect(throws: StateDirectoryError.self) {
            _ = try StateDirectory(path: folder.state)
        }
        #expect(error == .locked(path: first.path, owner: getpid()))
        #expect(error?.exitStatus == 75)
        #expect(error?.description.contains("process \(getpid())") == true)
    }

    @Test func `it is free again once its owner is gone`() throws {
        let folder = try TemporaryFolder()
        do { _ = try StateDirectory(path: folder.state) }
        _ = try StateDirectory(path: folder.state)
    }

    @Test func `it is free again even while a copy of its descriptor lives on`() throws {
        let folder = try TemporaryFolder()
        var copy: CInt = -1
        do {
            let directory = try StateDirectory(path: folder.state)
            copy = try withExtendedLifetime(directory) {
                try duplicate(descriptorOf: "\(folder.state)/lock")
            }
        }
        defer { close(copy) }
        _ = try StateDirectory(path: folder.state)
    }

    /// A second descriptor of an open file, as a forked child has one.
    private func duplicate(descriptorOf path: String) throws -> CInt {
        let names = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")
        let name = names.first {
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)"))
                == path
        }
        let descriptor = try #require(name.flatMap { CInt($0) })
        return dup(descriptor)
    }

    @Test func `a running writer keeps it locked`() throws {
        let folder = try TemporaryFolder()
        let writer = try startWriter(folder)
        #expect(throws: StateDirectoryError.locked(path: folder.state, owner: getpid())) {
            _ = try StateDirectory(path: folder.state)
        }
        writer.close()
    }

    @Test func `a writer that is dropped still writes what is queued`() throws {
        let folder = try TemporaryFolder()
        let outcomes = Outcomes()
        let answered = Signal()
        do {
            let writer = try startWriter(folder)
            writer.append(records(1...3)) { result in
                outcomes.note("a")(result)
                answered.send()
            }
        }
        answered.wait()
        #expect(outcomes["a"] == .durable)
        var bytes: [UInt8] = []
        for record in records(1...3) { record.appendLine(batch: 1, to: &bytes) }
        #expect(try contents(of: folder.segment(1)) == bytes)
    }

    @Test func `a file in its place cannot be one`() throws {
        let folder = try TemporaryFolder()
        try write([], to: folder.state)
        let error = #expect(throws: StateDirectoryError.self) {
            _ = try StateDirectory(path: folder.state)
        }
        #expect(error?.exitStatus == 73)
        #expect(error?.description.contains(folder.state) == true)
    }

    /// sysfs lets nobody, not even root, create a folder.
    @Test(.enabled(if: access("/sys/kernel", F_OK) == 0))
    func `a place without permission is told as such`() {
        let error = #expect(throws: StateDirectoryError.self) {
            _ = try StateDirectory(path: "/sys/kernel/omnihub")
        }
        #expect(error.map { [77, 73].contains($0.exitStatus) } == true)
        #expect(error?.description.contains("/sys/kernel/omnihub") == true)
    }

    @Test(.enabled(if: getuid() != 0, "root may write everywhere"))
    func `a folder of somebody else is told as such`() throws {
        let folder = try TemporaryFolder()
        #expect(chmod(folder.path, 0o500) == 0)
        defer { chmod(folder.path, 0o700) }
        let error = #expect(throws: StateDirectoryError.self) {
            _ = try StateDirectory(path: folder.state)
        }
        #expect(error?.exitStatus == 77)
    }

    private func mode(_ path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? Int)
    }

    private func startWriter(_ folder: TemporaryFolder) throws -> JournalWriter {
        let directory = try StateDirectory(path: folder.state)
        return try JournalWriter(directory, resuming: Restart(directory).recovery)
    }
}
