import WebSocketProtocol

/// Knows compressed publications by their bytes, so that each is inflated once and not for each
/// of its subscribers.
struct CompressedPublications: ~Copyable {
    private static let size = 4_096
    private var inflater = Inflater(resetsContext: true)
    /// Payload of publication n, at n modulo the size.
    private var payloads = [[UInt8]](repeating: [], count: size)
    private var numbers = [UInt32](repeating: .max, count: size)

    /// Whether `payload` inflates to publication `number`.
    mutating func isPublication(
        _ number: UInt32,
        _ payload: UnsafeMutableRawBufferPointer
    ) throws(BenchError) -> Bool {
        let place = Int(number) % Self.size
        if numbers[place] == number,
            payloads[place].withUnsafeBytes({ payload.elementsEqual(bytesOf: $0) })
        {
            return true
        }
        var text: [UInt8]
        do {
            let bytes = UnsafeRawBufferPointer(payload).bindMemory(to: UInt8.self)
            text = try inflater.inflate(bytes.span, as: .text, limit: 1 << 20)
        } catch {
            throw BenchError("a compressed publication is damaged: \(error)")
        }
        guard let mark = text.firstRange(of: PublishRequest.mark) else { return false }
        let found = text.withUnsafeMutableBytes {
            PublishRequest.number(in: $0, at: mark.upperBound)
        }
        guard found == number else { return false }
        numbers[place] = number
        payloads[place] = Array(payload)
        return true
    }
}

extension BenchError {
    static let changed = BenchError("a publication was lost, repeated or changed")
}
