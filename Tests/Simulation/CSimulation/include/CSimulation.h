// System calls of a simulated hub: this target defines functions of the C library, so that every
// call of them in the program, from whatever module, comes here. Until csim_begin they do what those
// of the library do.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// What stands in for the disk; each answers like the system call, or with -errno.
typedef struct {
    int (*open)(const char *path, int flags, unsigned mode);
    void (*close)(int descriptor);
    long (*write)(int descriptor, const void *bytes, size_t count, long offset);
    int (*truncate)(int descriptor, long length);
    int (*reserve)(int descriptor, long offset, long length);
    int (*synchronize)(int descriptor, int is_data_only);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
    int (*mkdir)(const char *path, unsigned mode);
    int (*rmdir)(const char *path);
} csim_disk;

/// Begins: files below `root` are those of `disk`, clocks stand still, chance comes from `seed`.
void csim_begin(const char *root, const csim_disk *disk, uint64_t seed);

/// Nanoseconds of the monotonic clock and of the wall clock.
void csim_set_clocks(uint64_t monotonic, uint64_t wall);

/// What the last call of epoll_wait was about, none of which ever waits.
typedef struct {
    int poller;
    int timeout;
    int events;
} csim_wait;
csim_wait csim_last_wait(void);
/// Until the next one, the poller of the last is -1.
void csim_forget_wait(void);

/// Whether a poller has an event.
int csim_is_ready(int poller);

/// Bytes that sockets accepted from now on hold for a peer that does not read, roughly.
void csim_set_send_buffer(int bytes);

/// Closes the accepted sockets that are still open, as the end of a process does.
void csim_close_accepted(void);

/// Makes sockets of the hub refuse everything, from a moment of death to its end.
void csim_set_dead(int is_dead);

// The calls themselves.
int csim_real_open(const char *path, int flags, unsigned mode);
int csim_real_close(int descriptor);
long csim_real_write(int descriptor, const void *bytes, size_t count);
long csim_real_pwrite(int descriptor, const void *bytes, size_t count, long offset);
int csim_real_truncate(int descriptor, long length);
int csim_real_rename(const char *from, const char *to);
int csim_real_unlink(const char *path);
int csim_real_mkdir(const char *path, unsigned mode);
int csim_real_rmdir(const char *path);
/// Inode of an open file.
uint64_t csim_inode(int descriptor);
int csim_is_appending(int flags);

/// fork(2); the child is killed with its parent.
int csim_fork(void);
/// Runs this program anew with the same addresses each time and the same hashes in Swift, unless
/// it does already.
void csim_pin_down(char **arguments);

/// Has what is printed go out line by line, and what is left of it now.
void csim_buffer_lines(void);
void csim_flush(void);
