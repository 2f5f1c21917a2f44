#ifndef CLINUX_H
#define CLINUX_H

#include <sys/types.h>

/* Reserves blocks for a file without changing its size: fallocate(2) with FALLOC_FL_KEEP_SIZE. */
int clinux_reserve(int descriptor, off_t offset, off_t length);

/* Names the calling thread for debuggers and /proc; at most 15 bytes. */
int clinux_name_thread(const char *name);

#endif
