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
            let shorter = method.name.dropLast()
            #expect(find(name.dropLast()) == table.methods.firstIndex { $0.name == shorter })
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
            ("audit", .audit), ("audit.x", .unknown),
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
    @Test func `answers the same to the same user, channel and key for a day`() throws {
        let table = IdempotencyTable(capacity: 10)
        let day: UInt64 = 24 * 3_600 * 1_000
        #expect(try publish("u", "app.a", "k", in: table, at: 5, offset: 3) == 3)
        #expect(try publish("u", "app.a", "k", in: table, at: 5 + day - 1, offset: 4) == 3)
        #expect(try publish("v", "app.a", "k", in: table, at: 5, offset: 5) == 5)
        #expect(try publish("u", "app.b", "k", in: table, at: 5, offset: 6) == 6)
        #expect(try publish("u", "app.a", "k", in: table, at: 5 + day, offset: 7) == 7)
    }

    @Test func `forgets the oldest beyond its capacity`() throws {
        let table = IdempotencyTable(capacity: 3)
        for number in 1...5_000 {
            _ = try publish("u", "app.a", "\(number)", in: table, offset: UInt64(number))
        }
        #expect(try publish("u", "app.a", "4998", in: table, offset: 0) == 4998)
        #expect(try publish("u", "app.a", "4997", in: table, offset: 0) == 0)
    }

    @Test func `remembers nothing of a publication that failed`() throws {
        let table = IdempotencyTable(capacity: 3)
        #expect(throws: RPCError.self) {
            try table.position("u", "app.a", "k", now: 0) { () throws(RPCError) in
                throw .busy("full")
            }
        }
        #expect(try publish("u", "app.a", "k", in: table, offset: 1) == 1)
    }

    /// Publishes under a key; the publication gets `offset` if it is the first one.
    private func publish(
        _ user: String,
        _ channel: String,
        _ key: String,
        in table: IdempotencyTable,
        at now: UInt64 = 0,
        offset: UInt64
    ) throws -> UInt64 {
        try table.position(user, channel, key, now: now) { () throws(RPCError) in
            StreamPosition(epoch: "e", offset: offset)
        }.offset
    }
}
