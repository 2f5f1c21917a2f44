import CLinux

/// What the kernel writes down of this process when it crashes.
package enum CoreDump {
    /// Has the kernel write down nothing, and lets no other process of the same user read this
    /// one's memory (prctl(2), `PR_SET_DUMPABLE`).
    ///
    /// Memory holds passwords and tokens for as long as they are worked on; a file with a copy of
    /// it would outlive them.
    ///
    /// - Returns: Whether the kernel agreed.
    package static func forbid() -> Bool { clinux_forbid_core_dumps() == 0 }
}
