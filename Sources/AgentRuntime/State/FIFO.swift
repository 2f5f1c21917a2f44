/// A queue with amortised O(1) at both of its ends.
struct FIFO<Element> {
    private var elements: [Element?] = []
    private var head = 0

    var count: Int { elements.count - head }
    var isEmpty: Bool { count == 0 }
    var first: Element? { isEmpty ? nil : elements[head] }

    mutating func append(_ element: Element) {
        elements.append(element)
    }

    mutating func popFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = elements[head]
        elements[head] = nil
        head += 1
        // Half of the array is room given back: moving the rest costs less than was popped.
        if head >= 32 && head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return element
    }

    /// Keeps the elements that satisfy `isIncluded`, in order; O(n).
    mutating func filter(_ isIncluded: (Element) -> Bool) {
        elements = elements[head...].filter { element in element.map(isIncluded) ?? false }
        head = 0
    }
}

extension FIFO: Sendable where Element: Sendable {}
