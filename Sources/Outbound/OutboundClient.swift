package import EventLoops
import HTTPProtocol
import Synchronization

/// Makes HTTP requests to the outside, each on a thread of its own that waits.
///
/// At most so many are under way as was said; more are refused with ``OutboundError/busy``.
package final class OutboundClient: Sendable {
    private let policy: ReachableAddresses
    /// Whose certificates are trusted.
    package let context: TLSContext
    private let maximum: Int
    private let underWay = Mutex(0)

    /// - Parameters:
    ///   - policy: Which addresses may be reached.
    ///   - context: Whose certificates are trusted.
    ///   - maximum: Requests at once.
    package init(
        policy: ReachableAddresses,
        trusting context: TLSContext,
        maximum: Int
    ) {
        self.policy = policy
        self.context = context
        self.maximum = maximum
    }

    package var requestsUnderWay: Int { underWay.withLock { $0 } }

    /// Makes a request; cancelling the task ends it.
    ///
    /// - Parameters:
    ///   - request: What is asked.
    ///   - receive: Is given the parts of a successful (2xx) answer's body as they come, which are
    ///     not in the answer then; it may throw to end the request.
    /// - Returns: The answer, whatever its status.
    /// - Throws: When there is no whole answer.
    package func send(
        _ request: OutboundRequest,
        receive: (@Sendable ([UInt8]) throws(OutboundError) -> Void)? = nil
    ) async throws(OutboundError) -> OutboundResponse {
        let cancellation = try OutboundCancellation()
        let (policy, context) = (policy, context)
        return try await perform(cancellation) { () throws(OutboundError) in
            let connection = try OutboundConnection(
                to: request.url.host,
                port: request.url.port,
                policy: policy,
                timeout: request.timeout,
                idleTimeout: request.idleTimeout,
                cancellation: cancellation
            )
            defer { connection.close() }
            if request.url.isSecure { try connection.secure(as: request.url.host, context) }
            try connection.send(request.encoded)
            return try Self.response(to: request, on: connection, receive)
        }
    }

    /// Runs `work`, which waits, on a thread of its own.
    package func perform<Value: Sendable>(
        _ cancellation: OutboundCancellation,
        _ work: @escaping @Sendable () throws(OutboundError) -> Value
    ) async throws(OutboundError) -> Value {
        let isFree = underWay.withLock { count in
            guard count < maximum else { return false }
            count += 1
            return true
        }
        guard isFree else { throw .busy }
        defer { underWay.withLock { $0 -= 1 } }
        let result: Result<Value, OutboundError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                do throws(SystemError) {
                    let thread = try WorkerThread(name: "outbound") {
                        do throws(OutboundError) {
                            continuation.resume(returning: .success(try work()))
                        } catch {
                            continuation.resume(returning: .failure(error))
                        }
                    }
                    thread.detach()
                } catch {
                    continuation.resume(returning: .failure(.connection("\(error)")))
                }
            }
        } onCancel: {
            cancellation.cancel()
        }
        return try result.get()
    }

    private static func response(
        to request: OutboundRequest,
        on connection: OutboundConnection,
        _ receive: (([UInt8]) throws(OutboundError) -> Void)?
    ) throws(OutboundError) -> OutboundResponse {
        var parser = HTTPResponseParser(
            limits: HTTPLimits(headBytes: 64 << 10, bodyBytes: request.maximumBodyBytes),
            answersHEAD: request.method == "HEAD"
        )
        while true {
            let bytes = try connection.receive()
            let output = try read(bytes, &parser, request)
            if let receive, let head = parser.headBeforeBody, head.status.isSuccess {
                let part = parser.takeBody()
                if !part.isEmpty { try receive(part) }
            }
            guard case .response(let head, var body) = output else {
                guard bytes != nil else { throw .closed }
                continue
            }
            if let receive, head.status.isSuccess, !body.isEmpty {
                try receive(body)
                body = []
            }
            return OutboundResponse(status: head.status, headers: head.headers, body: body)
        }
    }

    /// Takes bytes of the answer, or its end.
    private static func read(
        _ bytes: [UInt8]?,
        _ parser: inout HTTPResponseParser,
        _ request: OutboundRequest
    ) throws(OutboundError) -> HTTPOutput {
        do throws(HTTPViolation) {
            guard let bytes else { return try parser.close() }
            var position = 0
            return try parser.next(bytes.span, &position)
        } catch {
            switch error {
            case .bodyTooLarge: throw .tooLarge(limit: request.maximumBodyBytes)
            case .closedInsideMessage: throw .closed
            default: throw .protocolViolation("\(error)")
            }
        }
    }
}

extension HTTPStatus {
    package var isSuccess: Bool { (200...299).contains(rawValue) }
}
