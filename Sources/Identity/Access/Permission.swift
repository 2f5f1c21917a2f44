/// What calling a method takes; each row of the method table has one.
///
/// It says nothing of objects: a user with ``work`` may cancel tasks, namely those that
/// ``AccessRules`` lets the user see.
package enum Permission: String, CaseIterable, Sendable {
    /// Also without proof of who it is.
    case anyone
    /// Everybody who has proved it: what concerns the account itself.
    case authenticated
    /// Reading what one may see: every role.
    case read
    /// Changing what one may see: users, managers, administrators.
    case work
    /// Changing how agents work: managers and administrators.
    case manage
    /// Users, keys of others, the hub itself: administrators.
    case administer

    /// The least role that has it; `nil` when none is needed.
    package var leastRole: Role? {
        switch self {
        case .anyone: nil
        case .authenticated, .read: .viewer
        case .work: .user
        case .manage: .manager
        case .administer: .admin
        }
    }
}
