import Dispatch
import Journal
import Synchronization

/// Something that one thread tells another.
final class Signal: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func send() { semaphore.signal() }
    func wait() { semaphore.wait() }
}

/// The real calls, with faults where a script has them.
final class ScriptedFileOperations: FileOperations {
    enum Fault: Sendable {
        case error(CInt)
        /// Only so many bytes are taken.
        case short(Int)
    }

    struct Script: Sendable {
        /// What the next calls meet; `nil` lets one through.
        var writes: [Fault?] = []
        var synchronizations: [CInt?] = []
        var truncations: [CInt?] = []
        var reservations: [CInt?] = []
        var writeCount = 0
        var synchronizationCount = 0
    }

    let script: Mutex<Script>
    /// When set, each synchronisation announces itself and waits for permission.
    private let isGated: Bool
    let entered = Signal()
    let permitted = Signal()
    private let system = SystemFileOperations()

    init(_ script: Script = Script(), isGated: Bool = false) {
        self.script = Mutex(script)
        self.isGated = isGated
    }

    func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws(FileError) -> Int {
        let fault = script.withLock { script in
            script.writeCount += 1
            return next(&script.writes)
        }
        switch fault {
        case .error(let code): throw FileError(call: "write", path: "test", code: code)
        case .short(let count):
            let part = UnsafeRawBufferPointer(rebasing: bytes.prefix(count))
            return try system.write(part, to: descriptor)
        case nil: return try system.write(bytes, to: descriptor)
        }
    }

    func overwrite(
        _ bytes: UnsafeRawBufferPointer,
        at offset: Int,
        of descriptor: CInt
    ) throws(FileError) -> Int {
        try system.overwrite(bytes, at: offset, of: descriptor)
    }

    func synchronizeData(_ descriptor: CInt) throws(FileError) {
        if isGated {
            entered.send()
            permitted.wait()
        }
        let fault = script.withLock { script in
            script.synchronizationCount += 1
            return next(&script.synchronizations)
        }
        if let fault { throw FileError(call: "fdatasync", path: "test", code: fault) }
        try system.synchronizeData(descriptor)
    }

    func truncate(_ descriptor: CInt, to length: Int) throws(FileError) {
        let fault = script.withLock { next(&$0.truncations) }
        if let fault { throw FileError(call: "ftruncate", path: "test", code: fault) }
        try system.truncate(descriptor, to: length)
    }

    func reserve(_ descriptor: CInt, from offset: Int, count: Int) throws(FileError) {
        let fault = script.withLock { next(&$0.reservations) }
        if let fault { throw FileError(call: "fallocate", path: "test", code: fault) }
        try system.reserve(descriptor, from: offset, count: count)
    }
}

private func next<Fault>(_ faults: inout [Fault?]) -> Fault? {
    faults.isEmpty ? nil : faults.removeFirst()
}
