/*
 * map.c: mapping, protecting and giving up memory: the calls themselves, a function each (mapping.h).
 *
 * Nothing is remembered here, and nothing is checked: ranges are whole pages of whoever called. What is
 * promised are the answers, and these hold of Linux beside its manual pages, pinned in tests/kern/map.c and
 * fulltable.c:
 *
 *   memory without access is promised to nobody, making it writable promises it, and only a new mapping
 *   gives that back (map.only_a_new_mapping_gives_a_promise_back)
 *   mapping over others is whole or refused (fulltable.mapping_over_others_is_whole_or_refused); mprotect
 *   and madvise go mapping by mapping and may stop half-way (fulltable.mprotect_stops_half_way)
 *   ENOMEM is a full table of mappings as well as want of memory, and the errno does not tell which
 *
 * MAP_NORESERVE is used for memory of our own that is mostly never touched, and never for a program's:
 * without a reservation a commit could not fail (map.without_a_reservation_nothing_is_promised).
 *
 * Sanitizers are told what they cannot see: AddressSanitizer what is mapped and unmapped, by calling libc's
 * functions; ThreadSanitizer that what one thread gave up another one may have got.
 */
#include <errno.h>
#include <sys/mman.h>

#include "kern/map/mapping.h"
#include "kern/probe.h"
#include "kern/sys.h"

#ifndef MADV_PAGEOUT
#define MADV_PAGEOUT 21
#endif
#ifndef MAP_HUGE_SHIFT
#define MAP_HUGE_SHIFT 26
#endif
#ifndef MADV_DONTNEED_LOCKED
#define MADV_DONTNEED_LOCKED 24
#endif
#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

#if defined(__SANITIZE_ADDRESS__)
#define WM_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WM_SANITIZED 1
#endif
#endif

/*
 * One thread's memory is another's a moment later, by way of the kernel, which thread sanitizers do not see: counting
 * tells them.
 */
static uint32_t turns;

static void hand_over(void)
{
    __atomic_fetch_add(&turns, 1, __ATOMIC_RELEASE);
}

static void take_over(void)
{
    __atomic_fetch_add(&turns, 1, __ATOMIC_ACQUIRE);
}

/*
 * Under AddressSanitizer through libc, which it intercepts: it forgets what it believes of memory that
 * goes. A raw munmap would leave poisoned shadow behind for whoever gets the addresses next.
 */
static long map(uintptr_t at, size_t bytes, int access, int flags, int fd, uint64_t offset)
{
#ifdef WM_SANITIZED
    long fault = wm_fault_for(SYS_mmap, 0, 0);
    int saved = errno;
    void *p;

    if (fault != 0)
        return fault;
    p = mmap((void *)at, bytes, access, flags, fd, (off_t)offset);
    if (p == MAP_FAILED) {
        fault = -errno;
        errno = saved;
        return fault;
    }
    return (long)p;
#else
    return wm_sys6(SYS_mmap, (long)at, (long)bytes, access, flags, fd, (long)offset);
#endif
}

static int unmap(uintptr_t at, size_t bytes)
{
#ifdef WM_SANITIZED
    long fault = wm_fault_for(SYS_munmap, 0, 0);
    int saved = errno;

    if (fault == 0 && munmap((void *)at, bytes) != 0) {
        fault = -errno;
        errno = saved;
    }
    return (int)fault;
#else
    return (int)wm_sys3(SYS_munmap, (long)at, (long)bytes, 0);
#endif
}

static int map_at(struct wm_range r, int access, int flags, int fd, uint64_t offset, enum wm_place place)
{
    long at;

    flags |= place == WM_AT_FREE ? MAP_FIXED_NOREPLACE : MAP_FIXED;
    at = map(r.start, wm_range_bytes(r), access, flags, fd, offset);
    if (at < 0 && at > -4096)
        return (int)at;
    if ((uintptr_t)at == r.start)
        return 0;
    /* Kernels before 4.17 (and some sandboxes) take NOREPLACE for a hint and map elsewhere. */
    unmap((uintptr_t)at, wm_range_bytes(r));
    return -EEXIST;
}

