import JSONRPC
import Testing

@testable import AgentRuntime

@Suite("Audit")
struct AuditTests {
    private func entries(of hub: CoreHarness) -> [AuditEntry] {
        hub.audited.compactMap { recorded in
            if case .audit(let entry) = recorded.event.change { entry } else { nil }
        }
    }

    @Test func `each accepted command leaves an entry that says who, what and from where`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        _ = try hub.call(.controlAgent(id: "worker", .pause), user: "bob")

        let entries = entries(of: hub)
        #expect(entries.map(\.method) == ["tasks.create", "agents.pause"])
        #expect(entries.map(\.actor.userID) == ["anna", "bob"])
        #expect(entries.map(\.actor.address) == ["192.0.2.1", "192.0.2.1"])
        #expect(entries.map(\.object) == [.task(id), .agent("worker")])
        #expect(entries.allSatisfy { $0.outcome == .allowed && $0.reason == nil })
        #expect(hub.audited.first?.event.taskID == id)
    }

    @Test func `entries are numbered and each has the digest of the one before`() throws {
        var hub = try CoreHarness()
        for n in 1...5 { _ = try hub.create(n: n) }

        var previous = SHA256Digest.zero
        for (index, recorded) in hub.audited.enumerated() {
            guard case .audit(let entry) = recorded.event.change else { continue }
            #expect(entry.number == UInt64(index) + 1)
            #expect(entry.previous == previous)
            #expect(recorded.positions == [.init(channel: "audit", offset: entry.number)])
            previous = SHA256Digest(of: recorded.json)
        }
        #expect(hub.state.audit.head.digest == previous)
        #expect(hub.state.audit.head.number == 5)
    }

    @Test func `an entry vouches for what its command did at once`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let created = try #require(hub.recorded.first { $0.event.type == .taskCreated })
        let effect = try #require(entries(of: hub).first?.effect)

        #expect(created.event.taskID == id)
        #expect(effect.sequence == created.event.sequence)
        #expect(effect.digest == SHA256Digest(of: created.json))
        #expect(hub.audited.first?.event.sequence == created.event.sequence + 1)
    }

    @Test func `a command that takes its time is audited when it is accepted`() throws {
        var hub = try CoreHarness()
        let id = try hub.create()
        let cancel = hub.submit(.cancelTask(id: id))
        let stop = hub.submit(.controlAgent(id: "worker", .stop))

        #expect(hub.replies[cancel] == nil && hub.replies[stop] == nil)
        #expect(entries(of: hub).map(\.method) == ["tasks.create", "tasks.cancel", "agents.stop"])
        #expect(entries(of: hub).dropFirst().allSatisfy { $0.effect == nil })
    }

    @Test func `a repeated, a refused and a reading command leave nothing`() throws {
        var hub = try CoreHarness()
        let command = Command.createTask(params: ["type": "worker.work", "payload": ["n": 1]])
        _ = try hub.call(command, key: "k")
        _ = try hub.call(command, key: "k")
        #expect(hub.refusal(of: .cancelTask(id: "unknown")) != nil)
        #expect(hub.refusal(of: .createTask(params: ["type": "unheard"])) != nil)
        _ = try hub.call(.listAgents)

        #expect(entries(of: hub).count == 1)
    }

    @Test func `a command that finds its aim reached is audited all the same`() throws {
        var hub = try CoreHarness()
        _ = try hub.call(.controlAgent(id: "worker", .start))
        _ = try hub.call(.controlAgent(id: "worker", .start), key: "k")
        _ = hub.submit(.snapshot)

        let methods = entries(of: hub).map(\.method)
        #expect(methods == ["agents.start", "agents.start", "system.snapshot"])
        #expect(hub.snapshots.last?.audit.head.number == 3)
    }

    @Test func `nothing of a payload is in an entry`() throws {
        var hub = try CoreHarness()
        _ = try hub.create("worker.work", ["correlationId": "correlation"], n: 987_654_321)
        let text = String(decoding: hub.audited.flatMap(\.json), as: UTF8.self)

        #expect(!text.contains("987654321"))
    }

    @Test func `denied attempts say why, how many and since when`() throws {
        var hub = try CoreHarness()
        var denial = Denial(
            method: "system.audit",
            actor: AuditActor(address: "192.0.2.7"),
            reason: "FORBIDDEN",
            at: hub.now.wall
        )
        denial.count = 7
        hub.advance(.seconds(3))
        hub.core.record([denial], at: hub.now)
        hub.collect()

        let recorded = try #require(hub.audited.last)
        let value = try JSONValue(parsing: recorded.json)
        #expect(value["type"] == "audit.denied")
        #expect(value["severity"] == "MEDIUM")
        #expect(value["data"]?["count"] == 7)
        #expect(value["data"]?["reason"] == "FORBIDDEN")
        #expect(value["data"]?["since"] == "2027-01-15T08:00:00.000Z")
        #expect(value["data"]?["user"] == nil)
        #expect(hub.core.statistics.denials == 7)
    }

    @Test func `retention removes nothing before the chain tells where it begins then`() throws {
        var hub = try CoreHarness()
        for n in 1...4 { _ = try hub.create(n: n) }
        let second = SHA256Digest(of: hub.audited[1].json)
        let sequence = hub.audited[2].event.sequence
        let anchor = AuditLink(number: 2, sequence: 0, digest: second)
        hub.core.trim(AuditTrim(before: sequence, anchor: anchor), at: hub.now)
        #expect(hub.approvals == [])
        hub.collect()

        #expect(hub.approvals == [sequence])
        #expect(entries(of: hub).last?.method == "system.retention")
        #expect(hub.state.audit.anchor == anchor)
        #expect(hub.state.audit.removedBefore == sequence)
        #expect(try hub.state.storedAndRead().audit == hub.state.audit)
        #expect(try RuntimeState.replaying(hub.log).audit == hub.state.audit)

        // Asked again, as after a crash in between, it only says yes.
        hub.core.trim(AuditTrim(before: sequence, anchor: anchor), at: hub.now)
        hub.collect()
        #expect(hub.approvals == [sequence, sequence])
        #expect(entries(of: hub).count == 5)

        // Nothing is left of the audit: what goes ends with its newest entry.
        let head = hub.state.audit.head
        hub.core.trim(AuditTrim(before: .max, anchor: nil), at: hub.now)
        hub.collect()
        #expect(hub.state.audit.anchor.number == head.number)
        #expect(hub.state.audit.anchor.digest == head.digest)
    }

    @Test func `the chain survives a snapshot and a replay`() throws {
        var hub = try CoreHarness()
        for n in 1...3 { _ = try hub.create(n: n) }
        let stored = try hub.state.storedAndRead()

        #expect(stored.audit == hub.state.audit)
        #expect(try RuntimeState.replaying(hub.log).audit == hub.state.audit)
    }

    @Test func `a state from before there was a chain begins one`() throws {
        var state = RuntimeState()
        let head = #"{"epoch":"e","sequence":9,"offsets":{"tasks":1,"agents":2,"system":3},"#
        let retention =
            #""retention":{"finishedMs":1,"deadMs":1,"maximumCount":1,"maximumBytes":1,"#
            + #""answersMs":1,"maximumAnswers":1}}"#
        try state.decodeHead(Array((head + retention).utf8))

        #expect(state.sequence == 9)
        #expect(state.audit == AuditChain())
    }
}

