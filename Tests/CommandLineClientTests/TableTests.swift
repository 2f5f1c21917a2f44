import Testing

@testable import CommandLineClient

@Suite("Table")
struct TableTests {
    @Test func `aligns its columns and cuts the last one`() {
        var table = Table([
            .init(title: "ID"), .init(title: "N", alignsRight: true), .init(title: "TEXT"),
        ])
        table.append([.init("a"), .init("100"), .init("a long text")])
        table.append([.init("漢字"), .init("7"), .init("b\n")])
        #expect(
            table.lines(TextStyle(usesColours: false, columns: 16)) == [
                "ID      N  TEXT", "a     100  a lo…", "漢字    7  b\\u0…",
            ]
        )
        #expect(table.lines(.plain)[1] == "a     100  a long text")
    }
}
