/// Makes a feed's publications from those of the channels it follows.
package protocol Transcriber: Sendable {
    /// The most bytes a publication takes that is made from `body` bytes.
    func capacity(for body: Int) -> Int

    /// Writes a publication that is made from the repeatable part of another.
    func write(
        offset: UInt64,
        body: UnsafeRawBufferPointer,
        to target: UnsafeMutableRawBufferPointer
    ) -> EntryLayout
}
