import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Retention")
struct RetentionTests {
    @Test func `final tasks go after a day, dead ones after a week`() throws {
        var hub = try CoreHarness()
        let completed = try hub.create()
        hub.end(completed)
        let dead = try hub.create("worker.work", ["maxAttempts": 1])
        hub.end(dead, .stopped)
        let waiting = try hub.create("worker.work", ["runAt": "2030-01-01T00:00:00Z"])
        hub.advance(.seconds(24 * 3600 + 1))
        hub.end(try hub.create())
        #expect(hub.state.tasks[completed] == nil)
        #expect(hub.state.tasks[dead] != nil)
        hub.advance(.seconds(6 * 24 * 3600))
        hub.end(try hub.create())

        #expect(hub.state.tasks[dead] == nil)
        #expect(hub.state.tasks[waiting] != nil)
        #expect(hub.refusal(of: .getTask(id: completed))?.code == .notFound)
    }

    @Test func `only so many are kept, those that ended first go first`() throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 3
        var hub = try CoreHarness(configuration: configuration)
        let ids = try (0..<4).map { _ in try hub.create() }
        for id in ids.reversed() { hub.end(id) }
        #expect(Set(hub.state.tasks.keys.map(\.text)) == Set(ids[0..<3]))
        for _ in 0..<300 { hub.end(try hub.create()) }

        #expect(hub.state.tasks.count == 3)
        #expect(hub.state.finished.count == 3)
        #expect(hub.state.order.entries.count < 100)
    }

    @Test func `only so many bytes are kept`() throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumBytes = 10_000
        var hub = try CoreHarness(configuration: configuration)
        for _ in 0..<50 {
            let id = try hub.create()
            hub.end(id, .completed(JSONText([UInt8](repeating: UInt8(ascii: "7"), count: 2000))))
        }

        #expect(hub.state.finished.bytes <= 10_000)
        #expect((1...4).contains(hub.state.tasks.count))
    }

    @Test func `a task that was put back is not forgotten while it waits`() throws {
        var configuration = RuntimeConfiguration()
        configuration.retention.maximumCount = 1
        var hub = try CoreHarness(configuration: configuration)
        let id = try hub.create("worker.once")
        hub.end(id, .stopped)
        _ = try hub.call(.controlAgent(id: "worker", .pause))
        _ = try hub.call(.retryTask(id: id))
        hub.advance(.seconds(48 * 3600))
        for _ in 0..<3 { _ = try hub.call(.cancelTask(id: try hub.create())) }

        #expect(try hub.state.task(id).status == .pending)
        #expect(hub.state.tasks.count == 2)
        #expect(hub.state.finished.count == 1)
    }
}
