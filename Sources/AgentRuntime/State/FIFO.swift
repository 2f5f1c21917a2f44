/// A queue with amortised O(1) at both of its ends, in pieces that are copied one by one.
///
/// What was popped is let go with its piece.
struct FIFO<Element> {
    /// Small enough that a copy of one is a matter of microseconds.
    private static var pieceSize: Int { 512 }

    /// Each but the last has `pieceSize` elements; there is none without elements.
    private var pieces: [[Element]] = []
    /// Popped elements of the first piece.
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : pieces[0][head] }

    mutating func append(_ element: Element) {
        if let last = pieces.indices.last, pieces[last].count < Self.pieceSize {
            pieces[last].append(element)
        } else {
            pieces.append([element])
        }
        count += 1
    }

    mutating func popFirst() -> Element? {
        guard let element = first else { return nil }
        head += 1
        count -= 1
        if head == pieces[0].count {
            pieces.removeFirst()
            head = 0
        }
        return element
    }

    /// Keeps the elements that satisfy `isIncluded`, in order; O(n).
    mutating func filter(_ isIncluded: (Element) -> Bool) {
        var kept = FIFO()
        for index in 0..<count where isIncluded(self[index]) { kept.append(self[index]) }
        self = kept
    }

    /// The element that `index` elements are before.
    subscript(index: Int) -> Element {
        let place = head + index
        return pieces[place / Self.pieceSize][place % Self.pieceSize]
    }
}

extension FIFO: Sendable where Element: Sendable {}
