import Identity
import JSONRPC
import Transport

/// An authenticated or anonymous peer on one connection; lives on the connection's loop.
///
/// An object, as the loop looks at a few of its members for every message: to copy it whole for each
/// look would cost more than all else that a command does.
final class Session {
    let connection: ConnectionID
    /// Tells sessions apart in logs and answers; it is no secret and no authority.
    let id: String
    /// Who the session acts for and what that one may do; `nil` until it is authenticated.
    var rules: AccessRules?
    /// When what it was authenticated with expires, in milliseconds of the monotonic clock.
    var expiresAt: UInt64?
    /// The client was told that this is soon.
    var isWarned = false
    /// Commands whose answers the client gets even if they end the session.
    var answersBeforeEnd = 0
    let connectedAt: Int64
    /// The peer's host, or `unix`.
    let address: String
    /// How its commands come, as the audit tells it.
    static let transport = "websocket"
    var bucket: TokenBucket
    /// Of its user, in ``UserShares``.
    var userShare: Int?
    /// Of the API key that it was authenticated with.
    var keyShare: Int?
    /// Of its address; `nil` for addresses without a limit.
    var addressShare: Int?
    /// Where this session is in the subscriber lists of its loop.
    var subscriptions: [Subscription] = []
    /// Names of channels whose subscription waits for the runtime.
    var pendingSubscriptions: [String] = []
    /// Of a session that has registered as a worker.
    var worker: WorkerSession?
    /// Commands that wait for the runtime.
    var pendingCommands = 0
    /// Empty before the first publication.
    private var publisherText: [UInt8] = []

    var principal: Principal? { rules?.principal }

    /// Makes the session act for somebody, or for the same one anew.
    func authenticate(_ rules: AccessRules, expiresAt: UInt64?) {
        self.rules = rules
        self.expiresAt = expiresAt
        isWarned = false
        publisherText = []
    }

    struct Subscription {
        /// Of the loop's channels.
        var channel: UInt32
        /// In that channel's list of subscribers.
        var index: UInt32
    }

    init(
        connection: ConnectionID,
        id: String,
        rules: AccessRules?,
        connectedAt: Int64,
        address: String,
        bucket: TokenBucket
    ) {
        self.connection = connection
        self.id = id
        self.rules = rules
        self.connectedAt = connectedAt
        self.address = address
        self.bucket = bucket
    }

    /// The session as publications carry it: `{"sessionId":…,"userId":…}`, or `tokenId` where what
    /// it may do comes from a subscription token.
    func publisher() -> [UInt8] {
        guard publisherText.isEmpty else { return publisherText }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("sessionId", id)
        writer.member("userId", ifPresent: principal?.ownUserID)
        writer.member("tokenId", ifPresent: rules?.grant?.id)
        writer.endObject()
        publisherText = writer.takeBytes()
        return publisherText
    }
}

extension Principal {
    /// The user, where it is the user's own session: the holder of a subscription token is not whoever
    /// issued it.
    var ownUserID: String? { grant == nil ? userID : nil }
}
