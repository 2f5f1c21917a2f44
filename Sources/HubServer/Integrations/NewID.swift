import AgentRuntime
import EventLoops

/// Ids that sort by the time of their making.
enum NewID {
    static func make() -> String {
        var random = SystemRandomNumberGenerator()
        let now = Timestamp(millisecondsSince1970: WallClock.milliseconds)
        return UUIDv7.make(at: now, using: &random)
    }
}
