import Glibc

/// How many descriptors this process may have open: RLIMIT_NOFILE.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one, which needs no privilege.
    ///
    /// The soft limit is low by default only for programs that use select(2). Doing so again
    /// changes nothing.
    ///
    /// - Returns: The limit that holds now.
    @discardableResult
    package static func raise() -> Int {
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        var limit = rlimit()
        guard getrlimit(resource, &limit) == 0 else { return 0 }
        let soft = limit.rlim_cur
        limit.rlim_cur = limit.rlim_max
        let holding = setrlimit(resource, &limit) == 0 ? limit.rlim_max : soft
        return Int(clamping: holding)
    }
}
