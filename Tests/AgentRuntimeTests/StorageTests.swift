import JSONRPC
import Journal
import Synchronization
import Testing

@testable import AgentRuntime

@Suite("A failing disk", .timeLimit(.minutes(1)))
struct StorageTests {
    private static let full = StorageError.unavailable(reason: "no space left on device")

    @Test func `a full disk refuses changes, answers reads and recovers by itself`() async throws {
        let hub = try RuntimeHarness()
        let id = try await hub.create()
        await hub.recorder.wait(for: .taskCompleted)
        hub.log.refuseReservations(Self.full)
        let error = try await #require(throws: RPCError.self) { try await hub.create() }
        #expect(error.code == .storageUnavailable)
        #expect(error.isTemporary)
        #expect(!hub.runtime.isStorageAvailable)
        #expect(try await hub.call(.getTask(id: id))["status"] == "completed")
        hub.log.refuseReservations(nil)
        await hub.untilStorageIsBack()

        _ = try await hub.create()
        await hub.recorder.wait(for: .taskCompleted, count: 2)
        await hub.stop()
    }

    @Test func `what was running while the disk was full completes afterwards`() async throws {
        let gate = Gate()
        let hub = try RuntimeHarness(
            agent: TestAgent { _, _ in
                await gate.wait()
                return [:]
            }
        )
        _ = try await hub.create()
        await hub.recorder.wait(for: .taskStarted)
        hub.log.refuseReservations(Self.full)
        _ = try? await hub.create()
        gate.open()
        hub.log.refuseReservations(nil)
        await hub.recorder.wait(for: .taskCompleted)

        await hub.stop()
    }

    @Test func `a refused batch is written again before anything is answered`() async throws {
        let hub = try RuntimeHarness()
        await hub.recorder.wait(for: .agentStarted)
        hub.log.fail(with: [Self.full, Self.full])
        let id = try await hub.create()

        let sequences = hub.log.records.map(\.sequence)
        #expect(sequences == (1...UInt64(sequences.count)).map { $0 })
        #expect(
            try await hub.call(.waitTask(id: id, timeout: .seconds(30)))["status"] == "completed"
        )
        #expect(hub.runtime.isStorageAvailable)
        await hub.stop()
    }

    @Test func `a lost disk is told once and nothing is acknowledged any more`() async throws {
        let hub = try RuntimeHarness()
        await hub.recorder.wait(for: .agentStarted)
        let count = hub.recorder.events.count
        hub.log.fail(with: [.failed(reason: "input/output error")])
        for _ in 0..<3 {
            let error = try await #require(throws: RPCError.self) { try await hub.create() }
            #expect(error.code == .storageUnavailable)
        }

        #expect(hub.fatal.all == ["input/output error"])
        #expect(hub.recorder.events.count == count)
        await hub.stop()
    }

    /// The events about storage, in order.
    private func outages(_ hub: RuntimeHarness) -> [Event] {
        hub.recorder.events.map(\.event).filter {
            $0.type == .systemDegraded || $0.type == .systemRecovered
        }
    }

    @Test(arguments: [true, false])
    func `an outage is told by events, at once if there is room for that`(
        hasRoom: Bool
    ) async throws {
        let hub = try RuntimeHarness()
        await hub.recorder.wait(for: .agentStarted)
        hub.log.refuseReservations(Self.full, hasRoom: hasRoom)
        for _ in 1...3 { _ = try? await hub.create() }
        if hasRoom { await hub.recorder.wait(for: .systemDegraded) }
        #expect(outages(hub).count == (hasRoom ? 1 : 0))
        hub.log.refuseReservations(nil)
        await hub.recorder.wait(for: .systemRecovered)
        let events = outages(hub)
        #expect(events.map(\.type) == [.systemDegraded, .systemRecovered])
        #expect(events.map(\.severity) == [.critical, .medium])
        guard case .systemDegraded(let reason, let since) = events.first?.change,
            case .systemRecovered(since, _) = events.last?.change
        else {
            Issue.record("the two do not belong together: \(events)")
            return
        }
        #expect(reason == "no space left on device")
        #expect(
            hub.storageChanges.all == [
                .degraded(reason: reason, since: since), .recovered(since: since),
            ]
        )
        await hub.stop()
    }

    @Test func `an outage that was met in a batch is told when it is over`() async throws {
        let hub = try RuntimeHarness()
        await hub.recorder.wait(for: .agentStarted)
        hub.log.fail(with: [Self.full, Self.full])
        _ = try await hub.create()
        await hub.recorder.wait(for: .systemRecovered)
        #expect(outages(hub).map(\.type) == [.systemDegraded, .systemRecovered])
        #expect(hub.storageChanges.all.count == 2)
        await hub.stop()
    }
}
