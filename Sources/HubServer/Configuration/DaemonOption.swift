/// One option of the daemon's command line; the help text is made from these too.
package struct DaemonOption: Sendable {
    /// With its dashes.
    package let name: String
    /// What stands for its value in the help text; `nil` for an option without one.
    package let placeholder: String?
    package let summary: String
    let group: Group
    let effect: Effect

    enum Group: String, CaseIterable {
        case running = "Running"
        case configuration = "Configuration"
        case information = "Information"
    }

    enum Effect: Equatable {
        /// Sets a key of the configuration; a list takes every occurrence of the option.
        case sets(String)
        case namesFile
        case asksFor(DaemonArguments.Action)
    }

    private init(
        _ name: String,
        _ placeholder: String?,
        _ group: Group,
        _ effect: Effect,
        _ summary: String
    ) {
        self.name = name
        self.placeholder = placeholder
        self.summary = summary
        self.group = group
        self.effect = effect
    }

    package static let all: [DaemonOption] = [
        DaemonOption(
            "--listen",
            "ADDR:PORT",
            .running,
            .sets("listen"),
            "listen here; also [IPV6]:PORT and unix:/path, and more than once "
                + "(default 127.0.0.1:7420; port 0 picks a free one)"
        ),
        DaemonOption(
            "--state-dir",
            "DIR",
            .running,
            .sets("stateDirectory"),
            "keep journal and snapshots in DIR (default $STATE_DIRECTORY, else "
                + "$XDG_STATE_HOME/omnihub, else ~/.local/state/omnihub)"
        ),
        DaemonOption(
            "--tls-certificate",
            "FILE",
            .running,
            .sets("tls.certificate"),
            "speak TLS with the certificate chain in FILE, in PEM; SIGHUP reads it anew"
        ),
        DaemonOption(
            "--tls-key",
            "FILE",
            .running,
            .sets("tls.key"),
            "the certificate's private key, in PEM"
        ),
        DaemonOption(
            "--loops",
            "N",
            .running,
            .sets("loops"),
            "run N event loops (default 0: one per processor)"
        ),
        DaemonOption(
            "--dev",
            nil,
            .running,
            .sets("dev"),
            "make every session an administrator; only on loopback addresses and Unix sockets"
        ),
        DaemonOption(
            "--log-level",
            "LEVEL",
            .running,
            .sets("log.level"),
            "log LEVEL and above: debug, info, notice, warning or error (default info)"
        ),
        DaemonOption(
            "--config",
            "FILE",
            .configuration,
            .namesFile,
            "read the JSON5 file FILE (default $OMNIHUB_CONFIG, else none)"
        ),
        DaemonOption(
            "--print-config",
            nil,
            .configuration,
            .asksFor(.printConfiguration),
            "print every key with its description and the value that would be used, and exit"
        ),
        DaemonOption(
            "--check-config",
            nil,
            .configuration,
            .asksFor(.checkConfiguration),
            "say what is wrong with the configuration, and exit"
        ),
        DaemonOption(
            "--version",
            nil,
            .information,
            .asksFor(.showVersion),
            "print the version and exit"
        ),
        DaemonOption(
            "--help",
            nil,
            .information,
            .asksFor(.showHelp),
            "print this text and exit"
        ),
    ]
}
