import Foundation
import Journal
import Testing

@Suite("Snapshot store")
struct SnapshotStoreTests {
    private let folder: TemporaryFolder
    private let directory: StateDirectory

    init() throws {
        folder = try TemporaryFolder()
        directory = try StateDirectory(path: folder.state)
        try Self.journal(in: directory)
    }

    /// Nine records, so that snapshots up to the ninth have a journal.
    private static func journal(in directory: StateDirectory) throws {
        let writer = try JournalWriter(directory, resuming: Restart(directory).recovery)
        writer.append(records(1...9)) { _ in }
        writer.close()
    }

    @Test func `what is written is read`() throws {
        let receipt = try SnapshotStore(directory).write(lastSequence: 5, time: 1_763_889_120_123) {
            (writer) throws(StorageError) in
            try writer.writeValue(Array(#"{"a":1}"#.utf8), named: "agents.json")
            try writer.writeArray([], named: "empty.json")
            try writer.writeArray(
                (1...50_000).lazy.map { Array(#"{"id":\#($0)}"#.utf8) },
                named: "tasks.json"
            )
        }
        #expect(receipt.lastSequence == 5)
        #expect(receipt.bytes > 500_000)
        #expect(receipt.olderSequence == nil)

        let snapshot = try #require(try Restart(directory).snapshot)
        #expect(snapshot.lastSequence == 5)
        #expect(snapshot.createdAt == 1_763_889_120_123)
        #expect(snapshot.fileNames == ["agents.json", "empty.json", "tasks.json"])
        #expect(try snapshot.value(named: "agents.json") == Array(#"{"a":1}"#.utf8))
        #expect(try snapshot.value(named: "other.json") == nil)
        #expect(snapshot.count(ofArrayNamed: "tasks.json") == 50_000)
        #expect(snapshot.count(ofArrayNamed: "agents.json") == nil)
        var elements: [[UInt8]] = []
        try snapshot.forEachElement(ofArrayNamed: "tasks.json") { elements.append($0) }
        #expect(elements.count == 50_000)
        #expect(elements.last == Array(#"{"id":50000}"#.utf8))
        try snapshot.forEachElement(ofArrayNamed: "empty.json") { _ in
            Issue.record("an empty array has no element")
        }
        #expect(try !snapshot.forEachElement(ofArrayNamed: "other.json") { _ in })
    }

    @Test func `one that makes way for others has the same bytes`() throws {
        func write(_ sequence: UInt64, _ pace: SnapshotPace?) throws -> [UInt8] {
            _ = try SnapshotStore(directory).write(lastSequence: sequence, time: 0, pace: pace) {
                (writer) throws(StorageError) in
                try writer.writeArray(
                    (1...3000).lazy.map { number in
                        if number == 2000 { pace?.hurry() }
                        return Array(
                            #"{"id":\#(number),"text":"\#(String(repeating: "x", count: 900))"}"#
                                .utf8
                        )
                    },
                    named: "tasks.json"
                )
            }
            var bytes: [UInt8] = []
            try Restart(directory).snapshot?.forEachElement(ofArrayNamed: "tasks.json") {
                bytes += $0
            }
            return bytes
        }
        let fast = try write(5, nil)
        #expect(fast.count > 2_700_000)
        #expect(try write(6, SnapshotPace()) == fast)
    }

    @Test func `its files are JSON to others`() throws {
        _ = try writeSnapshot(5, in: directory)
        let tasks = try json("tasks.json") as? [[String: Int]]
        #expect(tasks == [["task": 1], ["task": 2], ["task": 3]])
        let manifest = try json("manifest.json") as? [String: Any]
        #expect(manifest?["version"] as? Int == 1)
        #expect(manifest?["lastSequence"] as? Int == 5)
        #expect(manifest?["createdAt"] as? String == "1970-01-01T00:00:00.000Z")
        let files = manifest?["files"] as? [[String: Any]]
        #expect(files?.map { $0["name"] as? String } == ["tasks.json", "sequence.json"])
        #expect(files?.first?["count"] as? Int == 3)
        let size = try contents(of: folder.snapshot(5) + "/tasks.json").count
        #expect(files?.first?["bytes"] as? Int == size)
    }

    private func json(_ name: String) throws -> Any {
        try JSONSerialization.jsonObject(
            with: Data(contents(of: "\(folder.snapshot(5))/\(name)")),
            options: .fragmentsAllowed
        )
    }

    @Test func `two are kept`() throws {
        #expect(try writeSnapshot(3, in: directory).olderSequence == nil)
        #expect(try writeSnapshot(5, in: directory).olderSequence == 3)
        #expect(try writeSnapshot(7, in: directory).olderSequence == 5)
        #expect(
            try folder.files(in: "snapshots")
                == ["00000000000000000005", "00000000000000000007"]
        )
    }

    @Test func `one that is there already is not written again`() throws {
        _ = try writeSnapshot(5, in: directory)
        let receipt = try SnapshotStore(directory).write(lastSequence: 5, time: 1) { _ in
            Issue.record("written again")
        }
        #expect(receipt.bytes == 0)
    }

    @Test func `one that fails leaves nothing behind`() throws {
        _ = try writeSnapshot(3, in: directory)
        let failure = StorageError.unavailable(reason: "full")
        #expect(throws: failure) {
            _ = try SnapshotStore(directory).write(lastSequence: 5, time: 1) {
                (writer) throws(StorageError) in
                try writer.writeValue([UInt8(ascii: "1")], named: "a.json")
                throw failure
            }
        }
        #expect(try folder.files(in: "snapshots") == ["00000000000000000003"])
        _ = try writeSnapshot(5, in: directory)
        #expect(try Restart(directory).snapshot?.lastSequence == 5)
    }

    @Test func `what a crash before the rename leaves is removed`() throws {
        _ = try writeSnapshot(3, in: directory)
        _ = try writeSnapshot(5, in: directory)
        try rename(folder.snapshot(5), to: folder.snapshot(5) + ".partial")
        let restart = try Restart(directory)
        #expect(restart.snapshot?.lastSequence == 3)
        #expect(restart.replayed == records(4...9))
        #expect(restart.recovery.warnings.isEmpty)
        #expect(try folder.files(in: "snapshots") == ["00000000000000000003"])
    }

    @Test(arguments: ["manifest.json", "tasks.json", "sequence.json"])
    func `one with any byte wrong is set aside and the previous one used`(name: String) throws {
        _ = try writeSnapshot(3, in: directory)
        _ = try writeSnapshot(5, in: directory)
        let path = folder.snapshot(5)
        let intact = try contents(of: "\(path)/\(name)")
        for index in intact.indices {
            for bit in 0..<8 {
                var damaged = intact
                damaged[index] ^= 1 << UInt8(bit)
                try write(damaged, to: "\(path)/\(name)")
                let restart = try Restart(directory)
                #expect(restart.snapshot?.lastSequence == 3, "byte \(index), bit \(bit)")
                #expect(restart.recovery.warnings.count == 1)
                #expect(restart.replayed == records(4...9))
                try rename(path + ".corrupt", to: path)
            }
        }
        try write(intact, to: "\(path)/\(name)")
        #expect(try Restart(directory).snapshot?.lastSequence == 5)
    }

    @Test(arguments: ["manifest.json", "tasks.json"])
    func `one with a file cut or missing is set aside`(name: String) throws {
        _ = try writeSnapshot(5, in: directory)
        let path = folder.snapshot(5)
        let intact = try contents(of: "\(path)/\(name)")
        for count in intact.indices {
            try write(Array(intact.prefix(count)), to: "\(path)/\(name)")
            #expect(try Restart(directory).snapshot == nil)
            try rename(path + ".corrupt", to: path)
        }
        try remove("\(path)/\(name)")
        #expect(try Restart(directory).snapshot == nil)
    }

    @Test func `one under another name is set aside`() throws {
        _ = try writeSnapshot(5, in: directory)
        try rename(folder.snapshot(5), to: folder.snapshot(6))
        #expect(try Restart(directory).snapshot == nil)
        #expect(try folder.files(in: "snapshots") == ["00000000000000000006.corrupt"])
    }

    @Test func `a second damaged one does not replace the first`() throws {
        for _ in 1...2 {
            _ = try writeSnapshot(5, in: directory)
            try write([], to: folder.snapshot(5) + "/tasks.json")
            #expect(try Restart(directory).snapshot == nil)
        }
        #expect(
            try folder.files(in: "snapshots")
                == ["00000000000000000005.corrupt", "00000000000000000005.corrupt.1"]
        )
    }

    @Test func `one of a later version is refused and left alone`() throws {
        let path = folder.snapshot(5)
        _ = try writeSnapshot(5, in: directory)
        // Made by an independent program: version 2, with a member that version 1 does not have.
        let manifest = #"{"version":2,"lastSequence":5,"new":true,"crc":"4add9932"}"# + "\n"
        try write(Array(manifest.utf8), to: path + "/manifest.json")
        let error = #expect(throws: StateDirectoryError.self) { _ = try Restart(directory) }
        #expect(error == .newerFormat(file: path + "/manifest.json", version: 2))
        #expect(error?.exitStatus == 78)
        #expect(try folder.files(in: "snapshots") == ["00000000000000000005"])
    }
}
