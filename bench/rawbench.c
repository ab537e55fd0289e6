/*
 * rawbench.c: the cases by bare system calls: what a program would do that knows Linux and has its own
 * account of what lies where. Questions go to the kernel (PROCMAP_QUERY, Linux 6.11) by a kept descriptor.
 *
 * Decommitting is mmap(MAP_FIXED, PROT_NONE): the one call that takes contents and commit charge away.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "heap.h"
#include "remote.h"

enum {
    NONE = PROT_NONE,
    READ = PROT_READ,
    BOTH = PROT_READ | PROT_WRITE,
    ANON = MAP_PRIVATE | MAP_ANONYMOUS
};

static char *crowd[BENCH_CROWD];

/* NULL on failure. */
static char *map(size_t bytes, int access)
{
    char *p = mmap(NULL, bytes, access, ANON, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

static bool unmap(void *p, size_t bytes)
{
    return munmap(p, bytes) == 0;
}

/* --- reserving, committing --- */

static bool reserve_64k(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 500)
    ok &= unmap(map(SMALL, NONE), SMALL);
    return ok;
}

static bool reserve_16t(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 500)
    ok &= unmap(map(16 * TIB, NONE), 16 * TIB);
    return ok;
}

static void allocate_often(void *unused, size_t count)
{
    (void)unused;
    for (size_t i = 0; i < count; i++)
        unmap(map(SMALL, BOTH), SMALL);
}

static bool alloc_64k(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 500)
    ok &= unmap(map(SMALL, BOTH), SMALL);
    return ok;
}

static bool alloc_64k_touched(struct bench *b)
{
    bool ok = true;

    MEASURE(b, 50)
    {
        volatile char *p = map(SMALL, BOTH);

        for (size_t at = 0; p != NULL && at < SMALL; at += PAGE)
            p[at] = 1;
        ok &= unmap((void *)p, SMALL);
    }
    return ok;
}

static bool cycle(char *p, size_t bytes)
{
    return mprotect(p, bytes, BOTH) == 0 && mmap(p, bytes, NONE, ANON | MAP_FIXED, -1, 0) == p;
}

static bool commit_inside(struct bench *b, size_t bytes)
{
    char *p = map(GIB, NONE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 300)
    ok &= cycle(p + GIB / 2, bytes);
    return unmap(p, GIB) && ok;
}

static bool commit_64k(struct bench *b)
{
    return commit_inside(b, SMALL);
}

static bool commit_4k(struct bench *b)
{
    return commit_inside(b, PAGE);
}

static bool recommit_bytes(struct bench *b, size_t bytes)
{
    char *p = map(bytes, BOTH);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= mprotect(p, bytes, BOTH) == 0;
    return unmap(p, bytes) && ok;
}

static bool recommit_64k(struct bench *b)
{
    return recommit_bytes(b, SMALL);
}

static bool recommit_1g(struct bench *b)
{
    return recommit_bytes(b, GIB);
}

/* --- protecting --- */

static char *touched(void)
{
    char *p = map(SMALL, BOTH);

    for (size_t at = 0; p != NULL && at < SMALL; at += PAGE)
        p[at] = 1;
    return p;
}

static bool protect_flip(struct bench *b)
{
    char *p = touched();
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 300)
    ok &= mprotect(p + 5 * PAGE, PAGE, READ) == 0 && mprotect(p + 5 * PAGE, PAGE, BOTH) == 0;
    return unmap(p, SMALL) && ok;
}

static bool protect_same(struct bench *b)
{
    char *p = touched();
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= mprotect(p + 5 * PAGE, PAGE, BOTH) == 0;
    return unmap(p, SMALL) && ok;
}

/* --- asking --- */

/* Debian 12's headers are older than this ioctl. */
struct question {
    uint64_t size, flags, address;
    uint64_t start, end, access, page_size, offset, inode;
    uint32_t device[2], name_size, build_id_size;
    uint64_t name, build_id;
};

enum { COVERING_OR_NEXT = 0x10 };

