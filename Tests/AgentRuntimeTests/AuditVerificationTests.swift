import JSONRPC
import Journal
import Testing

@testable import AgentRuntime

@Suite("AuditVerification")
struct AuditVerificationTests {
    /// Records of a hub with eight entries, among others, and the chain as its state knows it.
    private func recorded() throws -> (records: [JournalRecord], chain: AuditChain) {
        var hub = try CoreHarness()
        for n in 1...7 { _ = try hub.create(n: n) }
        _ = try hub.call(.controlAgent(id: "worker", .pause))
        var state = RuntimeState()
        let records = hub.log.map { logged in
            let places = state.apply(logged)
            return LoggedEvent.encode(
                RecordedEvent(
                    event: logged.event,
                    json: logged.event.encoded(),
                    positions: places
                ),
                answering: logged.idempotencyKeys
            )
        }
        return (records, hub.state.audit)
    }

    private func check(
        _ records: [JournalRecord],
        _ chain: AuditChain,
        known: [AuditLink] = []
    ) -> AuditReport {
        var check = AuditVerification(chain, known: known)
        for record in records where !check.take(record) { break }
        return check.finish()
    }

    private func index(ofEntry number: UInt64, in records: [JournalRecord]) throws -> Int {
        try #require(
            records.firstIndex {
                (try? LoggedEvent.decode($0))?.logged.event.change.auditEntry?.number == number
            }
        )
    }

    /// Gives the records sequences without a gap, in the line and in the event.
    private func renumbered(_ records: [JournalRecord]) -> [JournalRecord] {
        records.enumerated().map { index, record in
            var record = record
            let text = String(decoding: record.body, as: UTF8.self)
            let sequence = UInt64(index + 1)
            record.body = Array(
                text.replacing(#""seq":\#(record.sequence),"#, with: #""seq":\#(sequence),"#).utf8
            )
            record.sequence = sequence
            return record
        }
    }

    private func edited(_ record: JournalRecord, _ old: String, _ new: String) -> JournalRecord {
        var record = record
        record.body = Array(
            String(decoding: record.body, as: UTF8.self).replacing(old, with: new).utf8
        )
        return record
    }

    @Test func `a chain that nobody touched is intact from its first entry to its head`() throws {
        let (records, chain) = try recorded()
        let report = check(records, chain)

        #expect(report.isIntact)
        #expect(report.entries == 8)
        #expect(report.from?.number == 1)
        #expect(report.to == chain.head && report.head == chain.head)
    }

    @Test func `a hub without entries has an intact chain`() {
        let report = check([], AuditChain())

        #expect(report.isIntact && report.entries == 0)
        #expect(report.from == nil && report.to == nil)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a changed entry is named`(number: UInt64) throws {
        var (records, chain) = try recorded()
        let place = try index(ofEntry: number, in: records)
        records[place] = edited(records[place], #""user":"anna""#, #""user":"mary""#)

        #expect(check(records, chain).firstProblem?.entry == number)
    }

    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `a removed entry is named, whatever is renumbered`(number: UInt64) throws {
        var (records, chain) = try recorded()
        records.remove(at: try index(ofEntry: number, in: records))

        #expect(check(records, chain).firstProblem?.sequence != nil || number == 8)
        #expect(!check(records, chain).isIntact)
        let problem = check(renumbered(records), chain).firstProblem
        #expect(problem?.entry == number)
    }

    @Test func `entries that changed places are named`() throws {
        var (records, chain) = try recorded()
        let (one, other) = (
            try index(ofEntry: 3, in: records), try index(ofEntry: 5, in: records)
        )
        records.swapAt(one, other)

        #expect(check(renumbered(records), chain).firstProblem?.entry == 3)
    }

    @Test func `a changed event that an entry vouches for is named`() throws {
        var (records, chain) = try recorded()
        let place = try index(ofEntry: 4, in: records) - 1
        records[place] = edited(records[place], #""payload":{"n":4}"#, #""payload":{"n":5}"#)
        let problem = check(records, chain).firstProblem

        #expect(problem?.entry == 4)
        #expect(problem?.sequence == records[place].sequence)
    }

    @Test func `another record that is removed and closed over is found`() throws {
        var (records, chain) = try recorded()
        // The start of a task's attempt, for which no entry vouches.
        let place = try #require(
            records.firstIndex { String(decoding: $0.body, as: UTF8.self).contains("task.started") }
        )
        records.remove(at: place)

        #expect(!check(records, chain).isIntact)
        #expect(!check(renumbered(records), chain).isIntact)
    }

    @Test func `an end that was cut off is found by what the state knows`() throws {
        let (records, chain) = try recorded()
        let place = try index(ofEntry: 6, in: records)
        let report = check(Array(records[..<place]), chain)

        #expect(report.firstProblem?.entry == 6)
        #expect(report.to?.number == 5)
    }

    @Test func `a beginning that is missing is found, unless retention removed it`() throws {
        var (records, chain) = try recorded()
        let place = try index(ofEntry: 3, in: records)
        let removed = try LoggedEvent.decode(records[place])
        records.removeFirst(place + 1)
        #expect(check(records, chain).firstProblem?.entry == 1)

        chain.anchor = AuditLink(
            number: 3,
            sequence: removed.logged.event.sequence,
            digest: SHA256Digest(of: removed.recorded.json)
        )
        let report = check(records, chain)
        #expect(report.isIntact)
        #expect(report.from?.number == 4 && report.entries == 5)

        records.removeFirst(try index(ofEntry: 4, in: records) + 1)
        #expect(check(records, chain).firstProblem?.entry == 4)
    }

    @Test func `entries that retention has not removed yet are checked too`() throws {
        var (records, chain) = try recorded()
        let place = try index(ofEntry: 3, in: records)
        let kept = try LoggedEvent.decode(records[place])
        chain.anchor = AuditLink(
            number: 3,
            sequence: kept.logged.event.sequence,
            digest: SHA256Digest(of: kept.recorded.json)
        )
        records.removeFirst(try index(ofEntry: 1, in: records) + 1)
        #expect(check(records, chain).entries == 7)

        let second = try index(ofEntry: 2, in: records)
        records[second] = edited(records[second], "anna", "mary")
        #expect(check(records, chain).firstProblem?.entry == 2)
    }

    @Test func `an entry that was noted elsewhere must be the same`() throws {
        let (records, chain) = try recorded()
        let place = try index(ofEntry: 2, in: records)
        let digest = SHA256Digest(of: try LoggedEvent.decode(records[place]).recorded.json)

        let right = AuditLink(number: 2, sequence: 0, digest: digest)
        #expect(check(records, chain, known: [right]).isIntact)
        let wrong = AuditLink(number: 2, sequence: 0, digest: SHA256Digest(of: [1]))
        #expect(check(records, chain, known: [wrong]).firstProblem?.entry == 2)
        let head = AuditLink(number: 8, sequence: 0, digest: SHA256Digest(of: [1]))
        #expect(check(records, chain, known: [head]).firstProblem?.entry == 8)
        let later = AuditLink(number: 9, sequence: 0, digest: digest)
        #expect(check(records, chain, known: [later]).firstProblem?.entry == 9)
    }

    @Test func `what is no entry any more is found`() throws {
        var (records, chain) = try recorded()
        let place = try index(ofEntry: 5, in: records)
        records[place].body = Array(#"{"positions":{"audit":5},"event":{}}"#.utf8)

        #expect(check(records, chain).firstProblem?.sequence == records[place].sequence)
    }
}

extension Change {
    var auditEntry: AuditEntry? {
        if case .audit(let entry) = self { entry } else { nil }
    }
}
