import Journal
import Testing

@Suite("Format of the state folder")
struct StateFormatTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var file: String { "\(folder.state)/format.json" }

    @Test func `the writer marks the folder before its first record`() throws {
        try appendAll([], to: folder)
        let text = String(decoding: try contents(of: file), as: UTF8.self)
        #expect(text == #"{"format":"omnihub state","version":2}"# + "\n")
    }

    @Test func `reading alone does not mark it`() throws {
        _ = try Restart(folder)
        #expect(throws: (any Error).self) { try contents(of: file) }
    }

    @Test func `a folder of the first version goes on as one of this`() throws {
        _ = try StateDirectory(path: folder.state)
        try write(
            Array(
                (#"{"seq":1,"crc":"d303c642","time":"2025-11-23T09:12:00.123Z","#
                    + #""event":{"type":"task.created","id":7}}"# + "\n").utf8
            ),
            to: folder.segment(1)
        )
        try appendAll(records(2...3), to: folder)
        #expect(try Restart(folder).replayed.map(\.sequence) == [1, 2, 3])
        #expect(try contents(of: file).isEmpty == false)
    }

    @Test(arguments: [3, 4, 1_000])
    func `a later version is refused and left alone`(version: Int) throws {
        try appendAll(records(1...3), to: folder)
        let segment = try contents(of: folder.segment(1))
        let text = Array(#"{"format":"omnihub state","version":\#(version),"more":{}}"#.utf8)
        try write(text, to: file)
        let expected = StateDirectoryError.newerFormat(file: file, version: UInt64(version))
        #expect(throws: expected) { _ = try Restart(folder) }
        #expect(expected.exitStatus == 78)
        #expect(try contents(of: file) == text)
        #expect(try contents(of: folder.segment(1)) == segment)
    }

    @Test(arguments: [
        "", "{}", #"{"format":"omnihub state","version":1}"#,
        #"{"format":"omnihub state","version":2}"#, "\0\0\0",
    ])
    func `a file that does not tell a version is refused`(text: String) throws {
        try appendAll(records(1...3), to: folder)
        try write(Array(text.utf8), to: file)
        #expect { _ = try Restart(folder) } throws: { error in
            (error as? StateDirectoryError)?.exitStatus == 78
        }
    }
}
