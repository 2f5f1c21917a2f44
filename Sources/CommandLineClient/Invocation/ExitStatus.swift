/// What the program tells its caller by its exit status; from 64 on the codes of sysexits(3).
struct ExitStatus: RawRepresentable, Equatable, Sendable {
    let rawValue: Int32

    init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    static let success = ExitStatus(rawValue: 0)
    /// The hub refused the request, or the task did not complete.
    static let failure = ExitStatus(rawValue: 1)
    /// EX_USAGE: the command line is wrong.
    static let usage = ExitStatus(rawValue: 64)
    /// EX_DATAERR: what was given is no JSON.
    static let badData = ExitStatus(rawValue: 65)
    /// EX_NOINPUT: a file cannot be read.
    static let noInput = ExitStatus(rawValue: 66)
    /// EX_NOHOST: the host name has no address.
    static let noHost = ExitStatus(rawValue: 68)
    /// EX_UNAVAILABLE: no hub answers.
    static let unavailable = ExitStatus(rawValue: 69)
    /// EX_OSERR.
    static let systemError = ExitStatus(rawValue: 71)
    /// EX_IOERR: the output cannot be written.
    static let outputError = ExitStatus(rawValue: 74)
    /// EX_TEMPFAIL: the same may succeed later.
    static let temporaryFailure = ExitStatus(rawValue: 75)
    /// EX_PROTOCOL: what answers is no hub.
    static let protocolError = ExitStatus(rawValue: 76)
    /// EX_NOPERM: the hub wants other credentials.
    static let noPermission = ExitStatus(rawValue: 77)

    /// The status shells give to a program that `signal` has ended.
    static func interrupted(by signal: Int32) -> ExitStatus {
        ExitStatus(rawValue: 128 + signal)
    }
}
