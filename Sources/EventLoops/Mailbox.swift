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
        @usableFromInline var holdsWakeups = false

        @usableFromInline init() {}

        /// Whether the reader, which has something to read, must be woken now.
        @inlinable
        mutating func wakes() -> Bool {
            guard readerSleeps, !holdsWakeups else { return false }
            readerSleeps = false
            return true
        }
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
            return contents.wakes()
        }
        if mustWake { wakeup.signal() }
    }

    /// Until ``releaseWakeups()`` posts wake nobody.
    ///
    /// Whoever is about to post much wakes the reader once for all of it. One thread at a time may
    /// do so, and not for long.
    package func holdWakeups() {
        contents.withLock { $0.holdsWakeups = true }
    }

    /// Posts wake the reader again, and those that have not do it now.
    package func releaseWakeups() {
        let mustWake = contents.withLock { contents in
            contents.holdsWakeups = false
            return !contents.elements.isEmpty && contents.wakes()
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
