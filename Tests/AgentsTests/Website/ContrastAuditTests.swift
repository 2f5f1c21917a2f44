import AgentRuntime
import JSONRPC
import Testing

@testable import Agents

@Suite struct ContrastAuditTests {
    private static func audit(_ html: String) throws -> ContrastAudit {
        try ContrastAudit(html: html) { _ in }
    }

    @Test(
        arguments: [
            ("<p style='color:#767676'>x", 0), ("<p style='color:#777'>x", 1),
            ("<p style='color:#949494;font-size:24px'>x", 0),
            ("<p style='color:#949494;font-size:23.9px'>x", 1),
            ("<p style='color:#949494;font-size:14pt;font-weight:bold'>x", 0),
            ("<p style='color:#949494;font-size:14pt'>x", 1),
            ("<h2 style='color:#949494'>x</h2>", 0), ("<h3 style='color:#949494'>x</h3>", 0),
            ("<h4 style='color:#949494'>x</h4>", 1),
            ("<div style='background:black'><p>x", 1),
            ("<div style='background:black;color:white'><p>x", 0),
            ("<div style='background:black;color:white'><p style='background:#fff'>x", 1),
            ("<div style='background:black'><a href=x>x</a></div>", 1),
            ("<p style='color:rgba(0,0,0,.5)'>x", 1),
            ("<div style='background:rgb(0 0 0/90%);color:white'>x", 0),
            ("<p style='color:white'> \n&nbsp;</p>", 0),
            ("<p style='color:white;display:none'>x", 0), ("<p hidden style='color:white'>x", 0),
            ("<p style='color:white;visibility:hidden'>x", 0),
            ("<title style='color:white'>x</title>", 0),
            ("<p style='background:currentcolor'>x", 1),
            ("<p style='color:white'><b style='color:initial'>x", 0),
            ("<style>p{color:white}</style><p>x", 1),
            ("<p>x<style>p{color:white}</style>", 1),
            ("<style>.n{color:white} p{color:black}</style><p class='m n'>x", 1),
            ("<style>p{color:white}</style><p style='color:black'>x", 0),
            ("<style>p{color:white!important}</style><p style='color:black'>x", 1),
            ("<style media=print>p{color:white}</style><p>x", 0),
            ("<ul style='color:white'><li style='color:black'>x<li>y</ul>", 1),
            ("<p style='color:white'>x<div>y</div>", 1),
            ("<p style='color:white'>x<br>y<b>z</b></p>", 2),
        ]
    )
    func `text with too little contrast is found`(html: String, failed: Int) throws {
        #expect(try Self.audit(html).failed == failed)
    }

    @Test func `a finding says where and how much`() throws {
        let html = """
            <html><body><div id=main><p>fine</p><p style="color:#999">pale</p></div></body></html>
            """
        let context = RecordingContext()
        let result = try SiteAudit.task(["html": .string(html)], context: context)
        let finding = try #require(result["findings"]?.arrayValue?.first)
        #expect(finding["rule"] == "color-contrast")
        #expect(finding["wcag"] == "1.4.3")
        #expect(finding["selector"] == "#main > p:nth-of-type(2)")
        #expect(finding["message"] == "Text has a contrast of 2.84:1 where 4.5:1 is required")
        #expect(finding.number("ratio").isClose(to: 2.849027, within: 1e-6))
        #expect(result["examined"] == 2)
        // Of four checks; the language and the title are missing.
        #expect(result["score"] == .double(25))
        #expect(context.progress == [20, 100])
    }

    @Test func `text over an image is undetermined until a colour covers it`() throws {
        let audit = try Self.audit(
            """
            <div style="background:url(x.png)">over<p style="background:rgba(0,0,0,.5)">half</p>
            <p style="background:white">covered</p></div>
            """
        )
        #expect(audit.undetermined == 2)
        #expect(audit.examined == 1)
    }

    @Test func `what was not examined is counted`() throws {
        let audit = try Self.audit(
            "<link rel='stylesheet' href=x><style>p > a{color:red}</style><p>x"
        )
        #expect(audit.externalStyleSheets == 1)
        #expect(audit.skippedSelectors == 1)
    }

    @Test(arguments: ["", "   ", "<", "<!--", "</p></p>", "<title>x", "\0"])
    func `a page without text passes`(html: String) throws {
        let audit = try Self.audit(html)
        #expect(audit.score == 100)
        #expect(audit.findings.isEmpty)
    }

    @Test(
        arguments: [
            ("<ul><li>x", 1_048_576), ("<b style='font-size:1e30em;color:white'>x", 262_144),
            ("<p>x</i>", 262_144), ("<b><i>x</b>", 262_144), ("<style>{", 262_144),
            ("<style>.a{color:red}</style><p class=a>x", 262_144),
            ("<li style=color:red>x", 262_144),
        ]
    )
    func `nesting without end has a defined result`(piece: String, bytes: Int) throws {
        let html = String(repeating: piece, count: bytes / piece.utf8.count)
        let audit = try Self.audit(html)
        #expect((0...100).contains(audit.score))
        #expect(audit.findings.count <= ContrastAudit.findingLimit)
        #expect(audit.findings.allSatisfy { (1...21).contains($0.ratio) })
    }

    @Test func `selectors of many rules and elements end in time`() throws {
        let html =
            "<style>" + String(repeating: ".a{color:red}", count: 600) + "</style>"
            + String(repeating: "<b class=a>x</b>", count: 4_000)
        let audit = try Self.audit(html)
        #expect(audit.failed == 4_000)
        #expect(audit.findings.count == ContrastAudit.findingLimit)
        #expect(audit.skippedSelectors == 100)
    }

    @Test func `a cancelled audit stops`() async {
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try Self.audit(String(repeating: "<p>x", count: 100)).examined
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