#define PROCMAP_QUERY _IOWR('f', 17, struct question)

static int maps = -1;

static bool ask_for(const void *p, struct question *q)
{
    if (maps < 0)
        maps = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    *q = (struct question){.size = sizeof *q, .flags = COVERING_OR_NEXT, .address = (uintptr_t)p};
    return ioctl(maps, PROCMAP_QUERY, q) == 0;
}

static bool ask(const void *p)
{
    struct question q;

    return ask_for(p, &q);
}

/* Neighbours differ, or they would be one mapping. */
static bool fill_crowd(size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((crowd[i] = map(SMALL, i % 2 ? BOTH : NONE)) == NULL)
            return false;
    return true;
}

static bool empty_crowd(size_t count)
{
    bool ok = true;

    for (size_t i = 0; i < count; i++)
        ok &= unmap(crowd[i], SMALL);
    return ok;
}

static bool query_of(struct bench *b, size_t count)
{
    bool ok = fill_crowd(count);
    size_t at = 0;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    {
        at = (at + 7919) % count;
        ok &= ask(crowd[at] + PAGE);
    }
    return empty_crowd(count) && ok;
}

static bool query_of_10(struct bench *b)
{
    return query_of(b, 10);
}

static bool query_of_1000(struct bench *b)
{
    return query_of(b, 1000);
}

static bool query_of_30000(struct bench *b)
{
    return query_of(b, BENCH_CROWD);
}

static bool query_at(struct bench *b, const void *p)
{
    bool ok = true;

    MEASURE(b, 1000)
    ok &= ask(p);
    return ok;
}

static bool query_inside(struct bench *b, size_t bytes, int access)
{
    char *p = map(bytes, access);
    bool ok = p != NULL && query_at(b, p + bytes / 2);

    return ok && unmap(p, bytes);
}

static bool query_committed_1g(struct bench *b)
{
    return query_inside(b, GIB, BOTH);
}

static bool query_reserved_64g(struct bench *b)
{
    return query_inside(b, 64 * GIB, NONE);
}

static bool query_reserved_64k(struct bench *b)
{
    return query_inside(b, SMALL, NONE);
}

static bool query_static_buffer(struct bench *b)
{
    static struct question q;
    char *p = map(SMALL, NONE);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 1000)
    ok &= ask_for(p, &q);
    return unmap(p, SMALL) && ok;
}

static bool query_stack(struct bench *b)
{
    char local = 0;

    return query_at(b, &local);
}

static bool query_library(struct bench *b)
{
    return query_at(b, dlsym(RTLD_DEFAULT, "mmap"));
}

static bool query_free(struct bench *b)
{
    struct question q;
    char *p = (char *)0x10000;

    for (; ask_for(p, &q); p = (char *)(uintptr_t)q.end)
        if (q.start > (uintptr_t)p && q.start - (uintptr_t)p >= GIB)
            return query_at(b, p);
    return false;
}

static bool query_hole(struct bench *b)
{
    bool ok = fill_crowd(99) && unmap(crowd[48], SMALL) && query_at(b, crowd[48]);

    crowd[48] = map(SMALL, NONE);
    return empty_crowd(99) && ok;
}

static size_t walk(const char *from, const char *to)
{
    struct question q;
    size_t regions = 0;

    for (; from < to && ask_for(from, &q); from = (const char *)(uintptr_t)q.end)
        regions++;
    return regions;
}

static bool measure_walk(struct bench *b, const char *from, const char *to)
{
    size_t regions = walk(from, to), seen = 0;

    while (bench_next(b, regions))
        seen = walk(from, to);
    return seen == regions;
}

/* A thousand mappings in a row: within a reservation, as separate ones may be put anywhere. */
static bool walk_runs(struct bench *b)
{
    enum { COUNT = 1000 };
    char *p = map(COUNT * SMALL, NONE);
    bool ok = p != NULL;

    for (size_t i = 0; ok && i < COUNT; i += 2)
        ok = mprotect(p + i * SMALL, SMALL, BOTH) == 0;
    return ok && measure_walk(b, p, p + COUNT * SMALL) && unmap(p, COUNT * SMALL);
}

