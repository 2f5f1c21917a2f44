/// Moments at which something is to be done, at most one for each key.
///
/// Setting and cancelling are O(log n); a cancelled timer stays in the heap until it surfaces or
/// until half of the heap is cancelled ones.
struct TimerHeap<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var deadline: Duration
        var generation: UInt64
        var key: Key

        static func < (earlier: Entry, later: Entry) -> Bool {
            (earlier.deadline, earlier.generation) < (later.deadline, later.generation)
        }
    }

    private var heap: [Entry] = []
    /// The generation that counts, by key.
    private var generations: [Key: UInt64] = [:]
    private var nextGeneration: UInt64 = 1

    var count: Int { generations.count }

    /// Sets the timer of `key`, in place of an earlier one.
    mutating func set(_ key: Key, at deadline: Duration) {
        generations[key] = nextGeneration
        heap.append(Entry(deadline: deadline, generation: nextGeneration, key: key))
        nextGeneration += 1
        siftUp(from: heap.count - 1)
        if heap.count > 64 && heap.count > 2 * generations.count { sweep() }
    }

    mutating func cancel(_ key: Key) {
        generations[key] = nil
    }

    func isSet(_ key: Key) -> Bool { generations[key] != nil }

    /// The moment of the first timer.
    ///
    /// Amortised O(log n): drops cancelled ones on the way.
    mutating func nextDeadline() -> Duration? {
        while let first = heap.first {
            if generations[first.key] == first.generation { return first.deadline }
            removeFirst()
        }
        return nil
    }

    /// Takes the first timer if it is due at `now`; equal moments come in the order of setting.
    mutating func popDue(at now: Duration) -> Key? {
        guard let deadline = nextDeadline(), deadline <= now, let first = heap.first
        else { return nil }
        removeFirst()
        generations[first.key] = nil
        return first.key
    }

    private mutating func sweep() {
        heap = heap.filter { generations[$0.key] == $0.generation }
        // A sorted array is a heap.
        heap.sort { $0 < $1 }
    }

    private mutating func removeFirst() {
        let last = heap.removeLast()
        guard !heap.isEmpty else { return }
        heap[0] = last
        siftDown()
    }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while 2 * parent + 1 < heap.count {
            let left = 2 * parent + 1
            let right = left + 1
            let child = right < heap.count && heap[right] < heap[left] ? right : left
            guard heap[child] < heap[parent] else { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
