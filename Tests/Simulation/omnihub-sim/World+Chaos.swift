import HubServer

// What goes wrong.
extension World {
    /// How far the wall clock is set, in nanoseconds: so far that nothing is forgotten by its age.
    private static let farthest: Int64 = 3 * 3_600_000_000_000

    /// Has something go wrong, by chance.
    func cause() {
        chaosAt = now + random.time(10_000_000...1_500_000_000)
        let client = clients[random.number(0...clients.count - 1)]
        let soon = now + random.time(1_000_000...4_000_000_000)
        switch random.number(0...99) {
        case 0..<12: crash()
        case 12..<16:
            guard let life, !life.isStopping else { return }
            trace.note("chaos: the hub is told to stop")
            life.isStopping = true
            life.hub.beginStop()
        case 16..<36:
            trace.note("chaos: \(client.name) loses its connection")
            client.link?.cut()
        case 36..<46:
            trace.note("chaos: nothing passes to and from \(client.name)")
            client.link?.stalledUntil = random.chance(0.1) ? now + 60_000_000_000 : soon
        case 46..<60:
            trace.note("chaos: \(client.name) reads nothing")
            client.link?.readsFrom = random.chance(0.1) ? now + 60_000_000_000 : soon
        case 60..<76: harmDisk()
        case 76..<84:
            wallOffset = Int64.random(in: -Self.farthest...Self.farthest, using: &random)
            trace.note("chaos: the wall clock is set to \(wallOffset)")
        default:
            let parts: [Part] = [
                .journal, .runtime, .agents, .loop(0), .work(0), .work(1), .work(2),
            ]
            guard let part = random.pick(parts) else { return }
            trace.note("chaos: \(part) gets no turn")
            paused[part] = soon
        }
    }

    private func crash() {
        let crash: SimulatedDisk.Crash = random.chance(0.5) ? .kill : .powerCut
        if random.chance(0.3) {
            trace.note("chaos: \(crash)")
            machine.disk.stop(by: crash)
        } else {
            machine.disk.callsUntilCrash = (random.number(1...12), crash)
        }
    }

    private func harmDisk() {
        let disk = machine.disk
        switch random.number(0...9) {
        case 0..<2:
            trace.note("chaos: the disk is full")
            disk.faults.isFull = true
        case 2:
            trace.note("chaos: the disk is read-only")
            disk.faults.isReadOnly = true
        case 3: disk.faults.synchronisationsUntilError = random.number(1...20)
        case 4: disk.faults.writesUntilError = random.number(1...20)
        case 5..<7: disk.faults.shortWrites = random.pick([0.1, 0.5, 0.9]) ?? 0
        default:
            trace.note("chaos: the disk is well again")
            disk.faults = SimulatedDisk.Faults()
        }
    }

    /// From now on nothing goes wrong, and nobody begins anything.
    func calm() {
        trace.note("calm")
        isCalm = true
        chaosAt = .max
        paused = [:]
        machine.disk.faults = SimulatedDisk.Faults()
        machine.disk.callsUntilCrash = nil
        if wallOffset != 0 {
            // What was put off to a time of day that the clock was taken back from is due now, to a
            // hub that looks at the clock anew.
            wallOffset = Self.farthest + 60_000_000_000
            if let life, !life.isStopping {
                life.isStopping = true
                life.hub.beginStop()
            }
        }
        life?.workshop.calm()
        for client in clients {
            client.isCalm = true
            client.actsAt = .max
            client.link?.stalledUntil = 0
            client.link?.readsFrom = 0
        }
    }
}
