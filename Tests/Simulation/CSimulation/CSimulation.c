#define _GNU_SOURCE
#include "CSimulation.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { descriptors = 4096 };

static int is_active;
static int is_dead;
static char root[256];
static size_t root_length;
static csim_disk disk;
static uint64_t chance;
static struct timespec monotonic_time, wall_time;
static csim_wait last_wait;
static int send_buffer;
/// Of each descriptor: whether it is a file of the simulated disk, or an accepted socket.
static unsigned char is_file[descriptors], is_accepted[descriptors];

static int is_simulated(int descriptor) {
    return is_active && descriptor >= 0 && descriptor < descriptors && is_file[descriptor];
}

static int is_below_root(const char *path) {
    return is_active && strncmp(path, root, root_length) == 0;
}

static int result(long value) {
    if (value >= 0) return (int)value;
    errno = (int)-value;
    return -1;
}

void csim_begin(const char *path, const csim_disk *calls, uint64_t seed) {
    strncpy(root, path, sizeof root - 1);
    root_length = strlen(root);
    disk = *calls;
    chance = seed;
    is_active = 1;
}

// Time and chance.

static struct timespec timespec_of(uint64_t nanoseconds) {
    return (struct timespec){
        .tv_sec = (time_t)(nanoseconds / 1000000000),
        .tv_nsec = (long)(nanoseconds % 1000000000),
    };
}

void csim_set_clocks(uint64_t monotonic, uint64_t wall) {
    monotonic_time = timespec_of(monotonic);
    wall_time = timespec_of(wall);
}

int clock_gettime(clockid_t clock, struct timespec *time) {
    if (!is_active) return (int)syscall(SYS_clock_gettime, clock, time);
    *time = clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE ? wall_time : monotonic_time;
    return 0;
}

/// Bits of the seed (SplitMix64).
static void draw(void *buffer, size_t count) {
    unsigned char *bytes = buffer;
    for (size_t index = 0; index < count; index++) {
        uint64_t value = chance += 0x9E3779B97F4A7C15;
        value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9;
        value = (value ^ value >> 27) * 0x94D049BB133111EB;
        bytes[index] = (unsigned char)(value >> 56);
    }
}

/// By number, as Swift's library asks the kernel for chance.
long syscall(long number, ...) {
    static long (*real)(long, ...);
    if (!real) real = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    long argument[6];
    va_list rest;
    va_start(rest, number);
    for (int index = 0; index < 6; index++) argument[index] = va_arg(rest, long);
    va_end(rest);
    if (is_active && number == SYS_getrandom) {
        draw((void *)argument[0], (size_t)argument[1]);
        return argument[1];
    }
    return real(number, argument[0], argument[1], argument[2], argument[3], argument[4],
                argument[5]);
}

// Files.

