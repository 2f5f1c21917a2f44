import AgentRuntime
import HubCore
import Testing

@testable import HubServer

@Suite("Channels of the runtime")
struct ChannelObserverTests {
    private let registry = ChannelRegistry(capacity: 10, feedCapacity: 10)

    private func observer(keeping count: Int) -> ChannelObserver {
        let limits = HistoryLimits(count: count, bytes: 1 << 20)
        let observer = ChannelObserver(registry: registry, limits: limits) { _, _ in }
        observer.open(positions: [:], epoch: "e", history: [])
        return observer
    }

    private func event(ofTask id: String, offset: UInt64) -> RecordedEvent {
        let event = Event(
            id: "\(id)-\(offset)",
            sequence: offset,
            agentID: "worker",
            timestamp: Timestamp(millisecondsSince1970: 0),
            source: "runtime",
            severity: .low,
            correlationID: "c",
            taskID: id,
            change: .taskProgress(percent: 1, message: nil, attempt: 1)
        )
        return RecordedEvent(
            event: event,
            json: event.encoded(),
            positions: [.init(channel: "tasks.\(id)", offset: offset)]
        )
    }

    @Test func `the channel of a task goes on behind what is kept of its past`() throws {
        let observer = observer(keeping: 10)
        observer.observe([event(ofTask: "a", offset: 6)])
        let channel = try #require(observer.open(task: "tasks.a", at: 5))

        #expect(channel.position == StreamPosition(epoch: "e", offset: 6))
    }

    @Test func `the channel of a task stands where its events do, though none is kept`() throws {
        let observer = observer(keeping: 1)
        // Whoever asks for the channel was answered at 5, and the rest was decided with that.
        observer.observe([event(ofTask: "a", offset: 6), event(ofTask: "b", offset: 1)])
        let channel = try #require(observer.open(task: "tasks.a", at: 5))
        #expect(channel.position == StreamPosition(epoch: "e", offset: 6))

        observer.observe([event(ofTask: "a", offset: 7)])
        #expect(channel.position.offset == 7)
    }
}
