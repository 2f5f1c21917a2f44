import EventLoops
import HTTPProtocol
import Outbound
import Synchronization
import Testing

@Suite("Requests to the outside")
struct OutboundClientTests {
    private let loopback = ReachableAddresses(allowed: [.loopbackIPv4])

    private func client(_ policy: ReachableAddresses, maximum: Int = 4) throws -> OutboundClient {
        OutboundClient(policy: policy, trusting: try TLSContext(), maximum: maximum)
    }

    @Test("The answer comes whole, whatever ends its body, and in whichever parts it is sent")
    func answers() async throws {
        let body = "HTTP/1.1 200 OK\r\nX-Y: z\r\n"
        for text in [
            body + "Content-Length: 5\r\n\r\nhello", body + "\r\nhello",
            body + "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        ] {
            let server = try ScriptedServer { connection in
                let request = connection.readHead()
                for byte in text.utf8 { connection.send([byte]) }
                return request
            }
            let request = OutboundRequest(
                "GET",
                try OutboundURL("http://127.0.0.1:\(server.port)/path?q=1"),
                headers: HTTPHeaders([("X-Extra", "value")])
            )
            let answer = try await client(loopback).send(request)
            #expect(answer.status == .ok && answer.headers.single("X-Y") == "z")
            #expect(String(decoding: answer.body, as: UTF8.self) == "hello")
            let head = server.finish()
            #expect(head.hasPrefix("GET /path?q=1 HTTP/1.1\r\n"))
            #expect(head.contains("\r\nHost: 127.0.0.1:\(server.port)\r\n"))
            #expect(head.contains("\r\nX-Extra: value\r\n"))
        }
    }

    @Test("Parts are handed on as they come")
    func streaming() async throws {
        let gate = Mutex(0)
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            connection.send(Array("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab".utf8))
            // The rest is sent once the first part has arrived.
            connection.wait { gate.withLock { $0 } == 2 }
            connection.send(Array("cd".utf8))
            return ""
        }
        let url = try OutboundURL("http://127.0.0.1:\(server.port)/")
        let answer = try await client(loopback).send(OutboundRequest("POST", url, body: [1])) {
            part in
            gate.withLock { $0 += part.count }
        }
        #expect(answer.body.isEmpty && gate.withLock { $0 } == 4)
        _ = server.finish()
    }

    @Test("An address that the policy forbids is not connected to")
    func forbidden() async throws {
        let server = try ScriptedServer { _ in "connected" }
        let url = try OutboundURL("http://127.0.0.1:\(server.port)/")
        await #expect(throws: OutboundError.forbiddenAddress(host: "127.0.0.1")) {
            try await client(ReachableAddresses()).send(OutboundRequest("GET", url))
        }
        await #expect(throws: OutboundError.forbiddenAddress(host: "localhost")) {
            let url = try OutboundURL("http://localhost:\(server.port)/")
            return try await client(ReachableAddresses()).send(OutboundRequest("GET", url))
        }
        server.stop()
    }

    @Test("An answer that ends early, is too large or none at all is an error of its own")
    func broken() async throws {
        let cases: [(String, OutboundError)] = [
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", .closed),
            ("HTTP/1.1 200 OK\r\nContent-Le", .closed),
            ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", .tooLarge(limit: 10)),
            ("HTTP/1.1 200 OK\r\n\r\n0123456789a", .tooLarge(limit: 10)),
        ]
        for (text, expected) in cases {
            let server = try ScriptedServer { connection in
                _ = connection.readHead()
                connection.send(Array(text.utf8))
                return ""
            }
            let url = try OutboundURL("http://127.0.0.1:\(server.port)/")
            let request = OutboundRequest("GET", url, maximumBodyBytes: 10)
            await #expect(throws: expected) { try await client(loopback).send(request) }
            _ = server.finish()
        }
    }

    @Test("A silent server is waited for no longer than was said")
    func timeout() async throws {
        let server = try ScriptedServer { connection in
            connection.readToEnd()
            return ""
        }
        let url = try OutboundURL("http://127.0.0.1:\(server.port)/")
        let request = OutboundRequest("GET", url, timeout: 1)
        await #expect(throws: OutboundError.timeout(seconds: 1)) {
            try await client(loopback).send(request)
        }
        _ = server.finish()
    }

    @Test("A cancelled request ends, and no more are taken than may be under way")
    func cancellation() async throws {
        let arrived = Mutex(false)
        let server = try ScriptedServer { connection in
            _ = connection.readHead()
            arrived.withLock { $0 = true }
            connection.readToEnd()
            return ""
        }
        let url = try OutboundURL("http://127.0.0.1:\(server.port)/")
        let client = try client(loopback, maximum: 1)
        let task = Task { () async -> OutboundError? in
            do throws(OutboundError) {
                _ = try await client.send(OutboundRequest("GET", url, timeout: 600))
                return nil
            } catch {
                return error
            }
        }
        while !arrived.withLock({ $0 }) { await Task.yield() }
        await #expect(throws: OutboundError.busy) {
            try await client.send(OutboundRequest("GET", url))
        }
        task.cancel()
        #expect(await task.value == .cancelled)
        _ = server.finish()
        #expect(client.requestsUnderWay == 0)
    }
}
