/* watch.h: userfaultfd and PAGEMAP_SCAN, a fault handler, MADV_FREE. */
#ifndef BENCH_WATCH_H
#define BENCH_WATCH_H

#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Debian 12's kernel headers know the system call, but not these. */
struct scan {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t inverted, mask, any, tell;
};

struct region {
    uint64_t start, end, categories;
};

#define PAGEMAP_SCAN _IOWR('f', 16, struct scan)

/* --- write watch --- */

enum { WRITTEN = 2, RESET = 3, USER_MODE_ONLY = 1, WP_UNPOPULATED = 1 << 13, WP_ASYNC = 1 << 15 };

static struct region regions[WATCH_PAGES];
static int uffd, pagemap;

static inline long scan_written(char *p, size_t room)
{
    struct scan arg = {.size = sizeof arg,
                       .flags = RESET,
                       .start = (uint64_t)p,
                       .end = (uint64_t)p + WATCH_PAGES * PAGE,
                       .vec = room == 0 ? 0 : (uint64_t)regions,
                       .vec_len = room,
                       .mask = WRITTEN,
                       .tell = room == 0 ? 0 : WRITTEN};

    return ioctl(pagemap, PAGEMAP_SCAN, &arg);
}

/* Registered and armed, then made usable: what is committed. */
static inline char *make_watched(size_t bytes)
{
    struct uffdio_api api = {.api = UFFD_API, .features = WP_UNPOPULATED | WP_ASYNC};
    char *p = reserve(WATCH_PAGES * PAGE);
    struct uffdio_register whole = {.range = {(uint64_t)p, WATCH_PAGES * PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_WP};
    struct uffdio_writeprotect arm = {.range = whole.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP};

    (void)bytes;
    pagemap = open("/proc/self/pagemap", O_RDONLY);
    uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);
    if (p == NULL || pagemap < 0 || uffd < 0 || ioctl(uffd, UFFDIO_API, &api) != 0 ||
        ioctl(uffd, UFFDIO_REGISTER, &whole) != 0 || ioctl(uffd, UFFDIO_WRITEPROTECT, &arm) != 0 ||
        !commit(p, WATCH_PAGES * PAGE))
        return NULL;
    return p;
}

static inline bool drop_watched(char *p, size_t bytes)
{
    (void)bytes;
    return release(p, WATCH_PAGES * PAGE) && close(uffd) == 0 && close(pagemap) == 0;
}

static inline void reset_watched(char *p, size_t bytes)
{
    (void)bytes;
    scan_written(p, 0);
}

/* Runs are told: each page is one, or all of them are. */
static inline bool take_written(char *p, size_t bytes, size_t step)
{
    long wanted = step == 0 ? 0 : step == 1 ? 1 : (long)((WATCH_PAGES + step - 1) / step);

    (void)bytes;
    return scan_written(p, WATCH_PAGES) == wanted;
}

/* --- guard pages --- */

static char *guarded;
static struct sigaction before_guarding;

static inline void disarm(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    if ((char *)info->si_addr < guarded || (char *)info->si_addr >= guarded + PAGE ||
        mprotect(guarded, PAGE, BOTH) != 0)
        _exit(1);
}

static inline bool begin_guarding(char *p)
{
    struct sigaction action = {.sa_sigaction = disarm, .sa_flags = SA_SIGINFO};

    guarded = p;
    return sigaction(SIGSEGV, &action, &before_guarding) == 0;
}

static inline bool guard(char *p)
{
    return mprotect(p, PAGE, NONE) == 0;
}

static inline void end_guarding(void)
{
    sigaction(SIGSEGV, &before_guarding, NULL);
}

/* --- contents that may go --- */

enum { IS_PRESENT = 8, IS_ZERO = 32 };

static inline bool let_go(char *p, size_t bytes)
{
    return madvise(p, bytes, MADV_FREE) == 0;
}

static inline bool is_there(char *p, size_t bytes)
{
    static int kept = -1;
    struct region run;
    struct scan s = {.size = sizeof s,
                     .start = (uint64_t)p,
                     .end = (uint64_t)p + bytes,
                     .vec = (uint64_t)&run,
                     .vec_len = 1,
                     .inverted = IS_ZERO,
                     .mask = IS_PRESENT | IS_ZERO};

    if (kept < 0)
        kept = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    return ioctl(kept, PAGEMAP_SCAN, &s) == 1 && run.end - run.start == bytes;
}

static inline bool take_back(char *p, size_t bytes)
{
    bool ok = mlock2(p, bytes, MLOCK_ONFAULT) == 0 && is_there(p, bytes);

    for (size_t at = 0; at < bytes; at += PAGE)
        __atomic_fetch_or(p + at, 1, __ATOMIC_RELAXED);
    return munlock(p, bytes) == 0 && ok;
}

#endif
