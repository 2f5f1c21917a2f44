extension HubConfiguration {
    /// Descriptors of a hub beside its connections, with room to spare: pollers, listeners,
    /// journal, snapshots, and what Dispatch opens of its own.
    private static let ownDescriptors = 40
    private static let descriptorsOfLoop = 2

    /// Lowers `limits.maxConnections` to what there are descriptors for.
    ///
    /// Connections must never take the last one. Not only that the journal could not begin a
    /// segment: Dispatch ends the process when it cannot look at its threads in `/proc`.
    ///
    /// - Returns: Whether that was necessary.
    mutating func fitConnections(to descriptors: Int, loops: Int) -> Bool {
        let own = Self.ownDescriptors + Self.descriptorsOfLoop * loops + listen.count
        // With very few, half of them: better a small hub than none.
        let room = max(1, descriptors - min(own, descriptors / 2))
        guard room < limits.maxConnections else { return false }
        limits.maxConnections = room
        return true
    }
}
