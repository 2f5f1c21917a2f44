import JSONRPC
import Testing

@testable import Agents

@Suite struct StructureAuditTests {
    private static func found(_ html: String) throws -> [String] {
        let page = "<html lang=en><title>t</title><body>" + html
        return try StructureAudit(html: page).findings.map { "\($0.rule.rawValue) \($0.selector)" }
    }

    @Test(
        arguments: [
            ("<img src=x>", ["image-alt html > body > img:nth-of-type(1)"]),
            ("<img alt=''><img alt=x><img role=none><img aria-label=x>", []),
            ("<div hidden><img><p><a href=x></a></div>", []),
            ("<a href=x></a>", ["link-name html > body > a:nth-of-type(1)"]),
            ("<a href=x><img alt=y></a><a href=x> <b>t</b></a><a></a>", []),
            ("<a href=x><img alt=''></a>", ["link-name html > body > a:nth-of-type(1)"]),
            ("<button id=b> </button>", ["button-name #b"]),
            ("<button aria-label=b></button><input type=button value=v>", []),
            ("<input id=i><label for=i>x</label>", []), ("<label>x <input></label>", []),
            (
                "<input><select title=x></select><textarea></textarea>",
                [
                    "label html > body > input:nth-of-type(1)",
                    "label html > body > textarea:nth-of-type(1)",
                ]
            ),
            ("<input type=hidden><input type=submit>", []),
            (
                "<meta name=viewport content='width=device-width, maximum-scale=1'>",
                ["meta-viewport html > body > meta:nth-of-type(1)"]
            ),
            ("<meta name=viewport content='initial-scale=1,maximum-scale=3'>", []),
        ] as [(String, [String])]
    )
    func `what is missing is found where it is missing`(html: String, found: [String]) throws {
        #expect(try Self.found(html) == found)
    }

    @Test func `a page has a language and a title`() throws {
        let audit = try StructureAudit(html: "<html lang=' '><title> </title><p>x")
        #expect(audit.findings.map(\.rule) == [.language, .title])
        #expect(try StructureAudit(html: "").failed == 2)
    }

    @Test(arguments: ["<a href=x>", "<button>", "<label>", "<div><input>", "</a>", "<img>", "<"])
    func `endless repeats are read in linear time`(part: String) throws {
        _ = try Self.found(String(repeating: part, count: 60_000 / part.utf8.count))
    }
}
