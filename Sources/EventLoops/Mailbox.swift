public import Synchronization

/// Carries values from any thread to the one that owns the mailbox.
///
/// The array is swapped whole, so the lock is held for one append or one swap; the reader is woken
/// only when it sleeps: the wake-up is the expensive part.
@usableFromInline
package final class Mailbox<Element: Sendable>: Sendable {
    @usableFromInline
    package struct Contents {
        @usableFromInline var elements: [Element] = []
        @usableFromInline var readerSleeps = false

        @usableFromInline init() {}
    }

    @usableFromInline let contents = Mutex(Contents())
    @usableFromInline let wakeup: Wakeup

    @inlinable
    package init(wakeup: Wakeup) {
        self.wakeup = wakeup
    }

    @inlinable
    package func post(_ element: Element) {
        let mustWake = contents.withLock { contents in
            contents.elements.append(element)
            defer { contents.readerSleeps = false }
            return contents.readerSleeps
        }
        if mustWake { wakeup.signal() }
    }

    /// Everything posted so far, in order; only the owner may call this.
    @inlinable
    package func takeAll() -> [Element] {
        contents.withLock { contents in
            contents.readerSleeps = false
            if contents.elements.isEmpty { return [] }
            var taken: [Element] = []
            swap(&taken, &contents.elements)
            return taken
        }
    }

    /// The owner is about to sleep: from now on a post wakes it.
    ///
    /// - Returns: Whether it may sleep; `false` when something is waiting already.
    @inlinable
    package func prepareToSleep() -> Bool {
        contents.withLock { contents in
            guard contents.elements.isEmpty else { return false }
            contents.readerSleeps = true
            return true
        }
    }
}
