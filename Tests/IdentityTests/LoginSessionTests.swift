import JSONRPC
import Testing

@testable import Identity

@Suite("Login sessions")
struct LoginSessionTests {
    @Test("A session goes on with each new token, and moves its end on")
    func renewal() throws {
        var story = Story()
        let id = try story.addUser("a@x")
        var token = try story.signIn(id)
        for _ in 0..<3 {
            story.now += story.limits.sessionMs - 1
            token = try story.refresh(token)
        }
        #expect(story.state.sessions[token.sessionID]?.usedAt == story.now)
        story.now += story.limits.sessionMs
        #expect(throws: RPCError.wrongRefreshToken) { try story.refresh(token) }
    }

    @Test("A token that was replaced ends the session, however old it is")
    func reuse() throws {
        for age in 1...3 {
            var story = Story()
            let id = try story.addUser("a@x")
            let other = try story.signIn(id)
            let first = try story.signIn(id)
            var newest = first
            for _ in 0..<age { newest = try story.refresh(newest) }
            #expect(throws: RPCError.self) { try story.refresh(first) }
            #expect(
                story.changes
                    == [.sessionsEnded(userID: id, sessionIDs: [first.sessionID], .tokenReused)]
            )
            #expect(throws: RPCError.wrongRefreshToken) { try story.refresh(newest) }
            #expect(throws: Never.self) { try story.refresh(other) }
        }
    }

    @Test("Of twenty who refresh with one token, one wins")
    func race() throws {
        var story = Story()
        story.limits.refreshGraceMs = 10_000
        let token = try story.signIn(try story.addUser("a@x"))
        var winners: [RefreshToken] = []
        for _ in 0..<20 {
            if let next = try? story.refresh(token) { winners.append(next) }
        }
        #expect(winners.count == 1)
        #expect(throws: Never.self) { try story.refresh(try #require(winners.first)) }
    }

    @Test("Within the grace the last token is only refused; after it, and an older one, ends all")
    func grace() throws {
        var story = Story()
        story.limits.refreshGraceMs = 10_000
        let first = try story.signIn(try story.addUser("a@x"))
        let second = try story.refresh(first)
        story.now += 9_999
        #expect(throws: RPCError.self) { try story.refresh(first) }
        #expect(story.changes.isEmpty)
        let third = try story.refresh(second)
        #expect(throws: RPCError.self) { try story.refresh(first) }
        #expect(story.state.sessions.isEmpty)
        #expect(throws: RPCError.wrongRefreshToken) { try story.refresh(third) }
    }

    @Test("A guess that names a session does not end it")
    func guesses() throws {
        var story = Story()
        let token = try story.signIn(try story.addUser("a@x"))
        let stranger = RefreshToken.first(using: &story.random)
        #expect(throws: RPCError.wrongRefreshToken) {
            try story.perform(
                .refresh(
                    sessionID: token.sessionID,
                    family: stranger.familyDigest,
                    presented: stranger.secretDigest,
                    replacement: stranger.secretDigest
                )
            )
        }
        #expect(throws: Never.self) { try story.refresh(token) }
    }

    @Test("Beyond a user's limit, the session that was idle for longest gives way")
    func sessionsPerUser() throws {
        var story = Story()
        story.limits.sessionsPerUser = 2
        let id = try story.addUser("a@x")
        let first = try story.signIn(id)
        story.now += 1
        let second = try story.signIn(id)
        story.now += 1
        _ = try story.refresh(first)
        story.now += 1
        let third = try story.signIn(id)
        #expect(Set(story.state.sessions.keys) == [first.sessionID, third.sessionID])
        #expect(
            story.changes.first
                == .sessionsEnded(userID: id, sessionIDs: [second.sessionID], .replaced)
        )
    }

    @Test("A full table of sessions refuses, until some have expired")
    func sessionLimit() throws {
        var story = Story()
        story.limits.maximumSessions = 1
        let (one, two) = (try story.addUser("a@x"), try story.addUser("b@x"))
        _ = try story.signIn(one)
        #expect(throws: RPCError.self) { try story.signIn(two) }
        story.now += story.limits.sessionMs
        _ = try story.signIn(two)
        #expect(story.state.sessions.count == 1)
    }

    @Test("Sessions end by logout, one by one and all together")
    func endings() throws {
        var story = Story()
        let (id, other) = (try story.addUser("a@x"), try story.addUser("b@x"))
        let (first, second) = (try story.signIn(id), try story.signIn(id))
        let foreign = try story.signIn(other)
        _ = try story.perform(.logout(sessionID: first.sessionID))
        _ = try story.perform(.logout(sessionID: first.sessionID))
        #expect(story.changes.isEmpty)
        #expect(throws: RPCError.self) {
            try story.perform(.endSessions(userID: id, sessionID: foreign.sessionID))
        }
        _ = try story.perform(.endSessions(userID: id, sessionID: second.sessionID))
        _ = try story.signIn(id)
        _ = try story.perform(.endSessions(userID: id, sessionID: nil))
        #expect(Set(story.state.sessions.keys) == [foreign.sessionID])
    }
}
