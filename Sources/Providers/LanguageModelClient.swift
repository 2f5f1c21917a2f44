import HTTPProtocol
package import Outbound
import Synchronization

/// Asks a provider, and hands on what it says as it says it.
package struct LanguageModelClient: Sendable {
    package let provider: LanguageModelProvider
    private let client: OutboundClient

    package init(_ provider: LanguageModelProvider, over client: OutboundClient) {
        self.provider = provider
        self.client = client
    }

    /// Asks once; whoever asks decides whether to ask again.
    ///
    /// - Parameters:
    ///   - prompt: What is asked.
    ///   - onText: Is given each piece of the answer, on another thread.
    /// - Returns: The whole answer.
    /// - Throws: When there is none, and whether it is worth another try.
    package func complete(
        _ prompt: Prompt,
        onText: @escaping @Sendable (String) -> Void
    ) async throws(ProviderFailure) -> Completion {
        let request = try provider.request(prompt)
        let progress = Mutex(Progress(stream: CompletionStream(provider.api)))
        let response: OutboundResponse
        do throws(OutboundError) {
            response = try await client.send(request) { bytes throws(OutboundError) in
                let text = progress.withLock { $0.read(bytes) }
                guard let text else { throw .cancelled }
                if !text.isEmpty { onText(text) }
            }
        } catch {
            // What was wrong with the stream tells more than that it was ended for it.
            throw progress.withLock(\.failure) ?? ProviderFailure(error)
        }
        guard response.status.isSuccess else {
            throw ProviderFailure(
                status: response.status.rawValue,
                retryAfter: response.retryAfterSeconds
            )
        }
        let stream = progress.withLock(\.stream)
        return try stream.end()
    }

    private struct Progress {
        var stream: CompletionStream
        var failure: ProviderFailure?

        mutating func read(_ bytes: [UInt8]) -> String? {
            do throws(ProviderFailure) {
                return try stream.read(bytes)
            } catch {
                failure = error
                return nil
            }
        }
    }
}
