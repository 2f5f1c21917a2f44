import CLinux
import EventLoops
import Glibc

/// Writes to a file and has it made durable, over and over: as many bytes at a time as the other
/// side did, for as many commands.
///
/// Like a journal it appends within blocks that were reserved beforehand. It runs where the server
/// runs, in this process.
struct CommitFloor: Trial {
    private static let reservation = 4 << 20

    func measure(
        _ programs: Programs,
        like other: Measurement?,
        for interval: Interval
    ) throws -> Measurement {
        guard let commands = other?.value(of: .commandsPerCommit),
            let bytes = other?.value(of: .bytesPerCommit), bytes >= 1
        else { throw BenchError("nothing tells what the floor is to write") }
        let folder = try TemporaryDirectory()
        let path = "\(folder.path)/journal"
        let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SystemError.last("open") }
        let file = FileDescriptor(adopting: descriptor)
        try Processor.pinCaller(to: Processor.server)
        defer { try? Processor.pinCaller(to: Processor.load) }
        let batch = [UInt8](repeating: UInt8(ascii: "x"), count: Int(bytes.rounded()))
        let clock = try ProcessClock(of: getpid())
        var latency = LatencyHistogram()
        var written = 0
        var reserved = 0
        var commits = 0
        let begin = MonotonicClock.nanoseconds + interval.warmUp
        var start: (wall: UInt64, computed: UInt64)?
        while true {
            let now = MonotonicClock.nanoseconds
            if start == nil, now >= begin { start = (now, clock.nanoseconds) }
            if let start, now - start.wall >= interval.measured { break }
            if reserved - written < Self.reservation / 2 {
                let step = off_t(Self.reservation)
                guard clinux_reserve(file.rawValue, off_t(reserved), step) == 0 else {
                    throw SystemError.last("fallocate")
                }
                reserved += Self.reservation
            }
            guard write(file.rawValue, batch, batch.count) == batch.count,
                fdatasync(file.rawValue) == 0
            else { throw SystemError.last("write or fdatasync") }
            written += batch.count
            guard start != nil else { continue }
            commits += 1
            latency.record(MonotonicClock.nanoseconds - now)
        }
        guard let start, commits > 0 else { throw BenchError("no commit was measured") }
        return Measurement(
            opened: Int((Double(commits) * commands).rounded()),
            wall: MonotonicClock.nanoseconds - start.wall,
            serverTime: clock.nanoseconds - start.computed,
            latency: latency
        )
    }
}