static bool walk_allocations(struct bench *b)
{
    return walk_runs(b);
}

/* --- two threads --- */

static bool threads_alloc(struct bench *b)
{
    return bench_pair(b, 1000, allocate_often, NULL, NULL);
}

static void cycle_often(void *p, size_t count)
{
    for (size_t i = 0; i < count; i++)
        cycle(p, SMALL);
}

static bool threads_commit(struct bench *b)
{
    char *mine = map(GIB, NONE), *its = map(GIB, NONE);
    bool ok = mine != NULL && its != NULL && bench_pair(b, 1000, cycle_often, mine + GIB / 2, its + GIB / 2);

    return ok && unmap(mine, GIB) && unmap(its, GIB);
}

static bool query_beside_alloc(struct bench *b)
{
    bool ok = bench_background(allocate_often, NULL, 100);

    if (!ok)
        return false;
    ok = query_inside(b, SMALL, NONE);
    bench_background_stop();
    return ok;
}

/* --- sections --- */

static int make_section(void)
{
    int fd = memfd_create("bench", MFD_CLOEXEC);

    return fd >= 0 && ftruncate(fd, SMALL) == 0 ? fd : -1;
}

static bool map_over(int fd, char *at)
{
    return mmap(at, SMALL, BOTH, MAP_SHARED | MAP_FIXED, fd, 0) == at;
}

static bool make_ring(int fd)
{
    char *p = map(2 * SMALL, NONE);

    return p != NULL && map_over(fd, p) && map_over(fd, p + SMALL) && unmap(p, SMALL) &&
           unmap(p + SMALL, SMALL);
}

static bool ring_buffer(struct bench *b)
{
    int fd = make_section();
    bool ok = fd >= 0;

    if (!ok)
        return false;
    MEASURE(b, 100)
    ok &= make_ring(fd);
    return close(fd) == 0 && ok;
}

static bool view_64k(struct bench *b)
{
    int fd = make_section();
    bool ok = fd >= 0;

    if (!ok)
        return false;
    MEASURE(b, 200)
    ok &= unmap(mmap(NULL, SMALL, BOTH, MAP_SHARED, fd, 0), SMALL);
    return close(fd) == 0 && ok;
}

/* --- write watch, guard pages --- */

/* Debian 12's kernel headers know the system call, but not these. */
struct scan {
    uint64_t size, flags, start, end, walk_end, vec, vec_len, max_pages;
    uint64_t inverted, mask, any, tell;
};

struct region {
    uint64_t start, end, categories;
};

enum { WRITTEN = 2, RESET = 3, USER_MODE_ONLY = 1, WP_UNPOPULATED = 1 << 13, WP_ASYNC = 1 << 15 };

static struct region regions[WATCH_PAGES];

static long scan(int pagemap, char *p, size_t bytes, size_t room)
{
    struct scan arg = {.size = sizeof arg,
                       .flags = RESET,
                       .start = (uint64_t)p,
                       .end = (uint64_t)p + bytes,
                       .vec = room == 0 ? 0 : (uint64_t)regions,
                       .vec_len = room,
                       .mask = WRITTEN,
                       .tell = room == 0 ? 0 : WRITTEN};

    return ioctl(pagemap, _IOWR('f', 16, struct scan), &arg);
}

/* Registered and armed, then made usable. */
static char *watched(int *uffd)
{
    struct uffdio_api api = {.api = UFFD_API, .features = WP_UNPOPULATED | WP_ASYNC};
    char *p = map(WATCH_PAGES * PAGE, NONE);
    struct uffdio_register whole = {.range = {(uint64_t)p, WATCH_PAGES * PAGE},
                                    .mode = UFFDIO_REGISTER_MODE_WP};
    struct uffdio_writeprotect arm = {.range = whole.range, .mode = UFFDIO_WRITEPROTECT_MODE_WP};

    *uffd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK | USER_MODE_ONLY);
    if (p == NULL || *uffd < 0 || ioctl(*uffd, UFFDIO_API, &api) != 0 ||
        ioctl(*uffd, UFFDIO_REGISTER, &whole) != 0 || ioctl(*uffd, UFFDIO_WRITEPROTECT, &arm) != 0 ||
        mprotect(p, WATCH_PAGES * PAGE, BOTH) != 0)
        return NULL;
    return p;
}

