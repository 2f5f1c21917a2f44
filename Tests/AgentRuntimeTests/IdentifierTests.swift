import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Identifier")
struct IdentifierTests {
    private static let uuid = "01a2081d-4bea-7b36-b27b-6002b8d2b59d"

    private func written(_ id: Identifier) -> String {
        var writer = JSONWriter()
        writer.identifier(id)
        return String(decoding: writer.takeBytes(), as: UTF8.self)
    }

    @Test(arguments: [uuid, uuid.uppercased(), "", "alice", "a\"b", String(uuid.dropLast())])
    func `is the text that it was made of`(text: String) throws {
        let id = Identifier(text)
        #expect(id.text == text)
        #expect(try JSONValue(parsing: Array(written(id).utf8)) == .string(text))
    }

    @Test func `of ours differ, and sort by the time of their making`() {
        var random = BufferedRandom()
        let ids = (0..<1_000).map { number in
            UUIDv7.make(at: Timestamp(millisecondsSince1970: 1_000 + number), using: &random)
        }
        #expect(Set(ids).count == ids.count)
        #expect(ids == ids.sorted())
        #expect(Set(ids.map { $0.suffix(12) }).count == ids.count)
    }

    @Test func `of a hash is its digits`() {
        let digest = SHA256Digest(of: Array("abc".utf8))
        var bytes: [UInt8] = []
        digest.append(to: &bytes)
        // FIPS 180-4, example 1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        #expect(String(decoding: bytes, as: UTF8.self) == expected)
        #expect(digest.description == expected)
    }

    @Test(arguments: [Int64.min, -1, 0, 1_763_889_120_123, 253_402_300_799_999, Int64.max])
    func `of a moment are the same characters in JSON`(milliseconds: Int64) {
        let moment = Timestamp(millisecondsSince1970: milliseconds)
        var bytes: [UInt8] = []
        moment.append(to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == moment.description)
    }
}
