import Testing

@testable import HubServer

@Suite struct DaemonArgumentsTests {
    @Test(arguments: [
        ([], DaemonArguments.Action.serve), (["--help"], .showHelp), (["-h"], .showHelp),
        (["--version"], .showVersion), (["--print-config"], .printConfiguration),
        (["--check-config", "--dev"], .checkConfiguration),
        (["--check-config", "--check-config"], .checkConfiguration),
        (["--print-config", "--help"], .showHelp), (["--help", "--nonsense"], .showHelp),
        (["--version", "--help"], .showVersion),
    ])
    func `an action is recognised`(arguments: [String], action: DaemonArguments.Action) throws {
        #expect(try DaemonArguments(arguments).action == action)
    }

    @Test(arguments: [
        (["--listen", "a:1", "--listen=b:2"], "--listen", "listen", ["a:1", "b:2"]),
        (["--state-dir", "/s"], "--state-dir", "stateDirectory", ["/s"]),
        (["--state-dir=/s=t"], "--state-dir", "stateDirectory", ["/s=t"]),
        (["--loops", "-1"], "--loops", "loops", ["-1"]),
        (["--dev"], "--dev", "dev", ["true"]),
        (["--log-level=debug"], "--log-level", "log.level", ["debug"]),
    ])
    func `an option sets a key`(
        arguments: [String],
        option: String,
        key: String,
        texts: [String]
    ) throws {
        let setting = DaemonArguments.Setting(option: option, key: key, texts: texts)
        #expect(try DaemonArguments(arguments).settings == [setting])
        #expect(HubConfiguration.key(key) != nil)
    }

    @Test(arguments: [["--config", "a"], ["--config=a"]])
    func `a file is named`(arguments: [String]) throws {
        #expect(try DaemonArguments(arguments).configurationFile == "a")
    }

    @Test(arguments: [
        (["--lissten", "x"], "unknown option '--lissten'; did you mean '--listen'? See"),
        (["--LISTEN=x"], "unknown option '--LISTEN'; did you mean '--listen'? See"),
        (["--frobnicate"], "unknown option '--frobnicate'. See"),
        (["-x"], "unknown option '-x'. See"), (["--"], "unknown option '--'. See"),
        (["-"], "unexpected argument '-'; options begin with '--'. See"),
        (["serve"], "unexpected argument 'serve'; options begin with '--'. See"),
        ([""], "unexpected argument ''; options begin with '--'. See"),
        (["a\nb\u{1B}[31m"], #"unexpected argument 'a\u{a}b\u{1b}[31m'; options begin"#),
        (["--listen"], "option '--listen' needs a value: ADDR:PORT. See"),
        (["--listen="], "option '--listen' needs a value: ADDR:PORT. See"),
        (["--config", "--dev"], "option '--config' needs a value: FILE. See"),
        (["--dev=yes"], "option '--dev' takes no value. See"),
        (["--loops", "1", "--loops", "2"], "option '--loops' is given twice. See"),
        (["--dev", "--dev"], "option '--dev' is given twice. See"),
        (["--config=a", "--config=b"], "option '--config' is given twice. See"),
        (["--print-config", "--check-config"], "'--print-config' and '--check-config' exclude"),
    ])
    func `a mistake is told in one line`(arguments: [String], message: String) {
        let error = #expect(throws: UsageError.self) { try DaemonArguments(arguments) }
        #expect(error?.description.hasPrefix(message) == true)
        #expect(error?.description.hasSuffix("See 'omnihubd --help'.") == true)
    }

    @Test(arguments: DaemonOption.all.map(\.name))
    func `the help text names every option`(name: String) {
        #expect(DaemonArguments.help.contains("\n  \(name) "))
    }

    @Test(arguments: DaemonArguments.help.split(separator: "\n").map(String.init))
    func `the help text fits a terminal`(line: String) {
        #expect(line.count <= 80)
        #expect(line.last != " ")
    }

    @Test(arguments: HubServer.ExitStatus.allCases)
    func `the help text names every exit status`(status: HubServer.ExitStatus) {
        #expect(DaemonArguments.help.contains("\n  \(status.rawValue) "))
        #expect(status == .success || 64...78 ~= status.rawValue)
    }
}