static void write_each(char *p, size_t step)
{
    for (size_t page = 0; step > 0 && page < WATCH_PAGES; page += step)
        ((volatile char *)p)[page * PAGE]++;
}

static bool watch_first_write(struct bench *b)
{
    int uffd, pagemap = open("/proc/self/pagemap", O_RDONLY);
    char *p = watched(&uffd);

    if (p == NULL || pagemap < 0)
        return false;
    write_each(p, 1);
    MEASURE(b, WATCH_PAGES)
    {
        if (turn == 0)
            UNTIMED(b) scan(pagemap, p, WATCH_PAGES * PAGE, 0);
        ((volatile char *)p)[turn * PAGE]++;
    }
    return unmap(p, WATCH_PAGES * PAGE) && close(uffd) == 0 && close(pagemap) == 0;
}

static bool get_each(struct bench *b, size_t step)
{
    long wanted = step == 0 ? 0 : step == 1 ? 1 : (long)((WATCH_PAGES + step - 1) / step);
    int uffd, pagemap = open("/proc/self/pagemap", O_RDONLY);
    char *p = watched(&uffd);
    bool ok = true;

    if (p == NULL || pagemap < 0)
        return false;
    write_each(p, 1);
    scan(pagemap, p, WATCH_PAGES * PAGE, 0);
    MEASURE(b, 5)
    {
        UNTIMED(b) write_each(p, step);
        ok &= scan(pagemap, p, WATCH_PAGES * PAGE, WATCH_PAGES) == wanted;
    }
    return unmap(p, WATCH_PAGES * PAGE) && close(uffd) == 0 && close(pagemap) == 0 && ok;
}

static bool watch_get_1(struct bench *b)
{
    return get_each(b, 100);
}

static bool watch_get_10(struct bench *b)
{
    return get_each(b, 10);
}

static bool watch_get_100(struct bench *b)
{
    return get_each(b, 1);
}

static bool watch_get_clean(struct bench *b)
{
    return get_each(b, 0);
}

/* What is committed of it. */
static bool watch_clean_64g(struct bench *b)
{
    return get_each(b, 0);
}

static char *guarded;

static void disarm(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    if ((char *)info->si_addr < guarded || (char *)info->si_addr >= guarded + PAGE ||
        mprotect(guarded, PAGE, BOTH) != 0)
        _exit(1);
}

static bool guard_hit(struct bench *b)
{
    struct sigaction action = {.sa_sigaction = disarm, .sa_flags = SA_SIGINFO}, before;
    bool ok = true;

    guarded = map(SMALL, BOTH);
    sigaction(SIGSEGV, &action, &before);
    MEASURE(b, 200)
    {
        ok &= mprotect(guarded, PAGE, NONE) == 0;
        *(volatile char *)guarded = 1;
    }
    sigaction(SIGSEGV, &before, NULL);
    return unmap(guarded, SMALL) && ok;
}

/* --- contents that may go --- */

static void touch(volatile char *p, size_t bytes)
{
    for (size_t at = 0; at < bytes; at += PAGE)
        p[at] = 1;
}

static bool reset_1m(struct bench *b)
{
    char *p = map(MIB, BOTH);
    bool ok = p != NULL;

    if (!ok)
        return false;
    MEASURE(b, 20)
    {
        touch(p, MIB);
        ok &= madvise(p, MIB, MADV_FREE) == 0;
    }
    return unmap(p, MIB) && ok;
}

enum { IS_PRESENT = 8, IS_ZERO = 32 };

