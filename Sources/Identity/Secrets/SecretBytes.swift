import COpenSSL

/// Bytes that are overwritten when they are not needed any more.
///
/// Memory of its own, so that no copy is left where an array grew or was moved.
@safe
package struct SecretBytes: ~Copyable {
    private let storage: UnsafeMutableBufferPointer<UInt8>

    /// `count` zeros.
    package init(count: Int) {
        unsafe storage = .allocate(capacity: count)
        unsafe storage.initialize(repeating: 0)
    }

    package init(_ bytes: [UInt8]) {
        unsafe storage = .allocate(capacity: bytes.count)
        _ = unsafe storage.initialize(from: bytes)
    }

    package init(_ text: String) {
        self.init(Array(text.utf8))
    }

    deinit {
        unsafe OPENSSL_cleanse(storage.baseAddress, storage.count)
        unsafe storage.deallocate()
    }

    /// Overwrites an array, as far as nobody else holds the same memory.
    static func clear(_ bytes: inout [UInt8]) {
        unsafe bytes.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) }
    }

    package var count: Int { unsafe storage.count }

    /// A copy, of which the caller takes care.
    package func copy() -> [UInt8] { unsafe Array(storage) }

    /// The buffer has an address also when it is empty.
    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        unsafe body(UnsafeBufferPointer(storage))
    }

    mutating func withMutableBytes<Result>(
        _ body: (UnsafeMutableBufferPointer<UInt8>) -> Result
    ) -> Result {
        unsafe body(storage)
    }
}

/// Bytes from a random source.
package func randomBytes(
    _ count: Int,
    using random: inout some RandomNumberGenerator
) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &random) }
}

/// Whether two byte strings are equal, in a time that depends on their lengths only.
package func areEqualInConstantTime(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return unsafe CRYPTO_memcmp(one, other, one.count) == 0
}
