#ifndef CLINUX_H
#define CLINUX_H

#include <semaphore.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/un.h>

/// accept4(2) with SOCK_NONBLOCK and SOCK_CLOEXEC.
int clinux_accept(int listener, struct sockaddr_storage *address, socklen_t *length);

/// Pins the calling thread or process `pid` (0: the caller) to one processor.
int clinux_set_affinity(int pid, int processor);

/// Opens a counter of a kernel tracepoint on one thread (perf_event_open(2)); read(2) gives 8 bytes.
int clinux_count_tracepoint(int thread, uint64_t tracepoint);

/// How many processors the calling process may run on.
int clinux_available_processors(void);

/// Names the calling thread, for `top -H` and `perf`; at most 15 bytes.
void clinux_set_thread_name(const char *name);

/// Reserves blocks for a file without changing its size: fallocate(2) with FALLOC_FL_KEEP_SIZE.
int clinux_reserve(int descriptor, off_t offset, off_t length);

/// The process's environment: NAME=VALUE strings, then NULL.
char *const *clinux_environment(void);

/// Has the kernel write no core file of this process: prctl(2) with PR_SET_DUMPABLE.
int clinux_forbid_core_dumps(void);

/// Waits for a semaphore until a moment of CLOCK_MONOTONIC: sem_clockwait(3).
int clinux_wait_until(sem_t *semaphore, const struct timespec *deadline);

/// pipe2(2) with O_CLOEXEC.
int clinux_pipe(int ends[2]);

/// Begins this executable anew as the guard of a command, in a session of its own.
///
/// `descriptors` become 0 to 3: the command's standard streams, and the end of a socket by which the
/// guard is told to send SIGTERM to the command's process group (a byte `T`) or to kill everything
/// (any other byte, or the end of the socket). They must not be below 10. Returns an errno value.
int clinux_spawn_guard(char *const arguments[], char *const environment[],
                       const int descriptors[4], pid_t *pid);

/// What a guard does; `arguments` are its name, limits of memory, processor seconds, open files and
/// file size (0: none), the working folder, the command's path and its arguments. Returns the
/// command's exit status, or 128 and the signal that ended it, when no process of it is left.
int clinux_guard(int count, char **arguments);

/// Whether an errno value means "would block".
int clinux_would_block(int error);

/// Finds bytes among bytes: memmem(3); NULL when they are not there.
const void *clinux_find(const void *bytes, size_t count, const void *wanted, size_t length);

/// Gives memory that was freed back to the kernel: malloc_trim(3).
void clinux_release_free_memory(void);

#endif