static bool is_there(int pagemap, char *p, size_t bytes)
{
    struct region run;
    struct scan s = {.size = sizeof s,
                     .start = (uint64_t)p,
                     .end = (uint64_t)p + bytes,
                     .vec = (uint64_t)&run,
                     .vec_len = 1,
                     .inverted = IS_ZERO,
                     .mask = IS_PRESENT | IS_ZERO};

    return ioctl(pagemap, _IOWR('f', 16, struct scan), &s) == 1 && run.end - run.start == bytes;
}

static bool undo(int pagemap, char *p, size_t bytes)
{
    bool ok = mlock2(p, bytes, MLOCK_ONFAULT) == 0 && is_there(pagemap, p, bytes);

    for (size_t at = 0; at < bytes; at += PAGE)
        __atomic_fetch_or(p + at, 1, __ATOMIC_RELAXED);
    return munlock(p, bytes) == 0 && ok;
}

static bool reset_undo_1m(struct bench *b)
{
    char *p = map(MIB, BOTH);
    int pagemap = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    bool ok = p != NULL && pagemap >= 0;

    if (!ok)
        return false;
    touch(p, MIB);
    MEASURE(b, 20)
    ok &= madvise(p, MIB, MADV_FREE) == 0 && undo(pagemap, p, MIB);
    close(pagemap);
    return unmap(p, MIB) && ok;
}

/* --- physical pages: UFFDIO_MOVE, Linux 6.8; the headers may be older --- */

static struct {
    int fd;
    char *parking, *window;
} mover;

static bool open_mover(void)
{
    uint64_t api[3] = {0xAA, 1 << 16 | 1 << 7, 0};

    mover.fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC | 1);
    return mover.fd >= 0 && ioctl(mover.fd, _IOWR(0xAA, 0x3F, uint64_t[3]), api) == 0;
}

static char *map_movable(bool filled)
{
    char *p = map(BENCH_FRAMES * PAGE, BOTH);
    uint64_t registration[4] = {(uintptr_t)p, BENCH_FRAMES * PAGE, 1, 0};

    for (size_t i = 0; p != NULL && filled && i < BENCH_FRAMES; i++)
        p[i * PAGE] = 1;
    return p != NULL && ioctl(mover.fd, _IOWR(0xAA, 0, uint64_t[4]), registration) == 0 ? p : NULL;
}

static bool move_pages(char *to, char *from, size_t bytes)
{
    uint64_t move[5] = {(uintptr_t)to, (uintptr_t)from, bytes, 1, 0};

    return ioctl(mover.fd, _IOWR(0xAA, 5, uint64_t[5]), move) == 0;
}

static bool in_and_out(bool scattered)
{
    bool ok = true;

    if (!scattered)
        return move_pages(mover.window, mover.parking, BENCH_FRAMES * PAGE) &&
               move_pages(mover.parking, mover.window, BENCH_FRAMES * PAGE);
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        ok &= move_pages(mover.window + bench_scattered(i) * PAGE, mover.parking + i * PAGE, PAGE);
    for (size_t i = 0; i < BENCH_FRAMES; i++)
        ok &= move_pages(mover.parking + i * PAGE, mover.window + bench_scattered(i) * PAGE, PAGE);
    return ok;
}

static bool move_frames(struct bench *b, bool scattered)
{
    bool ok = open_mover();

    mover.parking = ok ? map_movable(true) : NULL;
    mover.window = ok ? map_movable(false) : NULL;
    if (mover.parking == NULL || mover.window == NULL)
        return false;
    while (bench_next(b, BENCH_FRAMES))
        ok &= in_and_out(scattered);
    return unmap(mover.parking, BENCH_FRAMES * PAGE) && unmap(mover.window, BENCH_FRAMES * PAGE) &&
           close(mover.fd) == 0 && ok;
}

static bool physical_scatter(struct bench *b)
{
    return move_frames(b, true);
}

static bool physical_run(struct bench *b)
{
    return move_frames(b, false);
}

BENCH_PROGRAM
