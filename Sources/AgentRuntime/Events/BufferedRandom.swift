private import COpenSSL

/// Random numbers of OpenSSL's generator, which the system seeds, taken 128 at a time: a system
/// call for each would cost more than all else that an id takes.
package struct BufferedRandom: RandomNumberGenerator, Sendable {
    private static let capacity = 128
    private var words: [UInt64] = []

    package init() {}

    package mutating func next() -> UInt64 {
        if let word = words.popLast() { return word }
        words = Array(repeating: 0, count: Self.capacity)
        let status = words.withUnsafeMutableBytes { bytes in
            RAND_bytes(bytes.bindMemory(to: UInt8.self).baseAddress, CInt(bytes.count))
        }
        precondition(status == 1, "OpenSSL has no random numbers")
        return words.removeLast()
    }
}
