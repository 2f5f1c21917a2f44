import AgentRuntime
import JSONRPC

extension SiteBuild {
    static let mostBriefs = 10

    /// The site with a language model's text for each page that has a brief.
    func result(_ site: JSONValue, by writer: ModelWriter) async throws -> JSONValue {
        guard pages.contains(where: { $0.brief != nil }) else { return site }
        var written = self
        for index in pages.indices {
            guard let brief = pages[index].brief else { continue }
            let text = try await writer.write(
                pages[index].slug,
                instructions: """
                    You write the text of a page of a website in Markdown, in the language with \
                    the tag \(language), in at most 300 words. Do not repeat the page's title. \
                    Answer with the text alone. Invent no facts, names, prices or addresses.
                    """,
                request: """
                    Website: \(name)
                    Page: \(pages[index].title)
                    What it is to say: \(brief)
                    What stands before it: \(pages[index].markdown.prefix(2_000))
                    """
            )
            written.pages[index].brief = text
        }
        return try written.result(context: SilentContext())
    }
}

extension SiteBuild.Page {
    /// All of its Markdown.
    var text: String {
        guard let brief else { return markdown }
        return markdown.isEmpty ? brief : markdown + "\n\n" + brief
    }
}

/// For work that was reported before.
private struct SilentContext: TaskContext {
    func reportProgress(_ percent: Int, message: String?) {}
    func emit(_ output: JSONValue) {}
}