static int map_from(size_t bytes, int access, int flags, int fd, uint64_t offset, uintptr_t *start)
{
    long at = map(0, bytes, access, flags, fd, offset);

    if (at < 0 && at > -4096)
        return (int)at;
    *start = (uintptr_t)at;
    return 0;
}

static int map_anywhere(size_t bytes, int access, int flags, uintptr_t *start)
{
    return map_from(bytes, access, MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0, start);
}

int wm_kern_reserve(size_t bytes, uintptr_t *start)
{
    return map_anywhere(bytes, PROT_NONE, 0, start);
}

int wm_kern_map_sparse(size_t bytes, uintptr_t *start)
{
    int error = map_anywhere(bytes, PROT_READ | PROT_WRITE, MAP_NORESERVE, start);

    take_over();
    return error;
}

/*
 * The kernel aligns them. NORESERVE only where nobody can touch them: a touch that finds the pool empty is
 * SIGBUS (pinned: sections.a_touch_beyond_the_pool_is_sigbus).
 */
int wm_kern_map_large(size_t bytes, uintptr_t page, int access, uintptr_t *start)
{
    int flags = MAP_HUGETLB | __builtin_ctzll(page) << MAP_HUGE_SHIFT;

    return map_anywhere(bytes, access, access == WM_ACCESS_NONE ? flags | MAP_NORESERVE : flags, start);
}

int wm_kern_map_file_anywhere(size_t bytes, int access, int fd, uint64_t offset, uintptr_t *start)
{
    return map_from(bytes, access, MAP_SHARED, fd, offset, start);
}

int wm_kern_map_sealed(size_t bytes, int fd, uintptr_t *start)
{
    return map_from(bytes, WM_ACCESS_READ, MAP_PRIVATE, fd, 0, start);
}

int wm_kern_map(struct wm_range r, int access, enum wm_place place)
{
    return map_at(r, access, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0, place);
}

int wm_kern_map_file(struct wm_range r, int access, bool copy, int fd, uint64_t offset, enum wm_place place)
{
    return map_at(r, access, copy ? MAP_PRIVATE : MAP_SHARED, fd, offset, place);
}

int wm_kern_protect(struct wm_range r, int access)
{
    return (int)wm_sys3(SYS_mprotect, (long)r.start, (long)wm_range_bytes(r), access);
}

int wm_kern_write_back(struct wm_range r)
{
    return (int)wm_sys3(SYS_msync, (long)r.start, (long)wm_range_bytes(r), MS_SYNC);
}

int wm_kern_unmap(struct wm_range r)
{
    hand_over();
    return unmap(r.start, wm_range_bytes(r));
}

/*
 * Only a new mapping gives the promised memory back, and only MAP_FIXED makes it in one step, so that no
 * other thread gets the addresses: munmap and mmap would leave a hole in between.
 */
int wm_kern_discard(struct wm_range r)
{
    return wm_kern_map(r, WM_ACCESS_NONE, WM_OVER_OURS);
}

int wm_kern_page_out(struct wm_range r)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_PAGEOUT);
}

/* Where swap is not compiled in, a range stops having an effect at its first private mapping. */
void wm_kern_will_need(struct wm_range r)
{
    wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_WILLNEED);
}

/*
 * A window's own page tables are empty until a frame is moved in, and frames are promised where they are
 * made.
 */
int wm_kern_map_window(struct wm_range r)
{
    return map_at(r, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, WM_OVER_OURS);
}

int wm_kern_not_to_children(struct wm_range r)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_DONTFORK);
}

int wm_kern_to_children(struct wm_range r)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_DOFORK);
}

/*
 * Locked memory (mlockall) must be asked for by another name, since Linux 5.18 (pinned:
 * user.locked_memory_is_emptied_by_another_name).
 */
int wm_kern_empty(struct wm_range r)
{
    long result = wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_DONTNEED);

    if (result == -EINVAL)
        result = wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_DONTNEED_LOCKED);
    return (int)result;
}

int wm_kern_small_pages(struct wm_range r)
{
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_NOHUGEPAGE);
}

int wm_kern_wipe_on_fork(struct wm_range r)
{
    if (!wm_probe_has(WM_FEATURE_WIPE_ON_FORK))
        return -ENOSYS;
    return (int)wm_sys3(SYS_madvise, (long)r.start, (long)wm_range_bytes(r), MADV_WIPEONFORK);
}
