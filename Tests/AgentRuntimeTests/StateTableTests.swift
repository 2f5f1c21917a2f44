import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Tables of the state")
struct StateTableTests {
    @Test(arguments: [
        "01a21849-1748-72ce-8cea-ee20d811cd0d", "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "01A21849-1748-72CE-8CEA-EE20D811CD0D", "01a21849-1748-72ce-8cea-ee20d811cd0g",
        "01a21849117480-2ce-8cea-ee20d811cd0d", "01a21849-1748-72ce-8cea-ee20d811cd0", "", "a",
        "01a21849-1748-72ce-8cea-ee20d811cdé",
    ])
    func `an id gives back the text that it was made of`(text: String) {
        #expect(Identifier(text).text == text)
        #expect(Identifier(text) == Identifier(text))
    }

    @Test func `only a UUID in lower case is kept in few bytes`() {
        let id = "01a21849-1748-72ce-8cea-ee20d811cd0d"
        #expect(
            Identifier(id) == .uuid(high: 0x01a2_1849_1748_72ce, low: 0x8cea_ee20_d811_cd0d)
        )
        #expect(Identifier(id.uppercased()) == .text(id.uppercased()))
        #expect(MemoryLayout<TaskRecord>.stride <= 112)
    }

    @Test(arguments: [1, 128, 129, 5000])
    func `a table holds what a dictionary holds`(count: Int) {
        var table = ShardedTable<Int, String>()
        var dictionary: [Int: String] = [:]
        var random = SplitMix64(seed: UInt64(count))
        for _ in 0..<count * 3 {
            let key = Int(random.next() % UInt64(count))
            let value = random.next() % 4 == 0 ? nil : String(random.next())
            table[key] = value
            dictionary[key] = value
        }

        #expect(table.count == dictionary.count)
        #expect(Set(table.keys) == Set(dictionary.keys))
        #expect(dictionary.allSatisfy { table[$0.key] == $0.value && table.contains($0.key) })
        #expect(Dictionary(uniqueKeysWithValues: table.entries.map { ($0, $1) }) == dictionary)
    }

    @Test func `tables are equal by their entries, whatever they held before`() {
        var small = ShardedTable<Int, Int>()
        var large = ShardedTable<Int, Int>()
        for number in 0..<1000 { large[number] = number }
        for number in 10..<1000 { large[number] = nil }
        for number in 0..<10 { small[number] = number }
        #expect(small == large && large == small)
        small[3] = 4
        #expect(small != large)
        small[3] = nil
        #expect(small != large && large != small)
    }

    @Test func `a copy of a table does not change with it`() {
        var table = ShardedTable<Int, Int>()
        for number in 0..<1000 { table[number] = number }
        let copy = table
        for number in 0..<1000 { table[number] = number % 2 == 0 ? nil : 0 }

        #expect(copy.count == 1000 && (0..<1000).allSatisfy { copy[$0] == $0 })
        #expect(table.count == 500)
    }

    @Test func `a queue gives back what was put in, in order`() {
        var queue = FIFO<Int>()
        var model: [Int] = []
        var random = SplitMix64(seed: 7)
        for number in 0..<20_000 {
            if random.next() % 5 < 3 {
                queue.append(number)
                model.append(number)
            } else {
                #expect(queue.popFirst() == model.first)
                model.removeFirst(min(1, model.count))
            }
            if number == 10_000 {
                queue.filter { $0 % 3 != 0 }
                model.removeAll { $0 % 3 == 0 }
            }
        }

        #expect(queue.count == model.count && queue.first == model.first)
        #expect((0..<queue.count).map { queue[$0] } == model)
        while queue.popFirst() != nil {}
        #expect(queue.isEmpty && queue.first == nil)
    }
}

@Suite("Reading JSON of ours")
struct JSONReaderTests {
    private let text =
        #"{"name":"n","list":[{"a":1},{"a":2,"long name of a member":{"b":"x"}}],"n":18446744073709551615}"#

    @Test func `members are found by name, and elements in order`() throws {
        let reader = try JSONReader(parsing: Array(text.utf8))
        let elements = try reader.elements("list")

        #expect(try reader.string("name") == "n")
        #expect(try reader.unsigned("n") == .max)
        #expect(try elements.map { try $0.integer("a") } == [1, 2])
        #expect(try elements[1].member("long name of a member").string("b") == "x")
        #expect(!reader.has("a") && !reader.has("b") && !reader.has("long name of a membes"))
        #expect(reader.size(of: "name") == 3)
    }

    @Test func `what is wrong is told with its place`() throws {
        let elements = try JSONReader(parsing: Array(text.utf8)).elements("list")
        let error = #expect(throws: StateDecodingError.self) {
            try elements[1].member("long name of a member").integer("b")
        }
        #expect(error?.path == "/list/1/long name of a member/b")
        #expect(throws: StateDecodingError.self) { try elements[0].string("a") }
    }

    @Test(arguments: ["", "{", #"{"a":1,"a":2}"#, #"{"a":\u{1}}"#, "[1,]", "{} {}"])
    func `what is not JSON is refused`(text: String) {
        #expect(throws: StateDecodingError.self) { try JSONReader(parsing: Array(text.utf8)) }
    }
}

@Suite("Places of an event")
struct EventPlacesTests {
    private func event(agentID: String = "worker", taskID: String? = "t-1") -> Event {
        Event(
            id: "e",
            sequence: 1,
            agentID: agentID,
            timestamp: Timestamp(millisecondsSince1970: 1),
            source: "runtime",
            severity: .low,
            correlationID: "c",
            taskID: taskID,
            change: .agentStarted
        )
    }

    @Test(arguments: [
        (#"{"positions":{"tasks":12,"tasks.t-1":3,"agents.worker":4},"event":{}}"#, true),
        (#"{"positions":{"tasks":12,"tasks.t-1":3,"agents.worker":5},"event":{}}"#, false),
        (#"{"positions":{"tasks":12,"tasks.t-2":3,"agents.worker":4},"event":{}}"#, false),
        (#"{"positions":{"tasks":12,"tasks.t-1":3},"event":{}}"#, false),
        (#"{"positions":{"tasks":12,"tasks.t-1":3,"agents.worker":4,"x":1}}"#, false),
        (#"{"positions":{"tasks":12,"tasks.t-1":3,"agents.worker":"#, false), ("", false),
    ])
    func `are compared with what a record says`(body: String, isEqual: Bool) {
        let places = EventPlaces(topic: .task, offset: 12, taskOffset: 3, agentOffset: 4)
        let bytes = Array(body.utf8)
        let isWritten = places.areWritten(in: bytes.span, of: event())
        #expect(isWritten == isEqual)
        #expect(
            places.list(of: event()) == [
                .init(channel: "tasks", offset: 12), .init(channel: "tasks.t-1", offset: 3),
                .init(channel: "agents.worker", offset: 4),
            ]
        )
    }

    @Test func `an event that is in no channel has none`() {
        let bytes = Array(#"{"positions":{},"event":{}}"#.utf8)
        let places = EventPlaces(topic: .none)
        let isWritten = places.areWritten(in: bytes.span, of: event())
        #expect(isWritten)
        #expect(places.list(of: event()).isEmpty)
    }
}
