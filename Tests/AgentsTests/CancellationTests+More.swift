import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

extension CancellationTests {
    @Test func `a comparison of documents stops`() async throws {
        let documents: JSONValue = [["id": "1", "text": "word"], ["id": "2", "text": "word"]]
        let input = try CompetitorComparison(payload: ["documents": documents])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `an expansion of a rule stops`() async throws {
        let input = try Recurrence(payload: [
            "rrule": "FREQ=SECONDLY", "start": "2026-01-01T00:00", "timeZone": "UTC",
            "from": "2026-01-01", "to": "2026-02-01",
        ])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a search for rooms stops`() async throws {
        let input = try RoomSchedule(payload: RoomSchedule.task.type.example)
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test(arguments: ["stv", "irv", "dhondt"])
    func `a count of votes stops`(method: String) async throws {
        let input = try VoteCount(payload: ["ballots": ["A", "B"], "method": .string(method)])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `scans stop`() async throws {
        let payload: JSONValue = ["text": "a@b.org 1.2.3.4"]
        let personal = try PersonalDataScan(payload: payload)
        #expect(try await Self.isCancelled { try personal.result() })
        let secrets = try SecretScan(payload: payload)
        #expect(try await Self.isCancelled { try secrets.result() })
        let language = try PlainLanguage(payload: payload)
        #expect(try await Self.isCancelled { try language.result() })
    }

    @Test func `a measure of anonymity stops`() async throws {
        let input = try Anonymity(payload: ["rows": [["a": 1]], "quasiIdentifiers": ["a"]])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a deadline stops`() async throws {
        let input = try Deadline(payload: ["start": "2026-01-01", "businessDays": 10_000])
        #expect(try await Self.isCancelled { try input.result() })
    }

    @Test func `a website stops`() async throws {
        let input = try SiteBuild(payload: SiteBuild.task.type.example)
        #expect(try await Self.isCancelled { try input.result(context: RecordingContext()) })
    }
}
