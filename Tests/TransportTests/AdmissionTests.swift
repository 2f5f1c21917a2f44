import EventLoops
import Testing

@testable import Transport

@Suite("Admission")
struct AdmissionTests {
    let counts = ConnectionCounts()

    func address(_ host: String) throws -> InternetAddress {
        try #require(InternetAddress(host: host, port: 1_234))
    }

    func admission(_ change: (inout TransportConfiguration.Admission) -> Void) -> Admission {
        var limits = TransportConfiguration.Admission()
        change(&limits)
        return Admission(limits, counts: counts, now: 0)
    }

    @Test func `without limits everybody comes in`() throws {
        var admission = admission { _ in }
        for _ in 0..<1_000 {
            #expect(try admission.verdict(on: address("192.0.2.1"), now: 0) == .admitted(nil))
        }
        #expect(counts.current.ofAddress.isEmpty)
    }

    @Test func `an address has so many connections, and again when one has left`() throws {
        var admission = admission { $0.connectionsPerAddress = 2 }
        let peer = try address("192.0.2.1")
        let key = AddressKey(peer)
        for _ in 0..<2 { #expect(admission.verdict(on: peer, now: 0) == .admitted(key)) }
        #expect(admission.verdict(on: peer, now: 0) == .refused(.connectionsPerAddress))
        #expect(
            try admission.verdict(on: address("192.0.2.2"), now: 0)
                == .admitted(AddressKey(address("192.0.2.2")))
        )
        admission.leave(key)
        #expect(admission.verdict(on: peer, now: 0) == .admitted(key))
    }

    @Test func `nothing is kept of addresses that have left`() throws {
        var admission = admission { $0.connectionsPerAddress = 2 }
        for number in 0..<100 {
            guard
                case .admitted(let key) = try admission.verdict(
                    on: address("192.0.2.\(number)"),
                    now: 0
                )
            else { throw AddressError("192.0.2.\(number) was refused") }
            admission.leave(key)
        }
        #expect(counts.current == ConnectionCounts.Counts())
    }

    @Test func `so many connections come in, on whichever loop`() throws {
        var one = admission { $0.maximumConnections = 3 }
        let other = one
        for number in 0..<3 {
            #expect(try one.verdict(on: address("192.0.2.\(number)"), now: 0) == .admitted(nil))
        }
        #expect(one.verdict(on: nil, now: 0) == .refused(.connections))
        other.leave(nil)
        #expect(one.verdict(on: nil, now: 0) == .admitted(nil))
    }

    @Test(
        arguments: [
            ("2001:db8::1", "2001:db8::ffff:0:0:1", true),
            ("2001:db8::1", "2001:db8:0:1::1", false),
            ("192.0.2.1", "::ffff:192.0.2.1", true),
            ("::1", "::c000:201", true),
            ("192.0.2.1", "::c000:201", false),
            ("0.0.0.0", "::", false),
        ]
    )
    func `an IPv6 address counts with its 64`(one: String, other: String, same: Bool) throws {
        #expect(try (AddressKey(address(one)) == AddressKey(address(other))) == same)
    }

    @Test func `exempt addresses and Unix sockets are not counted`() throws {
        var admission = admission {
            $0.connectionsPerAddress = 1
            $0.exempt = [.loopbackIPv4, .loopbackIPv6]
        }
        for _ in 0..<5 {
            #expect(try admission.verdict(on: address("127.0.0.9"), now: 0) == .admitted(nil))
            #expect(try admission.verdict(on: address("::1"), now: 0) == .admitted(nil))
            #expect(admission.verdict(on: nil, now: 0) == .admitted(nil))
        }
    }

    @Test func `beyond the rate nobody comes in, and is not counted`() throws {
        var admission = admission {
            $0.connectionsPerAddress = 10
            $0.connectionsPerSecond = 10
            $0.burst = 2
        }
        let peer = try address("192.0.2.1")
        for _ in 0..<2 { #expect(admission.verdict(on: peer, now: 0) != .refused(.connectionRate)) }
        for _ in 0..<20 {
            #expect(admission.verdict(on: peer, now: 0) == .refused(.connectionRate))
        }
        #expect(admission.verdict(on: peer, now: 100) == .admitted(AddressKey(peer)))
    }

    @Test(arguments: [Admission.Refusal.connections, .connectionRate, .stopping, .noDescriptors])
    func `a refusal is a whole response that says when to come back`(
        refusal: Admission.Refusal
    ) {
        let response = RefusalResponses(standing: Array("X: y\r\n".utf8)).response(to: refusal)
        let text = String(decoding: response, as: UTF8.self)
        #expect(text.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
        #expect(text.contains("\r\nRetry-After: "))
        #expect(text.contains("\r\nConnection: close\r\n"))
        #expect(text.contains("\r\nX: y\r\n"))
    }
}
