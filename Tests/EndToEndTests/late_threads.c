// Has the threads of a program that is preloaded with this end as late as they may: once a thread has
// done its work, it waits at its next lock, though not for long, until the C library has cleaned up. The
// lock is gone then, whatever its memory looks like: the program aborts.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int cleaned_up;
static atomic_int is_one_waiting;
static _Thread_local int is_ending;

struct start {
    void *(*routine)(void *);
    void *argument;
};

static void wait_for(atomic_int *flag, int milliseconds) {
    while (!atomic_load(flag) && milliseconds-- > 0) usleep(1000);
}

static void *run(void *pointer) {
    struct start start = *(struct start *)pointer;
    free(pointer);
    void *result = start.routine(start.argument);
    is_ending = 1;
    return result;
}

#define LATE(function)                                                                             \
    int function(pthread_rwlock_t *lock) {                                                         \
        static int (*original)(pthread_rwlock_t *);                                                \
        if (!original) original = dlsym(RTLD_NEXT, #function);                                     \
        if (is_ending) {                                                                           \
            atomic_store(&is_one_waiting, 1);                                                      \
            wait_for(&cleaned_up, 300);                                                            \
            if (atomic_load(&cleaned_up)) abort();                                                 \
        }                                                                                          \
        return original(lock);                                                                     \
    }

LATE(pthread_rwlock_rdlock)
LATE(pthread_rwlock_wrlock)

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*routine)(void *),
                   void *argument) {
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        dlsym(RTLD_NEXT, "pthread_create");
    struct start *start = malloc(sizeof *start);
    if (!create || !start) abort();
    *start = (struct start){routine, argument};
    return create(thread, attributes, run, start);
}

void exit(int status) {
    void (*original)(int) __attribute__((noreturn)) = dlsym(RTLD_NEXT, "exit");
    wait_for(&is_one_waiting, 300);
    original(status);
}

// Comes after all that was registered with atexit(3), such as OpenSSL's clean-up.
__attribute__((destructor)) static void let_threads_end(void) {
    atomic_store(&cleaned_up, 1);
    static atomic_int never;
    wait_for(&never, 300);
}