@Suite("DenialLedger")
struct DenialLedgerTests {
    private func denial(_ method: String, user: String? = nil, at time: Int64 = 0) -> Denial {
        Denial(
            method: method,
            actor: AuditActor(userID: user, address: "192.0.2.7"),
            reason: "FORBIDDEN",
            at: Timestamp(millisecondsSince1970: time)
        )
    }

    @Test func `alike attempts are counted together`() {
        let ledger = DenialLedger(capacity: 4)
        #expect(ledger.note(denial("a", at: 1)))
        #expect(!ledger.note(denial("a", at: 2)))
        #expect(!ledger.note(denial("a", user: "bob", at: 3)))

        let taken = ledger.take()
        #expect(taken.map(\.count) == [2, 1])
        #expect(taken.first?.since == Timestamp(millisecondsSince1970: 1))
        #expect(ledger.take().isEmpty)
        #expect(ledger.note(denial("a")))
    }

    @Test func `a flood of different attempts becomes one entry more than there is room for`() {
        let ledger = DenialLedger(capacity: 4)
        for n in 0..<1000 { _ = ledger.note(denial("m\(n)")) }

        let taken = ledger.take()
        #expect(taken.count == 5)
        #expect(taken.last?.method == "*")
        #expect(taken.reduce(0) { $0 + $1.count } == 1000)
    }
}

@Suite("SHA256Digest")
struct SHA256DigestTests {
    // FIPS 180-2, appendix B, and the digest of nothing.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `is that of the standard`(text: String, digits: String) throws {
        let digest = SHA256Digest(of: Array(text.utf8))

        #expect(digest.description == digits)
        #expect(SHA256Digest(digits) == digest)
    }

    @Test(arguments: [
        "", "00", String(repeating: "0", count: 63) + "g", "A" + String(repeating: "0", count: 63),
    ])
    func `is read from 64 lower-case digits only`(text: String) {
        #expect(SHA256Digest(text) == nil)
    }
}