int csim_real_open(const char *path, int flags, unsigned mode) {
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int csim_real_close(int descriptor) { return (int)syscall(SYS_close, descriptor); }

long csim_real_write(int descriptor, const void *bytes, size_t count) {
    return syscall(SYS_write, descriptor, bytes, count);
}

long csim_real_pwrite(int descriptor, const void *bytes, size_t count, long offset) {
    return syscall(SYS_pwrite64, descriptor, bytes, count, offset);
}

int csim_real_truncate(int descriptor, long length) {
    return (int)syscall(SYS_ftruncate, descriptor, length);
}

int csim_real_rename(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

int csim_real_unlink(const char *path) { return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0); }

int csim_real_mkdir(const char *path, unsigned mode) {
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int csim_real_rmdir(const char *path) {
    return (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

uint64_t csim_inode(int descriptor) {
    struct stat status;
    return fstat(descriptor, &status) == 0 ? status.st_ino : 0;
}

int csim_is_appending(int flags) { return (flags & O_APPEND) != 0; }

int open(const char *path, int flags, ...) {
    unsigned mode = 0;
    if (flags & (O_CREAT | O_TMPFILE)) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, unsigned);
        va_end(rest);
    }
    if (!is_below_root(path)) return csim_real_open(path, flags, mode);
    int descriptor = result(disk.open(path, flags, mode));
    if (descriptor >= 0 && descriptor < descriptors) is_file[descriptor] = 1;
    return descriptor;
}

int close(int descriptor) {
    if (descriptor >= 0 && descriptor < descriptors) {
        if (is_simulated(descriptor)) disk.close(descriptor);
        is_file[descriptor] = 0;
        is_accepted[descriptor] = 0;
    }
    return csim_real_close(descriptor);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
    if (!is_simulated(descriptor)) return csim_real_write(descriptor, bytes, count);
    return result(disk.write(descriptor, bytes, count, -1));
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
    if (!is_simulated(descriptor)) return csim_real_pwrite(descriptor, bytes, count, offset);
    return result(disk.write(descriptor, bytes, count, offset));
}

int ftruncate(int descriptor, off_t length) {
    if (!is_simulated(descriptor)) return csim_real_truncate(descriptor, length);
    return result(disk.truncate(descriptor, length));
}

int fallocate(int descriptor, int mode, off_t offset, off_t length) {
    if (!is_simulated(descriptor)) {
        return (int)syscall(SYS_fallocate, descriptor, mode, offset, length);
    }
    return result(disk.reserve(descriptor, offset, length));
}

int fsync(int descriptor) {
    if (!is_simulated(descriptor)) return (int)syscall(SYS_fsync, descriptor);
    return result(disk.synchronize(descriptor, 0));
}

int fdatasync(int descriptor) {
    if (!is_simulated(descriptor)) return (int)syscall(SYS_fdatasync, descriptor);
    return result(disk.synchronize(descriptor, 1));
}

int rename(const char *from, const char *to) {
    if (!is_below_root(from)) return csim_real_rename(from, to);
    return result(disk.rename(from, to));
}

int unlink(const char *path) {
    if (!is_below_root(path)) return csim_real_unlink(path);
    return result(disk.unlink(path));
}

int mkdir(const char *path, mode_t mode) {
    if (!is_below_root(path)) return csim_real_mkdir(path, mode);
    return result(disk.mkdir(path, mode));
}

int rmdir(const char *path) {
    if (!is_below_root(path)) return csim_real_rmdir(path);
    return result(disk.rmdir(path));
}

// Sockets.

void csim_set_send_buffer(int bytes) { send_buffer = bytes; }

void csim_set_dead(int dead) { is_dead = dead; }

int accept4(int listener, struct sockaddr *address, socklen_t *length, int flags) {
    int descriptor = (int)syscall(SYS_accept4, listener, address, length, flags);
    if (is_active && descriptor >= 0 && descriptor < descriptors) {
        is_accepted[descriptor] = 1;
        if (send_buffer > 0) {
            setsockopt(descriptor, SOL_SOCKET, SO_SNDBUF, &send_buffer, sizeof send_buffer);
        }
    }
    return descriptor;
}

static int is_cut(int descriptor) {
    return is_dead && descriptor >= 0 && descriptor < descriptors && is_accepted[descriptor];
}

ssize_t send(int descriptor, const void *bytes, size_t count, int flags) {
    if (is_cut(descriptor)) return result(-EPIPE);
    return syscall(SYS_sendto, descriptor, bytes, count, flags, NULL, 0);
}

ssize_t sendmsg(int descriptor, const struct msghdr *message, int flags) {
    if (is_cut(descriptor)) return result(-EPIPE);
    return syscall(SYS_sendmsg, descriptor, message, flags);
}

void csim_close_accepted(void) {
    for (int descriptor = 0; descriptor < descriptors; descriptor++) {
        if (is_accepted[descriptor]) close(descriptor);
    }
}

int epoll_wait(int poller, struct epoll_event *events, int capacity, int timeout) {
    int wait = is_active ? 0 : timeout;
    int count = (int)syscall(SYS_epoll_pwait, poller, events, capacity, wait, NULL, 8);
    last_wait = (csim_wait){.poller = poller, .timeout = timeout, .events = count};
    return count;
}

csim_wait csim_last_wait(void) { return last_wait; }

void csim_forget_wait(void) { last_wait.poller = -1; }

int csim_is_ready(int poller) {
    struct pollfd poller_state = {.fd = poller, .events = POLLIN};
    return poll(&poller_state, 1, 0) > 0;
}

// Processes.

int csim_fork(void) {
    int parent = getpid();
    int child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) _exit(1);
    }
    return child;
}

void csim_pin_down(char **arguments) {
    int persona = personality(0xffffffff);
    int is_pinned = persona >= 0 && (persona & ADDR_NO_RANDOMIZE) != 0;
    const char *hashing = getenv("SWIFT_DETERMINISTIC_HASHING");
    if (hashing && (is_pinned || getenv("OMNIHUB_SIM_PINNED"))) return;
    setenv("SWIFT_DETERMINISTIC_HASHING", "1", 1);
    // Where the call is forbidden, as in some containers, addresses differ and are tried without.
    setenv("OMNIHUB_SIM_PINNED", "1", 1);
    if (persona >= 0) personality((unsigned long)persona | ADDR_NO_RANDOMIZE);
    execv("/proc/self/exe", arguments);
}

void csim_buffer_lines(void) { setvbuf(stdout, NULL, _IOLBF, 0); }

void csim_flush(void) { fflush(stdout); }
