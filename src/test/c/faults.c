/*
 * Stands between a process and the C library, and lets calls fail when it is told to through a file in shared memory. To
 * be preloaded: cc -shared -fPIC -O2 -o faults.so faults.c -ldl, LD_PRELOAD=faults.so, FENCEPOST_FAULTS=control-file. With
 * FENCEPOST_MOUNTS set, the list of mounted file systems is read from there.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { READ = 1, WRITE = 2, FORCE = 4, TRUNCATE = 8, MAP = 16, OPEN = 32 };

/* As the class Shim writes it; 128 bytes. */
struct control {
    int32_t calls;   /* which calls fail */
    int32_t error;   /* with which number; 0: they do not fail; -1: the process is stopped, and they do not fail */
    int32_t skip;    /* how many are let through before */
    int32_t times;   /* how many fail; -1: all */
    int32_t halved;  /* of each write, only the first half is made; and the next one fails, if there is an error */
    int32_t hits;    /* how many were disturbed */
    int32_t fork;    /* 1: the next write forks the process; its copy lives for a while and does nothing */
    int32_t forked;  /* the copy */
    int64_t seconds; /* that the time of day is ahead */
    char suffix[64]; /* what the path of the file ends with */
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("FENCEPOST_FAULTS");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (fd >= 0) {
        void *at = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        control = at == MAP_FAILED ? NULL : at;
        close(fd);
    }
}

#define NEXT(name) \
    static __typeof__(&name) next; \
    if (!next) next = (__typeof__(&name)) dlsym(RTLD_NEXT, #name)

static int strikes(const char *path) {
    size_t length = strlen(path), wanted = strnlen(control->suffix, sizeof control->suffix);
    if (length < wanted || memcmp(path + length - wanted, control->suffix, wanted) != 0) return 0;
    if (__atomic_load_n(&control->skip, __ATOMIC_SEQ_CST) > 0) {
        __atomic_fetch_sub(&control->skip, 1, __ATOMIC_SEQ_CST);
        return 0;
    }
    if (control->times == 0) return 0;
    if (control->times > 0) __atomic_fetch_sub(&control->times, 1, __ATOMIC_SEQ_CST);
    int hit = __atomic_add_fetch(&control->hits, 1, __ATOMIC_SEQ_CST);
    // To this thread, which stops before it goes on; any other would leave it running for a while.
    if (control->error == -1) pthread_kill(pthread_self(), SIGSTOP);
    return hit;
}

static int struck(int call, int fd) {
    char link[64], path[4096];
    if (!control || !(control->calls & call)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) return 0;
    path[length] = 0;
    return strikes(path);
}

static int struck_path(const char *path) {
    return control && (control->calls & OPEN) ? strikes(path) : 0;
}

static void fork_if_asked(void) {
    if (control && __atomic_exchange_n(&control->fork, 0, __ATOMIC_SEQ_CST) == 1) {
        pid_t copy = fork();
        if (copy == 0) {
            for (int fd = 0; fd < 3; fd++) close(fd);
            alarm(60);
            for (;;) pause();
        }
        control->forked = copy;
    }
}

#define FAILS(hit) ((hit) && control->error > 0 && (!control->halved || (hit) % 2 == 0))
#define FAIL(value) do { errno = control->error; return (value); } while (0)

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    NEXT(pwrite64);
    fork_if_asked();
    int hit = struck(WRITE, fd);
    if (FAILS(hit)) FAIL(-1);
    return next(fd, bytes, hit && control->halved && count > 1 ? count / 2 : count, at);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    NEXT(write);
    int hit = struck(WRITE, fd);
    if (FAILS(hit)) FAIL(-1);
    return next(fd, bytes, hit && control->halved && count > 1 ? count / 2 : count);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
    NEXT(pread64);
    if (FAILS(struck(READ, fd))) FAIL(-1);
    return next(fd, bytes, count, at);
}

int fsync(int fd) {
    NEXT(fsync);
    if (FAILS(struck(FORCE, fd))) FAIL(-1);
    return next(fd);
}

int fdatasync(int fd) {
    NEXT(fdatasync);
    if (FAILS(struck(FORCE, fd))) FAIL(-1);
    return next(fd);
}

int ftruncate64(int fd, off64_t length) {
    NEXT(ftruncate64);
    if (FAILS(struck(TRUNCATE, fd))) FAIL(-1);
    return next(fd, length);
}

void *mmap64(void *at, size_t length, int access, int flags, int fd, off64_t offset) {
    NEXT(mmap64);
    if (fd >= 0 && FAILS(struck(MAP, fd))) FAIL(MAP_FAILED);
    return next(at, length, access, flags, fd, offset);
}

int open64(const char *path, int flags, ...) {
    NEXT(open64);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, int);
    va_end(more);
    if (FAILS(struck_path(path))) FAIL(-1);
    return next(path, flags, mode);
}

int openat64(int folder, const char *path, int flags, ...) {
    NEXT(openat64);
    va_list more;
    va_start(more, flags);
    mode_t mode = va_arg(more, int);
    va_end(more);
    if (FAILS(struck_path(path))) FAIL(-1);
    return next(folder, path, flags, mode);
}

FILE *setmntent(const char *path, const char *mode) {
    NEXT(setmntent);
    const char *instead = getenv("FENCEPOST_MOUNTS");
    return next(instead ? instead : path, mode);
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    NEXT(clock_gettime);
    int answer = next(clock, now);
    if (answer == 0 && clock == CLOCK_REALTIME && control) now->tv_sec += control->seconds;
    return answer;
}

int gettimeofday(struct timeval *now, void *zone) {
    NEXT(gettimeofday);
    int answer = next(now, zone);
    if (answer == 0 && control) now->tv_sec += control->seconds;
    return answer;
}
