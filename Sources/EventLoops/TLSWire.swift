import COpenSSL
import Glibc

/// The ciphertext of all TLS sessions of one loop on its way between sockets and OpenSSL.
///
/// A session reads what was received last and writes behind what waits to be sent, so that all
/// records of a turn go out in one call. Sessions take turns: one has used up its input, and its
/// output has been taken, before the next one begins. Belongs to one thread.
package final class TLSWire {
    struct Contents {
        var input: UnsafeMutableRawBufferPointer
        var inputPosition = 0
        var inputEnd = 0
        var output: UnsafeMutableRawPointer
        var outputCapacity: Int
        var outputCount = 0

        /// Copies input out, as much as there is room for.
        mutating func takeInput(_ target: UnsafeMutableRawPointer, _ capacity: Int) -> Int {
            let count = min(capacity, inputEnd - inputPosition)
            guard count > 0, let source = input.baseAddress else { return 0 }
            target.copyMemory(from: source + inputPosition, byteCount: count)
            inputPosition += count
            return count
        }

        mutating func appendOutput(_ source: UnsafeRawPointer, _ count: Int) {
            if outputCount + count > outputCapacity { growOutput(by: count) }
            (output + outputCount).copyMemory(from: source, byteCount: count)
            outputCount += count
        }

        private mutating func growOutput(by count: Int) {
            let capacity = max(outputCapacity * 2, outputCount + count)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
            larger.copyMemory(from: output, byteCount: outputCount)
            output.deallocate()
            output = larger
            outputCapacity = capacity
        }
    }

    /// At a fixed address, which OpenSSL's callbacks are given.
    let contents: UnsafeMutablePointer<Contents>

    /// - Parameter inputCapacity: The most that is received in one call.
    package init(inputCapacity: Int = 128 * 1024) {
        contents = .allocate(capacity: 1)
        contents.initialize(
            to: Contents(
                input: .allocate(byteCount: inputCapacity, alignment: 64),
                output: .allocate(byteCount: inputCapacity, alignment: 64),
                outputCapacity: inputCapacity
            )
        )
    }

    deinit {
        contents.pointee.input.deallocate()
        contents.pointee.output.deallocate()
        contents.deinitialize(count: 1)
        contents.deallocate()
    }

    /// Reads once what a socket has, up to `limit` bytes, in place of what was there.
    package func receive(from descriptor: CInt, atMost limit: Int = .max) -> Transfer {
        let room = UnsafeMutableRawBufferPointer(rebasing: contents.pointee.input.prefix(limit))
        let transfer = StreamSocket.receive(descriptor, into: room)
        contents.pointee.inputPosition = 0
        if case .bytes(let count) = transfer {
            contents.pointee.inputEnd = count
        } else {
            contents.pointee.inputEnd = 0
        }
        return transfer
    }

    /// Takes over as much of `bytes` as there is room for, in place of what was there.
    ///
    /// - Returns: How many bytes that are.
    package func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
        let count = min(bytes.count, contents.pointee.input.count)
        contents.pointee.input.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        contents.pointee.inputPosition = 0
        contents.pointee.inputEnd = count
        return count
    }

    /// What was received and no session has taken.
    package var input: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            rebasing: contents.pointee.input[
                contents.pointee.inputPosition..<contents.pointee.inputEnd
            ]
        )
    }

    /// What is to be sent; valid until the next session writes.
    package var output: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: contents.pointee.output,
            count: contents.pointee.outputCount
        )
    }

    package func removeOutput() {
        contents.pointee.outputCount = 0
    }
}

/// What OpenSSL calls to read and write: memory of the loop in place of a socket (BIO_meth_new(3)).
enum TLSWireMethod {
    /// Made once and not changed any more; OpenSSL only reads it.
    nonisolated(unsafe) private static let method: OpaquePointer? = {
        guard let method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "loop") else {
            return nil
        }
        BIO_meth_set_read_ex(method) { bio, target, capacity, count in
            TLSWireMethod.read(bio, target, capacity, count)
        }
        BIO_meth_set_write_ex(method) { bio, source, length, count in
            TLSWireMethod.write(bio, source, length, count)
        }
        BIO_meth_set_ctrl(method) { _, command, _, _ in
            command == BIO_CTRL_FLUSH ? 1 : 0
        }
        return method
    }()

    /// A BIO onto `wire`, which must outlive it; `nil` when memory is short.
    static func makeBIO(_ wire: TLSWire) -> OpaquePointer? {
        guard let method, let bio = BIO_new(method) else { return nil }
        BIO_set_data(bio, wire.contents)
        BIO_set_init(bio, 1)
        return bio
    }

    @inline(__always)
    private static func contents(
        _ bio: OpaquePointer?
    ) -> UnsafeMutablePointer<TLSWire.Contents>? {
        BIO_get_data(bio)?.assumingMemoryBound(to: TLSWire.Contents.self)
    }

    private static func read(
        _ bio: OpaquePointer?,
        _ target: UnsafeMutablePointer<CChar>?,
        _ capacity: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let contents = contents(bio), let target, let count else { return 0 }
        count.pointee = contents.pointee.takeInput(target, capacity)
        if count.pointee > 0 {
            copenssl_clear_retry(bio)
            return 1
        }
        copenssl_retry_read(bio)
        return 0
    }

    private static func write(
        _ bio: OpaquePointer?,
        _ source: UnsafePointer<CChar>?,
        _ length: Int,
        _ count: UnsafeMutablePointer<Int>?
    ) -> CInt {
        guard let contents = contents(bio), let source, let count else { return 0 }
        copenssl_clear_retry(bio)
        contents.pointee.appendOutput(source, length)
        count.pointee = length
        return 1
    }
}
