package import Identity
import JSONRPC

/// On whose behalf the hub does something by itself: what somebody has set up is done with the
/// rights of that one.
package struct Owner: Hashable, Sendable {
    package var userID: String
    /// The role at the time, which an API key may have lowered: a later one counts only as far as it
    /// is less.
    package var role: Role

    package init(userID: String, role: Role) {
        self.userID = userID
        self.role = role
    }
}

extension Owner {
    func writeMembers(to writer: inout JSONWriter) {
        writer.member("createdBy", userID)
        writer.member("role", role.rawValue)
    }

    init(reading value: JSONReader) throws(StateDecodingError) {
        self.init(userID: try value.string("createdBy"), role: try value.choice("role"))
    }
}

extension RuntimeCore {
    /// Whom the caller of the command at hand makes the owner of something.
    var callingOwner: Owner {
        Owner(userID: asking.caller.userID, role: asking.rules.principal.role)
    }

    /// What an owner may do and see at this moment; `nil` when it has lost all of it.
    func rules(of owner: Owner) -> AccessRules? {
        guard let user = state.identity.users[owner.userID] else {
            // On a hub for development nobody has an account.
            return configuration.isForDevelopment ? AccessRules(.developer, assigned: []) : nil
        }
        guard !user.isDisabled else { return nil }
        let principal = Principal(
            userID: user.id,
            role: min(owner.role, user.role),
            credential: .session(id: "")
        )
        return AccessRules(principal, assigned: user.agents)
    }
}
