import Testing

@testable import Analytics

@Suite("Reports")
struct ReportDocumentTests {
    private func table(_ texts: [String]) -> ReportTable {
        ReportTable(
            title: "T",
            columns: [.init("Name", "name", isText: true), .init("Count", "count")],
            rows: texts.map { [.text($0), .count(3)] }
        )
    }

    private func csv(_ texts: [String]) -> String {
        let document = ReportDocument(title: "R", facts: [], data: table(texts))
        return String(decoding: document.csv, as: UTF8.self)
    }

    @Test(arguments: [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\nb", "\"a\nb\""),
        ("a\r\nb", "\"a\r\nb\""), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
        ("\tx", "'\tx"), ("  =x", "'  =x"), ("=\"a\",b", "\"'=\"\"a\"\",b\""), ("é", "é"),
    ])
    func `a field is quoted as RFC 4180 says and is no formula`(text: String, field: String) {
        #expect(csv([text]) == "name,count\r\n\(field),3\r\n")
    }

    @Test func `numbers are written for programs in CSV and for people in HTML`() {
        let cells: [(ReportCell, String, String)] = [
            (.count(1_234_567), "1234567", "1,234,567"),
            (.share(0.98761), "0.9876", "98.8 %"), (.share(nil), "", "–"),
            (.milliseconds(7.25), "7.3", "7.3 ms"), (.milliseconds(250), "250.0", "250 ms"),
            (.milliseconds(1500), "1500.0", "1.50 s"),
            (.milliseconds(61_000), "61000.0", "1 min 1 s"),
            (.milliseconds(3_660_000), "3660000.0", "1 h 1 min"),
            (.milliseconds(90_000_000), "90000000.0", "1 d 1 h"), (.milliseconds(nil), "", "–"),
            (.bytes(999), "999", "999 bytes"), (.bytes(1536), "1536", "1.5 KiB"),
        ]
        for (cell, plain, readable) in cells {
            #expect(cell.plain == plain)
            #expect(cell.readable == readable)
        }
    }

    @Test(arguments: [0.0, -1, .infinity, -.infinity, .nan, 1e300, .greatestFiniteMagnitude])
    func `no number is too much`(number: Double) {
        _ = ReportCell.milliseconds(number).readable + ReportCell.share(number).plain
        let chart = ReportChart(
            title: "C",
            summary: "S",
            shape: .timeline,
            labels: ["a"],
            series: [.init("x", .good, [number])]
        )
        var document = ReportDocument(title: "R", facts: [], data: table([]))
        document.charts = [chart]
        #expect(!document.html.isEmpty)
    }

    @Test func `what HTML would take for markup is text`() {
        var document = ReportDocument(
            title: "<b>&\"'",
            facts: [("f", "</dd><script>alert(1)</script>")],
            data: table(["<img src=x onerror=alert(1)>", "\u{0}\u{FFFE}\u{85}"])
        )
        document.headlines = [.init("<i>", .text("<u>"), "<s>")]
        document.notes = ["</footer>"]
        let html = String(decoding: document.html, as: UTF8.self)
        for markup in ["<b>", "<script", "<img", "<i>", "<u>", "<s>"] {
            #expect(!html.contains(markup))
        }
        #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;"))
        #expect(html.contains("\u{FFFD}\u{FFFD}\u{FFFD}"))
    }

    @Test func `a chart has a title, a description and a table of its figures`() {
        var document = ReportDocument(title: "R", facts: [], data: table(["x"]))
        document.charts = [
            ReportChart(
                title: "Tasks",
                summary: "How many.",
                shape: .ranking,
                labels: ["one", "two"],
                series: [.init("Good", .good, [3, 0]), .init("Bad", .bad, [1, 2])]
            )
        ]
        let html = String(decoding: document.html, as: UTF8.self)
        #expect(html.contains("<title id=\"picture-1-title\">Tasks</title>"))
        #expect(html.contains("<desc id=\"picture-1-description\">How many.</desc>"))
        #expect(html.contains("<th scope=\"row\" class=\"words\">two</th><td>0</td><td>2</td>"))
    }

    @Test(arguments: [
        (1.0, 1.0), (4, 4), (5, 5), (7, 8), (23, 25), (99, 100), (1001, 1500), (0, 1),
    ])
    func `an axis ends at a round number above all values`(maximum: Double, top: Double) {
        let scale = AxisScale(to: maximum, isWhole: true)
        #expect(scale.top >= maximum && scale.steps <= 5)
        #expect(scale.top == top)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (1.005, 1, "1.0"), (-0.04, 1, "0.0"), (-1.25, 1, "-1.3"),
        (1234.5, 0, "1235"), (0.0625, 4, "0.0625"),
    ])
    func `numbers are rounded to their digits`(value: Double, digits: Int, text: String) {
        #expect(value.fixed(digits) == text)
    }
}
