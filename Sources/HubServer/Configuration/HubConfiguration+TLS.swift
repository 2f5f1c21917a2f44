package import EventLoops

let tlsKeys: [ConfigurationKey] = [
    .path(
        "tls.certificate",
        \.tls.certificate,
        "A PEM file with the hub's certificate and those that lead to its root; with it the "
            + "addresses of `listen`, other than Unix sockets, speak TLS only. A relative name is "
            + "looked for in $CREDENTIALS_DIRECTORY where systemd sets that.",
        variable: "OMNIHUB_TLS_CERTIFICATE"
    ),
    .path(
        "tls.key",
        \.tls.key,
        "A PEM file with the certificate's private key, without a passphrase, that nobody else may "
            + "read: mode 0600, or 0640 if it is root's.",
        variable: "OMNIHUB_TLS_KEY"
    ),
    .choice(
        "tls.minimumVersion",
        \.tls.minimumVersion,
        "The oldest version of TLS that is spoken."
    ),
    .choice(
        "tls.clientCertificates",
        \.tls.clientCertificates,
        "Whether clients are asked for a certificate: optional refuses bad ones, required also "
            + "those who show none."
    ),
    .path(
        "tls.clientAuthorities",
        \.tls.clientAuthorities,
        "A PEM file with the certificates of those who certify clients."
    ),
    .integer(
        "tls.strictTransportSeconds",
        \.tls.strictTransportSeconds,
        0...63_072_000,
        .seconds,
        "How long browsers that came over TLS shall use nothing else for this host name "
            + "(Strict-Transport-Security); 0 tells them nothing."
    ),
]

extension HubConfiguration {
    /// The files that TLS is made of; `nil` when none are configured.
    package var tlsFiles: TLSFiles? {
        guard !tls.certificate.isEmpty else { return nil }
        var files = TLSFiles(certificates: tls.certificate, key: tls.key)
        files.minimumVersion = tls.minimumVersion
        files.clientCertificates = tls.clientCertificates
        files.clientAuthorities = tls.clientAuthorities
        return files
    }

    /// What is wrong with the TLS keys taken together.
    var tlsProblems: [ConfigurationProblem] {
        func lacks(_ name: String, _ other: String) -> ConfigurationProblem {
            ConfigurationProblem(name: other, reason: "is empty, but \(name) needs it")
        }
        var problems: [ConfigurationProblem] = []
        if !tls.certificate.isEmpty, tls.key.isEmpty {
            problems.append(lacks("tls.certificate", "tls.key"))
        }
        if !tls.key.isEmpty, tls.certificate.isEmpty {
            problems.append(lacks("tls.key", "tls.certificate"))
        }
        if tls.clientCertificates != .none {
            if tls.certificate.isEmpty {
                problems.append(lacks("tls.clientCertificates", "tls.certificate"))
            }
            if tls.clientAuthorities.isEmpty {
                problems.append(lacks("tls.clientCertificates", "tls.clientAuthorities"))
            }
        }
        return problems
    }

    /// Finds relative names in the folder of the service's credentials (systemd.exec(5)).
    package mutating func resolveCredentials(environment: [String: String]) {
        guard let folder = environment["CREDENTIALS_DIRECTORY"], folder.hasPrefix("/") else {
            return
        }
        func found(_ path: String) -> String {
            path.isEmpty || path.hasPrefix("/") ? path : "\(folder)/\(path)"
        }
        tls.certificate = found(tls.certificate)
        tls.key = found(tls.key)
        tls.clientAuthorities = found(tls.clientAuthorities)
        auth.signingKey = found(auth.signingKey)
        auth.previousKey = found(auth.previousKey)
        auth.sealingKeys = found(auth.sealingKeys)
        auth.foreignKeys = found(auth.foreignKeys)
        outbound.authorities = found(outbound.authorities)
        for index in providers.indices {
            providers[index].keyFile = found(providers[index].keyFile)
        }
    }
}

extension ConfigurationError {
    /// A file that TLS needs and that cannot be used.
    package init(_ error: TLSFileError) {
        let name: String? =
            switch error.part {
            case .certificate: "tls.certificate"
            case .key: "tls.key"
            case .authorities: "tls.clientAuthorities"
            case .library: nil
            }
        self.init(
            [ConfigurationProblem(name: name, reason: error.description.printable)],
            status: error.isPermission ? .noPermission : .configuration
        )
    }
}
