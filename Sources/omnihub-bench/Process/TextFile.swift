import Glibc

/// A file of some bytes, such as the kernel shows its figures in.
struct SmallText {
    /// Without white space around it; `nil` when the file cannot be read.
    let contents: String?

    init(_ path: String) {
        guard let file = fopen(path, "r") else {
            contents = nil
            return
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = fread(&bytes, 1, bytes.count, file)
        var text = String(decoding: bytes.prefix(count), as: UTF8.self)
        while text.last?.isWhitespace == true { text.removeLast() }
        contents = text
    }
}

/// A file that is written whole.
struct TextFile {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    func write(_ text: String) throws(BenchError) {
        let bytes = Array(text.utf8)
        guard let file = fopen(path, "w") else {
            throw BenchError("cannot write \(path): \(String(cString: strerror(errno)))")
        }
        let written = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, written == bytes.count else {
            throw BenchError("cannot write \(path)")
        }
    }
}
