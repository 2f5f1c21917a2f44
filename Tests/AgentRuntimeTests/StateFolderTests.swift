import Foundation
import HubCore
import JSONRPC
import Journal
import Synchronization
import Testing

@testable import AgentRuntime

@Suite("State folder", .timeLimit(.minutes(1)))
struct StateFolderTests {
    /// One life of a hub in `path`.
    private func open(
        _ path: String,
        recorder: Recorder,
        snapshots: Bool = true,
        configuration: RuntimeConfiguration = RuntimeConfiguration()
    ) throws -> (runtime: Runtime, history: [RecordedEvent], recovered: RecoveredState) {
        let directory = try StateDirectory(path: path)
        var history: [RecordedEvent] = []
        let (recovered, recovery) = try RecoveredState.read(directory) { history.append($0) }
        let storage = try Runtime.openStorage(
            directory,
            resuming: recovery,
            clock: { Moment.now().wall.millisecondsSince1970 }
        )
        let runtime = try Runtime(
            recovered: recovered,
            agents: [TestAgent { task, _ in ["n": task.payload["n"] ?? nil] }],
            configuration: configuration,
            log: storage.log,
            snapshots: snapshots ? storage.snapshots : MemorySnapshots(),
            observers: [recorder],
            clock: Moment.now,
            onFatal: { _ in }
        )
        return (runtime, history, recovered)
    }

    private func stop(_ runtime: Runtime) async {
        await withCheckedContinuation { continuation in
            runtime.stop { continuation.resume() }
        }
    }

    @Test(arguments: [true, false])
    func `everything is there after a restart, also without a snapshot`(
        hasSnapshot: Bool
    ) async throws {
        let path = NSTemporaryDirectory() + "omnihub-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recorder = Recorder()
        var runtime: Runtime? = try open(path, recorder: recorder, snapshots: hasSnapshot).runtime
        let epoch = runtime?.epoch
        runtime?.start()
        let params: JSONValue = ["type": "worker.work", "payload": ["n": 7]]
        let task = try #require(
            try await runtime?.call(.createTask(params: params), key: "k")
        )
        let id = try #require(task["id"]?.stringValue)
        _ = try await runtime?.call(.waitTask(id: id, timeout: .seconds(30)))
        if let runtime { await stop(runtime) }
        runtime = nil

        let later = Recorder()
        let next = try open(path, recorder: later)
        #expect(next.history == recorder.events)
        #expect(next.runtime.epoch == epoch)
        #expect(next.recovered.offset(of: "tasks") == 3)
        #expect(next.recovered.offset(of: "tasks.\(id)") == 3)
        next.runtime.start()
        let again = try await next.runtime.call(.createTask(params: params), key: "k")
        #expect(again == task)
        #expect(try await next.runtime.call(.taskResult(id: id))["result"] == ["n": 7])
        let places = (recorder.events + later.events).flatMap(\.positions)
        let offsets = places.filter { $0.channel == "system" }.map(\.offset)
        #expect(offsets == (1...UInt64(offsets.count)).map { $0 })
        await stop(next.runtime)
    }

    @Test func `lives that are too short for a snapshot come to one together`() async throws {
        let path = NSTemporaryDirectory() + "omnihub-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: path) }
        var configuration = RuntimeConfiguration()
        configuration.snapshotAfterEvents = 30
        for _ in 1...2 {
            let recorder = Recorder()
            // As if it were killed: no snapshot at its end.
            let life = try open(
                path,
                recorder: recorder,
                snapshots: false,
                configuration: configuration
            )
            life.runtime.start()
            for _ in 1...4 {
                _ = try await life.runtime.call(
                    .createTask(params: ["type": "worker.work", "payload": ["n": 1]])
                )
            }
            await recorder.wait(for: .taskCompleted, count: 4)
            await stop(life.runtime)
        }
        let recorder = Recorder()
        let last = try open(path, recorder: recorder, configuration: configuration)
        #expect(last.recovered.eventsSinceSnapshot >= 30)
        last.runtime.start()
        await recorder.wait(for: .systemSnapshot)
        await stop(last.runtime)
    }
}
