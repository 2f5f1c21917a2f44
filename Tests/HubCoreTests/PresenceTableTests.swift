import HubCore
import Testing

@Suite("Presence table")
struct PresenceTableTests {
    private func member(_ id: String, info: String? = nil) -> PresenceMember {
        PresenceMember(id: id, userID: "u", info: info.map { Array($0.utf8) }, joinedAt: 1)
    }

    /// A table in which session "w" watches "app.x".
    private func watched(capacity: Int = 10) throws -> PresenceTable {
        var table = PresenceTable(capacity: capacity, grace: 100)
        _ = try table.join("app.x", session: "w", as: member("w"), watches: true)
        return table
    }

    private func ids(_ table: PresenceTable) -> [String] {
        table.members(of: "app.x", after: nil, limit: 100).members.map(\.id)
    }

    @Test func `who comes and goes is told`() throws {
        var table = try watched()
        let joined = try table.join("app.x", session: "s", as: member("s"), watches: false)
        #expect(joined == PresenceChange("app.x", .join, member("s")))
        #expect(ids(table) == ["s", "w"])
        let left = table.leave("app.x", session: "s", watched: false, isLost: false, now: 0)
        #expect(left == PresenceChange("app.x", .leave, member("s")))
        #expect(ids(table) == ["w"])
        #expect(table.memberCount == 1)
    }

    @Test func `nothing is told where nobody watches`() throws {
        var table = PresenceTable(capacity: 10, grace: 100)
        #expect(try table.join("app.x", session: "s", as: member("s"), watches: false) == nil)
        #expect(table.update("app.x", session: "s", info: [1]).change == nil)
        #expect(table.leave("app.x", session: "s", watched: false, isLost: false, now: 0) == nil)
    }

    @Test func `a member that comes back within the grace period makes no noise`() throws {
        var table = try watched()
        _ = try table.join("app.x", session: "s1", as: member("alice"), watches: false)
        #expect(table.leave("app.x", session: "s1", watched: false, isLost: true, now: 50) == nil)
        #expect(ids(table) == ["alice", "w"])
        #expect(table.expire(now: 149).isEmpty)
        #expect(try table.join("app.x", session: "s2", as: member("alice"), watches: false) == nil)
        #expect(table.expire(now: 1_000).isEmpty)
        #expect(ids(table) == ["alice", "w"])
    }

    @Test func `a member that does not come back leaves when the grace period is over`() throws {
        var table = try watched()
        _ = try table.join("app.x", session: "s1", as: member("alice"), watches: false)
        _ = table.leave("app.x", session: "s1", watched: false, isLost: true, now: 50)
        #expect(table.expire(now: 150) == [PresenceChange("app.x", .leave, member("alice"))])
        #expect(table.expire(now: 150).isEmpty)
        #expect(ids(table) == ["w"])
    }

    @Test func `the grace period begins anew with each loss`() throws {
        var table = try watched()
        for now: UInt64 in [0, 60, 120] {
            _ = try table.join("app.x", session: "s", as: member("alice"), watches: false)
            _ = table.leave("app.x", session: "s", watched: false, isLost: true, now: now)
            #expect(table.expire(now: now).isEmpty)
        }
        #expect(table.expire(now: 219).isEmpty)
        #expect(table.expire(now: 220).map(\.action) == [.leave])
    }

    @Test func `who leaves on purpose or chose no id is gone at once`() throws {
        var table = try watched()
        _ = try table.join("app.x", session: "s1", as: member("alice"), watches: false)
        _ = try table.join("app.x", session: "s2", as: member("s2"), watches: false)
        let left = table.leave("app.x", session: "s1", watched: false, isLost: false, now: 0)
        #expect(left?.member.id == "alice")
        let lost = table.leave("app.x", session: "s2", watched: false, isLost: true, now: 0)
        #expect(lost?.member.id == "s2")
    }

    @Test func `a member stays as long as one of its sessions does`() throws {
        var table = try watched()
        for session in ["s1", "s2"] {
            let change = try table.join(
                "app.x",
                session: session,
                as: member("alice"),
                watches: false
            )
            #expect((change == nil) == (session == "s2"))
        }
        #expect(table.leave("app.x", session: "s1", watched: false, isLost: false, now: 0) == nil)
        let left = table.leave("app.x", session: "s2", watched: false, isLost: false, now: 0)
        #expect(left?.action == .leave)
    }

    @Test func `what a member says of itself can change`() throws {
        var table = try watched()
        _ = try table.join("app.x", session: "s", as: member("alice", info: "1"), watches: false)
        let (isMember, change) = table.update("app.x", session: "s", info: Array("2".utf8))
        #expect(isMember)
        #expect(change == PresenceChange("app.x", .update, member("alice", info: "2")))
        #expect(table.update("app.x", session: "s", info: Array("2".utf8)).change == nil)
        #expect(!table.update("app.x", session: "other", info: []).isMember)
        let again = try table.join(
            "app.x",
            session: "s2",
            as: member("alice", info: "3"),
            watches: false
        )
        #expect(again?.action == .update)
    }

    @Test func `a full channel lists nobody else`() throws {
        var table = try watched(capacity: 2)
        _ = try table.join("app.x", session: "s", as: member("s"), watches: false)
        #expect(throws: PresenceFull()) {
            try table.join("app.x", session: "t", as: member("t"), watches: false)
        }
        #expect(table.leave("app.x", session: "t", watched: false, isLost: true, now: 0) == nil)
        #expect(ids(table) == ["s", "w"])
        _ = try table.join("app.x", session: "s2", as: member("s"), watches: false)
    }

    @Test func `members come in pages by id`() throws {
        var table = try watched()
        for id in ["d", "b", "a", "c"] {
            _ = try table.join("app.x", session: id, as: member(id), watches: false)
        }
        let page = table.members(of: "app.x", after: "a", limit: 2)
        #expect(page.members.map(\.id) == ["b", "c"])
        #expect(page.count == 5)
        #expect(table.members(of: "app.none", after: nil, limit: 2).count == 0)
    }
}
