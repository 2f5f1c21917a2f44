extension AccessRules {
    /// Whether one sees what a user has set up or begun: schedules and runs of workflows.
    ///
    /// Everybody sees one's own, managers and administrators see all.
    package func sees(ownedBy userID: String) -> Bool {
        principal.role >= .manager || principal.userID == userID
    }
}
