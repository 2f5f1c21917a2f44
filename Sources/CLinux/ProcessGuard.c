#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// A guard stands between the daemon and a command. It is the same executable, begun anew, so that it
// shares no memory with the daemon, and it outlives the command: whatever the command leaves behind
// becomes its child (PR_SET_CHILD_SUBREAPER) and is killed before it ends. It ends when the command
// has, when it is told to, or when the daemon is gone, which closes the socket between them.

enum { control = 3 };

int clinux_spawn_guard(char *const arguments[], char *const environment[],
                       const int descriptors[4], pid_t *pid) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none, usual;
    sigemptyset(&none);
    sigfillset(&usual);
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0) return code;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    // Descriptors are given from 10 on, so that none is overwritten before it was copied.
    for (int target = 0; target < 4 && code == 0; target++)
        code = posix_spawn_file_actions_adddup2(&actions, descriptors[target], target);
    if (code == 0) code = posix_spawnattr_setsigmask(&attributes, &none);
    if (code == 0) code = posix_spawnattr_setsigdefault(&attributes, &usual);
    if (code == 0)
        code = posix_spawnattr_setflags(
            &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    if (code == 0)
        code = posix_spawn(pid, "/proc/self/exe", &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

static void limit(int resource, const char *text) {
    rlim_t value = (rlim_t)strtoull(text, NULL, 10);
    struct rlimit bound = {value, value};
    if (value != 0 && setrlimit(resource, &bound) != 0) {
        perror("setrlimit");
        _exit(126);
    }
}

/// `memory`, `processor seconds`, `open files`, `file size`, `folder`, command …
static void run_command(char **arguments) {
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    limit(RLIMIT_AS, arguments[0]);
    limit(RLIMIT_CPU, arguments[1]);
    limit(RLIMIT_NOFILE, arguments[2]);
    limit(RLIMIT_FSIZE, arguments[3]);
    if (chdir(arguments[4]) != 0) {
        perror(arguments[4]);
        _exit(126);
    }
    execv(arguments[5], arguments + 5);
    perror(arguments[5]);
    _exit(127);
}

/// Kills every child of the calling process, once; what these leave behind are its children then.
static int kill_children(void) {
    int count = 0;
    char path[64], word[24];
    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    FILE *list = fopen(path, "re");
    if (list == NULL) return 0;
    while (fscanf(list, "%23s", word) == 1) {
        pid_t pid = (pid_t)strtol(word, NULL, 10);
        if (pid > 1 && kill(pid, SIGKILL) == 0) count++;
    }
    fclose(list);
    return count;
}

static void end_all(pid_t group) {
    kill(-group, SIGKILL);
    for (;;) {
        int killed = kill_children();
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0) return;
        if (pid == 0) {
            // Somebody is dying; without a list of children only the group can be waited for.
            if (killed == 0 && kill(-group, 0) != 0) return;
            struct timespec moment = {0, 1000000};
            nanosleep(&moment, NULL);
        }
    }
}

static int exit_status(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int clinux_guard(int count, char **arguments) {
    if (count < 7) return 125;
    prctl(PR_SET_NAME, "omnihub-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    fcntl(control, F_SETFD, FD_CLOEXEC);
    close_range(control + 1, ~0U, 0);
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGCHLD);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGPIPE);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    sigset_t child_signal;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    int ended = signalfd(-1, &child_signal, SFD_CLOEXEC);
    if (ended < 0) return 125;

    pid_t command = fork();
    if (command < 0) return 125;
    if (command == 0) {
        sigset_t none;
        sigemptyset(&none);
        setsid();
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        sigprocmask(SIG_SETMASK, &none, NULL);
        run_command(arguments + 1);
    }
    // The command is to be the only one that holds these, so that their ends are seen.
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int descriptor = 0; descriptor < 3; descriptor++) dup2(null, descriptor);

    struct pollfd sources[2] = {{control, POLLIN, 0}, {ended, POLLIN, 0}};
    int status = 0;
    for (;;) {
        if (poll(sources, 2, -1) < 0 && errno != EINTR) break;
        if (sources[1].revents & POLLIN) {
            struct signalfd_siginfo information;
            if (read(ended, &information, sizeof information) < 0) break;
            pid_t pid;
            int one;
            int is_over = 0;
            while ((pid = waitpid(-1, &one, WNOHANG)) > 0) {
                if (pid != command) continue;
                status = one;
                is_over = 1;
            }
            if (is_over) break;
        }
        if (sources[0].revents != 0) {
            char order = 0;
            ssize_t length = read(control, &order, 1);
            if (length < 0 && errno == EINTR) continue;
            if (length <= 0 || order != 'T') {
                status = SIGKILL;
                break;
            }
            kill(-command, SIGTERM);
        }
    }
    end_all(command);
    return exit_status(status);
}
