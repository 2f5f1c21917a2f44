import EventLoops
import HTTPProtocol

/// Decides on the accepting loop which connections come in.
struct Admission {
    /// Why a connection is turned away.
    enum Refusal: CaseIterable {
        case connections
        case connectionsPerAddress
        case connectionRate
        case stopping
        case noDescriptors

        var limit: TransportLimit? {
            switch self {
            case .connections: .connections
            case .connectionsPerAddress: .connectionsPerAddress
            case .connectionRate: .connectionRate
            case .stopping, .noDescriptors: nil
            }
        }
    }

    /// What became of a connection.
    enum Verdict: Equatable {
        /// It was counted, with the key if there is one, and is to leave with that.
        case admitted(AddressKey?)
        case refused(Refusal)
    }

    private let limits: TransportConfiguration.Admission
    private let counts: ConnectionCounts
    private var bucket: TokenBucket

    init(_ limits: TransportConfiguration.Admission, counts: ConnectionCounts, now: UInt64) {
        self.limits = limits
        self.counts = counts
        bucket = TokenBucket(rate: limits.connectionsPerSecond, burst: limits.burst, now: now)
    }

    /// Judges a connection; a Unix socket's has no address.
    mutating func verdict(on peer: InternetAddress?, now: UInt64) -> Verdict {
        var key: AddressKey?
        if limits.connectionsPerAddress > 0, let peer, !limits.isExempt(peer) {
            key = AddressKey(peer)
        }
        let refusal = counts.enter(
            key,
            maximum: limits.maximumConnections,
            ofAddress: limits.connectionsPerAddress
        )
        if let refusal { return .refused(refusal) }
        guard bucket.take(now: now) == nil else {
            leave(key)
            return .refused(.connectionRate)
        }
        return .admitted(key)
    }

    /// A connection that was admitted is gone.
    func leave(_ key: AddressKey?) {
        counts.leave(key)
    }
}

/// What those who are turned away are told; made once, for they may be many.
struct RefusalResponses {
    private let responses: [Admission.Refusal: [[UInt8]]]

    /// - Parameter standing: Encoded fields of every response.
    init(standing: [UInt8]) {
        responses = Dictionary(
            uniqueKeysWithValues: Admission.Refusal.allCases.map { refusal in
                (refusal, (1...4).map { refusal.response(retryAfter: $0, standing) })
            }
        )
    }

    /// The whole response, with a time to come back that differs, so that those who were turned
    /// away together do not come back together.
    func response(to refusal: Admission.Refusal) -> [UInt8] {
        responses[refusal]?.randomElement() ?? []
    }
}

extension Admission.Refusal {
    fileprivate func response(retryAfter seconds: Int, _ standing: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        HTTPResponseHead(
            status: .serviceUnavailable,
            headers: HTTPHeaders([("Retry-After", "\(seconds)")])
        ).encode(
            into: &bytes,
            body: Array("\(reason)\n".utf8),
            contentType: "text/plain; charset=utf-8",
            closes: true,
            standing: standing
        )
        return bytes
    }

    private var reason: String {
        switch self {
        case .connections: "The hub has no room for more connections (limits.maxConnections)."
        case .connectionsPerAddress:
            "There are too many connections from this address (limits.maxConnectionsPerAddress)."
        case .connectionRate:
            "Too many connections come at once (limits.connectionsPerSecond)."
        case .stopping: "The hub is restarting."
        case .noDescriptors: "The hub has no descriptors for more connections (RLIMIT_NOFILE)."
        }
    }
}
