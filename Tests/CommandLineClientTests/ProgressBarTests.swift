import Testing

@testable import CommandLineClient

@Suite("Progress bar")
struct ProgressBarTests {
    @Test(
        arguments: [
            (-5, "░░░░   0 %"), (0, "░░░░   0 %"), (3, "░░░░   3 %"), (4, "▏░░░   4 %"),
            (50, "██░░  50 %"), (99, "███▉  99 %"), (100, "████ 100 %"), (1000, "████ 100 %"),
        ]
    )
    func `fills from the left`(percent: Int, text: String) {
        #expect(ProgressBar.text(percent: percent, cells: 4) == text)
    }
}
