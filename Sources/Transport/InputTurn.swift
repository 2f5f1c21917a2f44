/// How much of what a peer has sent is read at once, in one byte of each connection.
///
/// All that was read is dealt with before the loop turns to anyone else, and how long that takes
/// nobody knows before. So a peer begins with little; it may send twice as much at once whenever a
/// full read was soon dealt with, and less when one took long. What is left, the poller reports
/// again when the others have had their turn.
struct InputTurn {
    /// Of two.
    private var exponent: UInt8 = 14

    /// In nanoseconds: a full read that was dealt with sooner lets the turn grow.
    private static let short: UInt64 = 250_000
    /// In nanoseconds: what took longer is cut to what would have taken so long.
    private static let long: UInt64 = 1_000_000
    private static let exponents: ClosedRange<UInt8> = 11...18

    /// Bytes that are ever read at once.
    static let maximumBytes = 1 << 18

    /// Bytes that are read at once now.
    var bytes: Int { 1 << Int(exponent) }

    /// A read of ``bytes`` was dealt with in so many nanoseconds.
    mutating func took(_ duration: UInt64) {
        if duration < Self.short { exponent = min(exponent + 1, Self.exponents.upperBound) }
        var excess = duration / 2
        while excess >= Self.long, exponent > Self.exponents.lowerBound {
            exponent -= 1
            excess /= 2
        }
    }
}
