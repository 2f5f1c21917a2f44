import EventLoops

/// What goes into the pipes of a process, and which of them are watched.
extension ProcessLoop {
    /// Has a line sent to a process.
    mutating func send(_ message: [UInt8], to slot: ProcessSlot) {
        guard slot.child != nil, slot.phase != .ending else { return }
        slot.unsent += message
        slot.unsent.append(UInt8(ascii: "\n"))
        if !slot.watchesInput { flush(slot) }
    }

    mutating func flush(_ slot: ProcessSlot) {
        while slot.sent < slot.unsent.count {
            switch slot.child?.write(slot.unsent[slot.sent...]) {
            case .bytes(let count):
                slot.sent += count
                continue
            case .wouldBlock:
                watchInput(slot)
                return
            case .ended, .failed, nil:
                // It does not listen any more; its end will be seen.
                break
            }
            break
        }
        slot.unsent = []
        slot.sent = 0
        if slot.watchesInput, let descriptor = slot.child?.inputDescriptor, descriptor >= 0 {
            poller.remove(descriptor)
        }
        slot.watchesInput = false
    }

    private mutating func watchInput(_ slot: ProcessSlot) {
        guard !slot.watchesInput, let descriptor = slot.child?.inputDescriptor, descriptor >= 0
        else { return }
        do {
            try poller.add(descriptor, token: Stream.input.token(slot), for: .writable)
            slot.watchesInput = true
        } catch {
            kill(slot, error.description)
        }
    }

    mutating func setReading(_ slot: ProcessSlot, _ isReading: Bool) {
        guard slot.isReading != isReading, let descriptor = slot.child?.outputDescriptor else {
            return
        }
        do {
            if isReading {
                try poller.add(descriptor, token: Stream.output.token(slot), for: .readable)
            } else {
                poller.remove(descriptor)
            }
            slot.isReading = isReading
        } catch {
            kill(slot, error.description)
        }
    }
}
