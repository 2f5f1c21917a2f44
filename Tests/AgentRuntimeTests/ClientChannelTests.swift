import HubCore
import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Journaled channels of clients")
struct ClientChannelTests {
    private func draft(
        _ number: Int,
        on channel: String = "app.a",
        birth: String = "b",
        size: Int = 0,
        limits: HistoryLimits = HistoryLimits(count: 100, bytes: 1 << 20)
    ) -> ClientPublicationDraft {
        let filler = String(repeating: "x", count: size)
        return ClientPublicationDraft(
            channel: channel,
            birth: birth,
            data: JSONText(Array("\"\(number)\(filler)\"".utf8)),
            publisher: JSONText(Array("{}".utf8)),
            key: nil,
            limits: limits
        )
    }

    private func hub(
        _ configuration: RuntimeConfiguration = RuntimeConfiguration()
    ) throws -> CoreHarness {
        try CoreHarness(configuration: configuration)
    }

    /// What a channel keeps, by its numbers.
    private func kept(_ hub: CoreHarness, _ channel: String = "app.a") -> [String] {
        let entries = hub.state.clientChannels[channel]?.entries ?? []
        return entries.map { String(decoding: $0.data.bytes, as: UTF8.self) }
    }

    @Test func `publications get consecutive offsets in an epoch of their channel`() throws {
        var hub = try hub()
        for offset in 1...3 {
            let answer = try hub.call(.publish(draft(offset)))
            #expect(answer["offset"] == .integer(offset))
            #expect(answer["epoch"] == "epoch.b")
        }
        #expect(try hub.call(.publish(draft(1, on: "app.b")))["offset"] == 1)
        #expect(kept(hub) == ["\"1\"", "\"2\"", "\"3\""])
        #expect(hub.recorded.last?.positions.map(\.channel) == ["app.b"])
    }

    @Test(
        arguments: [
            (HistoryLimits(count: 2, bytes: 1 << 20), ["\"4\"", "\"5\""]),
            (HistoryLimits(count: 0, bytes: 1 << 20), []),
            (HistoryLimits(count: 0, bytes: 1 << 20, keepsNewest: true), ["\"5\""]),
            (HistoryLimits(count: 100, bytes: 280), ["\"4\"", "\"5\""]),
            (HistoryLimits(count: 100, bytes: 1 << 20, milliseconds: 1_500), ["\"4\"", "\"5\""]),
        ]
    )
    func `a channel keeps what its namespace says`(
        limits: HistoryLimits,
        expected: [String]
    ) throws {
        var hub = try hub()
        for number in 1...5 {
            _ = try hub.call(.publish(draft(number, limits: limits)))
            hub.advance(.seconds(1))
        }
        #expect(kept(hub) == expected)
        #expect(hub.state.clientChannels["app.a"]?.offset == 5)
    }

    @Test func `an idempotency key is known in its channel only`() throws {
        var hub = try hub()
        let first = try hub.call(.publish(draft(1)), key: "k")
        #expect(try hub.call(.publish(draft(2)), key: "k") == first)
        #expect(try hub.call(.publish(draft(2)), user: "bob", key: "k")["offset"] == 2)
        #expect(try hub.call(.publish(draft(1, on: "app.b")), key: "k")["epoch"] == "epoch.b")
        #expect(kept(hub).count == 2)
    }

    @Test func `another birth begins the channel anew`() throws {
        var hub = try hub()
        for number in 1...3 { _ = try hub.call(.publish(draft(number))) }
        let answer = try hub.call(.publish(draft(9, birth: "c")))
        #expect(answer["offset"] == 1 && answer["epoch"] == "epoch.c")
        #expect(kept(hub) == ["\"9\""])
    }

    @Test func `there are not more channels than may be`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumClientChannels = 2
        var hub = try hub(configuration)
        for channel in ["app.a", "app.b"] { _ = try hub.call(.publish(draft(1, on: channel))) }
        #expect(hub.refusal(of: .publish(draft(1, on: "app.c")))?.code == ErrorCode.busy)
        #expect(hub.refusal(of: .publish(draft(2, on: "app.b"))) == nil)
        _ = try hub.call(.forgetChannels(["app.a", "app.unknown"]))
        #expect(hub.refusal(of: .publish(draft(1, on: "app.c"))) == nil)
        #expect(hub.state.clientChannels["app.a"] == nil)
    }

    @Test func `together they keep within the budget, the largest giving way`() throws {
        var configuration = RuntimeConfiguration()
        configuration.maximumClientBytes = 10_000
        var hub = try hub(configuration)
        _ = try hub.call(.publish(draft(1, on: "app.small")))
        for number in 1...100 {
            _ = try hub.call(.publish(draft(number, size: 500)))
            #expect(hub.state.clientChannels.bytes <= 10_000)
        }
        #expect(kept(hub, "app.small") == ["\"1\""])
        #expect(kept(hub).count > 5)
        #expect(hub.state.clientChannels["app.a"]?.offset == 100)
    }

    @Test func `a snapshot holds what they keep`() throws {
        var hub = try hub()
        let limits = HistoryLimits(count: 2, bytes: 1 << 20)
        for number in 1...5 { _ = try hub.call(.publish(draft(number, limits: limits))) }
        _ = try hub.call(.publish(draft(1, on: "app.none", limits: .init(count: 0, bytes: 4096))))
        var read = ClientChannels()
        var channel = ""
        var document = JSONDocument()
        for element in hub.state.clientChannels.stored() {
            try read.adopt(stored: document.read(element), channel: &channel)
        }
        #expect(read == hub.state.clientChannels)
        #expect(read.bytes == hub.state.clientChannels.bytes)
    }

    @Test func `publishing is refused while the hub stops`() throws {
        var hub = try hub()
        hub.core.drain(at: hub.now, announcing: false)
        #expect(hub.refusal(of: .publish(draft(1)))?.code == ErrorCode.busy)
    }
}
