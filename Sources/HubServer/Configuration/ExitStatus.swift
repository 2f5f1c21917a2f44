/// With which status the daemon ends (sysexits.h).
package enum ExitStatus: Int32, CaseIterable, Sendable {
    case success = 0
    case usage = 64
    case dataError = 65
    case noInput = 66
    case unavailable = 69
    case software = 70
    case osError = 71
    case cannotCreate = 73
    case ioError = 74
    case temporaryFailure = 75
    case noPermission = 77
    case configuration = 78

    /// What it means here, for the help text.
    package var summary: String {
        switch self {
        case .success: "stopped as asked"
        case .usage: "the command line is wrong"
        case .dataError: "the data that was read is wrong"
        case .noInput: "there is no state folder where one was named"
        case .unavailable: "an address cannot be listened on"
        case .software: "an error of the program itself"
        case .osError: "the system refused something that should work"
        case .cannotCreate: "the state folder, a backup or a socket cannot be created"
        case .ioError: "reading or writing failed"
        case .temporaryFailure: "another process has the state folder; try again later"
        case .noPermission: "a permission is missing"
        case .configuration: "the configuration or the stored state is wrong"
        }
    }
}
