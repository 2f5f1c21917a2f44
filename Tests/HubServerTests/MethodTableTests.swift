import HubCore
import JSONRPC
import Testing

@testable import HubServer

@Suite("Method table")
struct MethodTableTests {
    let table: MethodTable

    init() throws {
        table = try MethodTable()
    }

    @Test func `every method is found by its name and no other is`() {
        #expect(Set(table.methods.map(\.name)).count == table.methods.count)
        for (index, method) in table.methods.enumerated() {
            let name = Array(method.name.utf8)
            #expect(find(name) == index)
            #expect(find(name + [0x20]) == nil)
            #expect(find(name.dropLast()) == nil)
            #expect(find(name.map { $0 ^ 0x20 }) == nil)
        }
        #expect(find([]) == nil)
    }

    @Test func `the OpenRPC document has every method and names required params`() {
        let methods = table.openRPC["methods"]?.arrayValue ?? []
        #expect(methods.compactMap { $0["name"]?.stringValue } == table.methods.map(\.name))
        let publish = methods.first { $0["name"] == "hub.publish" }
        let required = publish?["params"]?.arrayValue?.filter { $0["required"] == true }
        #expect(required?.compactMap { $0["name"]?.stringValue } == ["channel", "data"])
    }

    private func find(_ name: [UInt8]) -> Int? { table.index(of: name.span) }
}

@Suite("Channel kind")
struct ChannelKindTests {
    @Test(
        arguments: [
            ("app.a", .client), ("app.a.b.c", .client), ("app", .unknown),
            ("tasks", .collection), ("agents", .collection), ("system", .collection),
            ("tasks.1", .task("1")), ("agents.content", .agent("content")),
            ("tasks.1.2", .unknown), ("system.x", .unknown), ("other", .unknown),
        ] as [(String, ChannelKind)]
    )
    func `follows from the name`(name: String, kind: ChannelKind) {
        #expect(ChannelKind(name) == kind)
    }
}

@Suite("Idempotency table")
struct IdempotencyTableTests {
    @Test func `answers the same to the same user, channel and key for a day`() {
        let table = IdempotencyTable(capacity: 10)
        let day: UInt64 = 24 * 3_600 * 1_000
        let position = StreamPosition(epoch: "e", offset: 3)
        table.insert(position, "u", "app.a", "k", now: 5)
        #expect(table.position("u", "app.a", "k", now: 5 + day - 1) == position)
        #expect(table.position("u", "app.a", "k", now: 5 + day) == nil)
        #expect(table.position("v", "app.a", "k", now: 5) == nil)
        #expect(table.position("u", "app.b", "k", now: 5) == nil)
    }

    @Test func `forgets the oldest beyond its capacity`() {
        let table = IdempotencyTable(capacity: 3)
        for number in 1...5_000 {
            let position = StreamPosition(epoch: "e", offset: UInt64(number))
            table.insert(position, "u", "app.a", "\(number)", now: 0)
        }
        #expect(table.position("u", "app.a", "4997", now: 0) == nil)
        #expect(table.position("u", "app.a", "4998", now: 0)?.offset == 4998)
    }
}
