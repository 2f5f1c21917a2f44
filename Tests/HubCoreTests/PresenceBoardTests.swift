import Foundation
import HubCore
import Synchronization
import Testing

@Suite("Presence board")
struct PresenceBoardTests {
    /// What was told, and a thread that makes a change while another change is told of.
    private final class Observer: Sendable {
        private let changes = Mutex<[PresenceChange]>([])
        private let rival = Mutex<(@Sendable () -> Void)?>(nil)
        private let begun = DispatchSemaphore(value: 0)
        private let ended = DispatchSemaphore(value: 0)

        var told: [PresenceChange] { changes.withLock { $0 } }

        /// Has `change` made by another thread, begun within the next telling.
        func race(_ change: @escaping @Sendable () -> Void) {
            rival.withLock { $0 = change }
        }

        func awaitRival() { ended.wait() }

        func note(_ change: PresenceChange) {
            if let rival = rival.withLock({ $0.take() }) {
                Thread.detachNewThread {
                    self.begun.signal()
                    rival()
                    self.ended.signal()
                }
                begun.wait()
                // All the time that the other thread needs, if nothing holds it.
                for _ in 0..<2_000 { sched_yield() }
            }
            changes.withLock { $0.append(change) }
        }
    }

    private let observer = Observer()
    private let board: PresenceBoard

    init() {
        let observer = observer
        board = PresenceBoard(PresenceTable(capacity: 10, grace: 100)) { observer.note($0) }
    }

    private func join(_ session: String, watches: Bool = false) throws {
        let member = PresenceMember(id: session, userID: nil, info: nil, joinedAt: 0)
        try board.join("app.x", session: session, as: member, watches: watches)
    }

    private func leave(_ session: String) {
        board.leave("app.x", session: session, watched: false, isLost: false, now: 0)
    }

    private var story: [String] { observer.told.map { "\($0.member.id) \($0.action)" } }

    @Test func `who leaves while its coming is told of is told to have come first`() throws {
        try join("watcher", watches: true)
        let board = board
        observer.race {
            board.leave("app.x", session: "guest", watched: false, isLost: false, now: 0)
        }
        try join("guest")
        observer.awaitRival()
        #expect(story == ["watcher join", "guest join", "guest leave"])
        #expect(board.memberCount == 1)
    }

    @Test func `what a member says of itself is told in order`() throws {
        try join("watcher", watches: true)
        try join("guest")
        let board = board
        observer.race { _ = board.update("app.x", session: "guest", info: [UInt8(ascii: "2")]) }
        #expect(board.update("app.x", session: "guest", info: [UInt8(ascii: "1")]))
        observer.awaitRival()
        let said = observer.told.suffix(2).map(\.member.info)
        #expect(said == [[UInt8(ascii: "1")], [UInt8(ascii: "2")]])
        let newest = board.members(of: "app.x", after: nil, limit: 10).members.first?.info
        #expect(newest == [UInt8(ascii: "2")])
    }

    @Test func `what nobody watches is not told of`() throws {
        try join("guest")
        leave("guest")
        #expect(story.isEmpty)
        #expect(board.memberCount == 0)
    }
}
