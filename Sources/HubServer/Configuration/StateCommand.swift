/// What the daemon is asked to do with a state folder instead of serving.
package struct StateCommand: Equatable, Sendable {
    package enum Name: String, CaseIterable, Sendable {
        case verify
        case repair
        case backup

        /// What follows the name.
        package var synopsis: String {
            switch self {
            case .verify: "DIR"
            case .repair: "DIR"
            case .backup: "DIR TARGET"
            }
        }

        package var summary: String {
            switch self {
            case .verify:
                "check every byte of it and whether a hub would start; changes nothing"
            case .repair:
                "repair what can be repaired without losing what was acknowledged, and keep what "
                    + "is taken out of use; with --dry-run only say so"
            case .backup:
                "copy it to the new folder TARGET, also while a hub works in it, and verify the "
                    + "copy; copied back, it is a state folder"
            }
        }

        fileprivate var folders: Int { self == .backup ? 2 : 1 }
    }

    package var name: Name
    package var directory: String
    /// The second folder, for a backup.
    package var target: String?
    package var isDryRun = false

    /// Reads the arguments that follow the program's name; `nil` when they name no command.
    init?(_ arguments: [String]) throws(UsageError) {
        guard let first = arguments.first, !first.hasPrefix("-") else { return nil }
        guard let name = Name(rawValue: first) else {
            let meant = Suggestion.closest(to: first, among: Name.allCases.map(\.rawValue))
            throw UsageError(
                meant.map { "unknown command '\(first)'; did you mean '\($0)'?" }
                    ?? "unexpected argument '\(first)'; options begin with '--'"
            )
        }
        self.name = name
        var folders: [String] = []
        for argument in arguments.dropFirst() {
            if argument == "--dry-run", name == .repair {
                isDryRun = true
            } else if argument.hasPrefix("-") {
                throw UsageError("'\(name.rawValue)' has no option '\(argument)'")
            } else {
                folders.append(argument)
            }
        }
        guard folders.count == name.folders, let directory = folders.first, !folders.contains("")
        else { throw UsageError("'\(name.rawValue)' needs \(name.synopsis)") }
        self.directory = directory
        target = folders.dropFirst().first
    }
}
