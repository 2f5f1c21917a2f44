import Glibc

/// The files that a server's TLS is made of, in PEM.
package struct TLSFiles: Equatable, Sendable {
    /// The server's certificate and those that lead to its root.
    package var certificates: String
    package var key: String
    package var minimumVersion = TLSVersion.v1_2
    package var clientCertificates = TLSClientCertificates.none
    /// Certificates of those who certify clients.
    package var clientAuthorities = ""

    /// Larger than any chain; more is the wrong file.
    private static let maximumBytes = 1 << 20

    package init(certificates: String, key: String) {
        self.certificates = certificates
        self.key = key
    }

    /// Reads the files and checks that they belong together.
    package func load() throws(TLSFileError) -> TLSContext {
        var settings = TLSServerSettings(
            certificates: try read(certificates, .certificate),
            key: try readKey()
        )
        defer { settings.key.wipe() }
        settings.minimumVersion = minimumVersion
        settings.clientCertificates = clientCertificates
        if clientCertificates != .none {
            settings.clientAuthorities = try read(clientAuthorities, .authorities)
        }
        do throws(TLSError) {
            return try TLSContext(server: settings)
        } catch {
            throw TLSFileError(part: error.part, path: path(of: error.part), reason: error.reason)
        }
    }

    /// What is doubtful about files that can be used.
    ///
    /// - Parameters:
    ///   - context: What ``load()`` gave.
    ///   - now: Seconds since 1970.
    /// - Returns: A sentence each.
    package func warnings(about context: TLSContext, now: Int) -> [String] {
        var warnings: [String] = []
        if let certificate = context.certificate {
            if certificate.notAfter < now {
                warnings.append("the certificate '\(certificates)' has expired: clients refuse it")
            } else if certificate.notBefore > now {
                warnings.append("the certificate '\(certificates)' is not valid yet")
            }
        }
        return warnings
    }

    private func read(_ path: String, _ part: TLSError.Part) throws(TLSFileError) -> [UInt8] {
        do throws(SystemError) {
            return try SmallFile.read(path, maximumBytes: Self.maximumBytes)
        } catch {
            throw TLSFileError(
                part: part,
                path: path,
                reason: "cannot be read: \(error.reason)",
                isPermission: error.code == EACCES || error.code == EPERM
            )
        }
    }

    private func readKey() throws(TLSFileError) -> [UInt8] {
        do throws(SecretFileError) {
            return try SecretFile.read(key, maximumBytes: Self.maximumBytes)
        } catch {
            throw TLSFileError(
                part: .key,
                path: key,
                reason: error.reason,
                isPermission: error.isPermission
            )
        }
    }

    private func path(of part: TLSError.Part) -> String? {
        switch part {
        case .certificate: certificates
        case .key: key
        case .authorities: clientAuthorities
        case .library: nil
        }
    }
}

/// A file of ``TLSFiles`` that cannot be used.
package struct TLSFileError: Error, Equatable, Sendable, CustomStringConvertible {
    package var part: TLSError.Part
    package var path: String?
    package var reason: String
    /// Whether a permission is what is missing.
    package var isPermission = false

    package var description: String { path.map { "'\($0)' \(reason)" } ?? reason }
}
