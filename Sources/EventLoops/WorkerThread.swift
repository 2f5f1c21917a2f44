import CLinux
import Glibc

/// A thread of the operating system that runs one closure to its end.
package struct WorkerThread: Sendable {
    private let thread: pthread_t

    private final class Body: Sendable {
        let name: String
        let niceness: Int
        let run: @Sendable () -> Void

        init(name: String, niceness: Int, run: @escaping @Sendable () -> Void) {
            self.name = name
            self.niceness = niceness
            self.run = run
        }
    }

    /// Starts `body` on a new thread called `name`, of which 15 bytes show in `top -H` and `perf`.
    ///
    /// With a `niceness` of 1 to 19 it gets less of a busy processor than the others.
    package init(
        name: String,
        niceness: Int = 0,
        _ body: @escaping @Sendable () -> Void
    ) throws(SystemError) {
        let context = Unmanaged.passRetained(Body(name: name, niceness: niceness, run: body))
        var thread = pthread_t()
        let code = pthread_create(
            &thread,
            nil,
            { context in
                guard let context else { return nil }
                let body = Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
                clinux_set_thread_name(String(body.name.prefix(15)))
                // On Linux this is about the calling thread (setpriority(2), "C library/kernel
                // differences"); the kernel always lets a thread be nicer.
                if body.niceness > 0 {
                    setpriority(CInt(PRIO_PROCESS.rawValue), 0, CInt(body.niceness))
                }
                body.run()
                return nil
            },
            context.toOpaque()
        )
        guard code == 0 else {
            context.release()
            throw SystemError(call: "pthread_create", code: code)
        }
        self.thread = thread
    }

    /// Lets the thread end by itself: in place of ``join()``.
    package func detach() {
        pthread_detach(thread)
    }

    /// Waits for the closure to return; to be called once.
    package func join() {
        pthread_join(thread, nil)
    }
}

/// The processors of this machine.
package enum Processors {
    /// How many this process may run on, at least one.
    package static var available: Int { max(1, Int(clinux_available_processors())) }
}
