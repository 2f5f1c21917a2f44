import JSONRPC
import Testing

@testable import Integrations

@Suite("Deliveries")
struct DeliveryTests {
    @Test("A signature is that of the specification's example")
    func signature() throws {
        // The example of the Standard Webhooks specification.
        let signature = try #require(
            WebhookSignature(secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        )
        let headers = signature.headers(
            id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
            timestamp: 1_614_265_330,
            body: Array(#"{"test": 2432232314}"#.utf8)
        )
        #expect(headers.last?.value == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
    }

    @Test("Other secrets are refused", arguments: ["", "whsec_", "abc", "whsec_!!", "whsec_QUJD"])
    func secrets(secret: String) {
        #expect(WebhookSignature(secret: secret) == nil)
    }

    @Test("A breaker opens after so many failures in a row, and one request decides then")
    func breaker() {
        var breaker = CircuitBreaker(failureLimit: 2, pause: .seconds(10))
        #expect(breaker.request(at: .zero) == .granted)
        breaker.failed(at: .zero)
        breaker.succeeded()
        breaker.failed(at: .seconds(1))
        #expect(!breaker.isOpen)
        breaker.failed(at: .seconds(2))
        #expect(breaker.isOpen)
        #expect(breaker.request(at: .seconds(11)) == .denied(until: .seconds(12)))
        #expect(breaker.request(at: .seconds(12)) == .granted)
        #expect(breaker.request(at: .seconds(12)) == .denied(until: .seconds(22)))
        breaker.failed(at: .seconds(13))
        #expect(breaker.request(at: .seconds(22)) == .denied(until: .seconds(23)))
        #expect(breaker.request(at: .seconds(23)) == .granted)
        breaker.succeeded()
        #expect(!breaker.isOpen && breaker.request(at: .seconds(23)) == .granted)
    }

    @Test("Pauses double up to the longest, with half of them chance, and end")
    func retries() {
        let schedule = RetrySchedule(maximumAttempts: 5, base: .seconds(1), longest: .seconds(4))
        var random = SystemRandomNumberGenerator()
        for (attempt, bound) in [(1, 1.0), (2, 2), (3, 4), (4, 4)] {
            for _ in 0..<50 {
                guard
                    case .retry(let delay) = schedule.decision(
                        afterAttempt: attempt,
                        retryAfter: nil,
                        using: &random
                    )
                else {
                    Issue.record("given up too early")
                    return
                }
                #expect((bound / 2...bound).contains(delay / .seconds(1)))
            }
        }
        #expect(schedule.decision(afterAttempt: 5, retryAfter: nil, using: &random) == .giveUp)
        #expect(
            schedule.decision(afterAttempt: 1, retryAfter: .seconds(60), using: &random)
                == .retry(after: .seconds(60))
        )
    }

    @Test("A rate lets a minute's worth through at once, and then its share")
    func rate() {
        var rate = RequestRate(perMinute: 60, at: .zero)
        for _ in 0..<60 { #expect(rate.take(at: .zero) == nil) }
        #expect(rate.take(at: .zero) == .seconds(1))
        #expect(rate.take(at: .seconds(1)) == nil)
        #expect(rate.take(at: .seconds(1)) != nil)
        // A clock that does not move, or jumps far, does no harm.
        #expect(rate.take(at: .seconds(100_000)) == nil)
    }

    @Test("Webhooks get what they asked for, and nothing about integrations")
    func selection() {
        #expect(EventSelection([]).contains("task.completed"))
        #expect(EventSelection(["task.*"]).contains("task.completed"))
        #expect(!EventSelection(["task.*"]).contains("tasks"))
        #expect(!EventSelection(["agent.failed"]).contains("agent.started"))
        for patterns in [[], ["*"], ["integration.*"]] {
            #expect(!EventSelection(patterns).contains("integration.failed"))
        }
    }

    @Test("Events of calendars are read, whatever is folded, nested or escaped in them")
    func calendars() throws {
        let text = """
            BEGIN:VCALENDAR\r
            BEGIN:VEVENT\r
            UID:1\r
            SUMMARY:Rehearsal\\, and \\nt\r
             ea\r
            DTSTART;TZID="Europe/Berlin":20261127T183000\r
            DTEND:20261127T200000Z\r
            BEGIN:VALARM\r
            SUMMARY:not this\r
            END:VALARM\r
            RRULE:FREQ=WEEKLY\r
            END:VEVENT\r
            BEGIN:VEVENT\r
            UID:2\r
            DTSTART;VALUE=DATE:20261224\r
            END:VEVENT\r
            END:VCALENDAR\r

            """
        let expected: JSONValue = [
            "events": [
                [
                    "uid": "1", "summary": "Rehearsal, and \ntea", "start": "2026-11-27T18:30:00",
                    "allDay": false, "timeZone": "Europe/Berlin", "end": "2026-11-27T20:00:00Z",
                    "recurrence": "FREQ=WEEKLY",
                ],
                ["uid": "2", "start": "2026-12-24", "allDay": true],
            ],
            "truncated": false,
        ]
        #expect(CalendarReader.events(of: text) == expected)
        let escaped = text.replacing("&", with: "&amp;").replacing("\r", with: "&#13;")
        let status = """
            <d:multistatus xmlns:d="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><d:response>
            <C:calendar-data>\(escaped)</C:calendar-data></d:response></d:multistatus>
            """
        #expect(CalendarReader.events(ofMultistatus: status) == expected)
        #expect(CalendarReader.events(of: "<html>") == nil)
        #expect(CalendarReader.events(ofMultistatus: "<a><b></a>") == nil)
    }
}
