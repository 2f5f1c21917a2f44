/// What a user is allowed in general; which objects it holds for is said by ``AccessRules``.
package enum Role: String, CaseIterable, Comparable, Sendable {
    /// Sees what a user sees and changes nothing.
    case viewer
    /// Works with the agents that are assigned.
    case user
    /// Works with all agents and tasks.
    case manager
    /// Everything, users included.
    case admin

    private var rank: Int {
        switch self {
        case .viewer: 0
        case .user: 1
        case .manager: 2
        case .admin: 3
        }
    }

    package static func < (lower: Role, higher: Role) -> Bool { lower.rank < higher.rank }
}
