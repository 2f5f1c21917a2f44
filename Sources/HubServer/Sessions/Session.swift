import JSONRPC
import Transport

/// An authenticated or anonymous peer on one connection; lives on the connection's loop.
struct Session {
    let connection: ConnectionID
    /// Tells sessions apart in logs and answers; it is no secret and no authority.
    let id: String
    /// `nil` until the session is authenticated.
    var user: User?
    let connectedAt: Int64
    /// The peer's host, or `unix`.
    let address: String
    /// How its commands come, as the audit tells it.
    static let transport = "websocket"
    var bucket: TokenBucket
    /// Of its user, in ``UserShares``.
    var userShare: Int?
    /// Of its address; `nil` for addresses without a limit.
    var addressShare: Int?
    /// Where this session is in the subscriber lists of its loop.
    var subscriptions: [Subscription] = []
    /// Names of channels whose subscription waits for the runtime.
    var pendingSubscriptions: [String] = []
    /// Commands that wait for the runtime.
    var pendingCommands = 0
    /// Empty before the first publication.
    private var publisherText: [UInt8] = []

    struct Subscription {
        /// Of the loop's channels.
        var channel: UInt32
        /// In that channel's list of subscribers.
        var index: UInt32
    }

    init(
        connection: ConnectionID,
        id: String,
        user: User?,
        connectedAt: Int64,
        address: String,
        bucket: TokenBucket
    ) {
        self.connection = connection
        self.id = id
        self.user = user
        self.connectedAt = connectedAt
        self.address = address
        self.bucket = bucket
    }

    /// The session as publications carry it: `{"sessionId":…,"userId":…}`.
    mutating func publisher() -> [UInt8] {
        guard publisherText.isEmpty else { return publisherText }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("sessionId", id)
        if let user { writer.member("userId", user.id) }
        writer.endObject()
        publisherText = writer.takeBytes()
        return publisherText
    }
}

/// Who a session acts for.
struct User: Equatable, Sendable {
    var id: String
    var role: Role

    enum Role: String, Sendable {
        case admin
    }

    /// Everybody on a hub that was started for development.
    static let developer = User(id: "dev", role: .admin)
}
