import EventLoops
import HTTPProtocol
import Testing
import WebSocketProtocol

@testable import Transport

@Suite("A connection whose kernel takes no more")
struct WritableTests {
    /// A transport with one open WebSocket, and the client's end of it.
    private struct Scene: ~Copyable {
        var transport: ServerTransport
        let client: OutgoingSocket
        let id: ConnectionID

        /// Whether the owner is told before so many ticks have ended.
        mutating func isToldToGoOn(within ticks: Int) -> Bool {
            var ended = 0
            while ended < ticks {
                switch transport.nextEvent() {
                case .writable(id): return true
                case .tickEnded: ended += 1
                default: break
                }
            }
            return false
        }

        func readAll() {
            var buffer = [UInt8](repeating: 0, count: 1 << 20)
            while case .bytes = client.receive(into: &buffer) {}
        }
    }

    private func open(_ name: String) throws -> Scene {
        let address = SocketAddress.unix(try #require(UnixSocketPath("@omnihub-test-\(name)")))
        let listener = try ListeningSocket(address)
        var transport = try ServerTransport(
            configuration: TransportConfiguration(),
            acceptor: Acceptor(listeners: [listener], loopCount: 1),
            endpoint: LoopEndpoint()
        )
        let client = try OutgoingSocket(connectingTo: address)
        let key = [UInt8](repeating: 7, count: 16)
        var request: [UInt8] = []
        ClientHandshake(host: "localhost", target: "/", key: key).request.encode(into: &request)
        let sent = client.send(request[...])
        #expect(sent == .bytes(request.count))
        while true {
            guard case .request(let id) = transport.nextEvent() else { continue }
            let acceptance = try ServerHandshake().respond(to: transport.request)
            transport.upgrade(id, acceptance.response)
            transport.maySleep = false
            return Scene(transport: transport, client: client, id: id)
        }
    }

    private let frames = [UInt8](repeating: 1, count: 4 << 20)

    @Test func `its owner is told when the peer has read`() throws {
        var scene = try open("writable")
        let written = frames.withUnsafeBytes { scene.transport.sendFrames($0, to: scene.id) }
        #expect(written < frames.count)
        let isToldBefore = scene.isToldToGoOn(within: 3)
        #expect(!isToldBefore)
        scene.readAll()
        let isTold = scene.isToldToGoOn(within: 3)
        #expect(isTold)
    }

    @Test func `its owner is told, although other output was to go out in the same tick`() throws {
        var scene = try open("writable-dirty")
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
