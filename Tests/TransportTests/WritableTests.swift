import EventLoops
import Testing

@testable import Transport

@Suite("A connection whose kernel takes no more")
struct WritableTests {
    private let frames = [UInt8](repeating: 1, count: 4 << 20)

    @Test func `its owner is told when the peer has read`() throws {
        var scene = try OpenWebSocket("writable")
        let written = frames.withUnsafeBytes { scene.transport.sendFrames($0, to: scene.id) }
        #expect(written < frames.count)
        let isToldBefore = scene.isToldToGoOn(within: 3)
        #expect(!isToldBefore)
        scene.readAll()
        let isTold = scene.isToldToGoOn(within: 3)
        #expect(isTold)
    }

    @Test func `its owner is told, although other output was to go out in the same tick`() throws {
        var scene = try OpenWebSocket("writable-dirty")
        let isGathered = frames.withUnsafeBytes {
            scene.transport.gatherFrames(.init(rebasing: $0[..<10]), to: scene.id)
        }
        #expect(isGathered)
        let written = frames.withUnsafeBytes { scene.transport.sendFrames($0, to: scene.id) }
        #expect(written < frames.count)
        frames.withUnsafeBytes { scene.transport.queue(.init(rebasing: $0[..<10]), to: scene.id) }
        // What waits could go out now, and nobody but the poller would notice.
        scene.readAll()
        let isTold = scene.isToldToGoOn(within: 3)
        #expect(isTold)
    }
}
