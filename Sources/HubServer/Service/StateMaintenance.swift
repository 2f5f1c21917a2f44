import AgentRuntime
import EventLoops
import Journal

/// The daemon's commands on a state folder: verify, repair and backup.
package enum StateMaintenance {
    /// Does what `command` asks for.
    ///
    /// `print` gets the lines of the result, `report` what went wrong and how far reading has come.
    ///
    /// - Returns: 0 when the folder, or the backup, is intact in the end; 78 when it is damaged.
    package static func run(
        _ command: StateCommand,
        print: (String) -> Void,
        report: (String) -> Void
    ) -> ExitStatus {
        do {
            switch command.name {
            case .verify:
                let directory = try StateDirectory(existing: command.directory, isReadOnly: true)
                let check = try check(directory, print, report)
                if check.problems.isEmpty, check.auditProblem == nil {
                    print("intact")
                    return .success
                }
                if check.problems.isEmpty {
                    report("a hub starts with this folder all the same")
                    return .configuration
                }
                report(StateDirectoryError.restoreAdvice)
                return .configuration
            case .repair:
                return try repair(command, print, report)
            case .backup:
                return try backUp(command, print, report)
            }
        } catch let error as StateDirectoryError {
            report(error.description)
            return ExitStatus(rawValue: error.exitStatus) ?? .ioError
        } catch {
            report("\(error)")
            return .software
        }
    }

    private static func repair(
        _ command: StateCommand,
        _ print: (String) -> Void,
        _ report: (String) -> Void
    ) throws(StateDirectoryError) -> ExitStatus {
        let directory = try StateDirectory(
            existing: command.directory,
            isReadOnly: command.isDryRun
        )
        var steps = 0
        try directory.repair(isDryRun: command.isDryRun) { step in
            steps += 1
            print(step)
        }
        if steps == 0 { print("nothing to repair") }
        if command.isDryRun { return .success }
        let check = try check(directory, print, report)
        guard check.problems.isEmpty else {
            report("the rest cannot be repaired: restore the state folder from a backup")
            return .configuration
        }
        print("intact")
        return .success
    }

    private static func backUp(
        _ command: StateCommand,
        _ print: (String) -> Void,
        _ report: (String) -> Void
    ) throws -> ExitStatus {
        guard let target = command.target else { return .usage }
        let backup = try Backup(of: command.directory, to: target)
        var isIntact = false
        let bytes = try backup.run { copy throws(StateDirectoryError) in
            isIntact = try check(copy, print, report).problems.isEmpty
            if !isIntact {
                throw .corrupt(
                    file: copy.path,
                    offset: 0,
                    problem: "the copy is as damaged as what it is a copy of",
                    advice: StateDirectoryError.restoreAdvice
                )
            }
        }
        print("copied \(bytes) bytes to \(target), intact")
        return .success
    }

    /// Prints what is in `directory`, and reports what is wrong with it.
    private static func check(
        _ directory: StateDirectory,
        _ print: (String) -> Void,
        _ report: (String) -> Void
    ) throws(StateDirectoryError) -> StateCheck {
        var pace = ProgressPace(startingAt: MonotonicClock.milliseconds)
        let check = try StateCheck(directory) { progress in
            guard StandardError.isTerminal,
                let percent = pace.percent(of: progress, at: MonotonicClock.milliseconds)
            else { return }
            report("read \(percent) %")
        }
        for line in check.summary + check.notes { print(line) }
        for problem in check.problems { report(problem) }
        if let problem = check.auditProblem { report(problem) }
        return check
    }
}
