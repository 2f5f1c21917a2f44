import Dispatch
import EventLoops
import Synchronization

/// The hub's certificate, and its renewal while the hub runs.
final class HubTLS: Sendable {
    /// What the loops make sessions from.
    let source: TLSContextSource
    private let files: TLSFiles
    private let logger: Logger
    private let counts = Mutex(Figures())
    /// Files are read here, so that no loop waits for a disk.
    private let queue = DispatchQueue(label: "omnihub.tls")

    struct Figures {
        var reloads: UInt64 = 0
        var failedReloads: UInt64 = 0
        /// When the certificate expires, in seconds since 1970.
        var expiry = 0
    }

    /// - Throws: Which file cannot be used, and why.
    init(_ files: TLSFiles, logger: Logger) throws(TLSFileError) {
        self.files = files
        self.logger = logger
        let context = try files.load()
        source = TLSContextSource(context)
        tell("loaded the certificate", of: context)
    }

    var figures: Figures { counts.withLock { $0 } }

    /// Reads the files anew.
    ///
    /// Sessions that begin from then on use them, and those that are open go on. With files that
    /// cannot be used everything stays as it was.
    ///
    /// Any thread may call it; `completion` is called on another one.
    func reload(_ completion: @escaping @Sendable () -> Void) {
        queue.async { [self] in
            do throws(TLSFileError) {
                let context = try files.load()
                source.current = context
                counts.withLock { $0.reloads += 1 }
                tell("reloaded the certificate", of: context)
            } catch {
                counts.withLock { $0.failedReloads += 1 }
                logger.error("the certificate in use stays, for the new one is no good: \(error)")
            }
            completion()
        }
    }

    private func tell(_ message: String, of context: TLSContext) {
        let now = WallClock.milliseconds / 1_000
        for warning in files.warnings(about: context, now: Int(now)) { logger.warning(warning) }
        guard let certificate = context.certificate else { return }
        counts.withLock { $0.expiry = certificate.notAfter }
        logger.notice(
            message,
            [
                "subject": certificate.subject,
                "expires": Timestamps.text(Int64(certificate.notAfter) * 1_000),
            ]
        )
    }
}
