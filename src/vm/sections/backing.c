/*
 * backing.c: the kinds of memory that a section can be, and their descriptors (backing.h).
 *
 * A section of memory is a memfd, sealed to its size (kern/map/memfd.c). It needs the descriptor because it
 * may outlive all its views and be mapped again (O176). Large pages are taken when the section is made: a
 * touch that finds none left is SIGBUS, and no error (pinned: sections.a_touch_beyond_the_pool_is_sigbus).
 */
#include "vm/sections/backing.h"

#include <fcntl.h>

#include "kern/process/peer.h"
#include "kern/system/system.h"
#include "vm/errno_status.h"
#include "vm/ground/large.h"
#include "vm/sections/commits.h"

/* Fits into any machine: not worth asking how large this one is. */
#define BYTES_SMALL ((uint64_t)1 << 26)

/*
 * Windows takes the commit charge of the whole section at once. Linux charges a memfd page by page, so
 * only what can never fit is refused here.
 */
static wm_status check_memory(uint64_t bytes)
{
    if (bytes > WM_SECTION_BYTES_MAX)
        return WM_SECTION_TOO_BIG;
    if (bytes > BYTES_SMALL && bytes > wm_kern_memory() && wm_kern_overcommit() != WM_OVERCOMMIT_ALWAYS)
        return WM_SECTION_COMMIT;
    return WM_OK;
}

/* What is larger than the pool is refused when the pages are taken. */
static wm_status check_large(uint64_t bytes)
{
    if (bytes % WM_LARGE != 0)
        return WM_SECTION_LARGE_SIZE;
    if (bytes > WM_SECTION_BYTES_MAX)
        return WM_SECTION_TOO_BIG;
    return wm_large_pool();
}

static const struct {
    wm_status (*check)(uint64_t bytes);                 /* can there be so much? */
    int (*make)(uint64_t bytes, struct wm_file_id *id); /* a descriptor, or why not */
    enum wm_op op;                                      /* in the words of this operation */
} kinds[] = {
    [WM_BACKING_MEMORY] = {.check = check_memory, .make = wm_kern_memfd, .op = WM_OP_SECTION},
    [WM_BACKING_LARGE] = {.check = check_large, .make = wm_kern_memfd_large, .op = WM_OP_LARGE},
    [WM_BACKING_NAMED] = {.check = check_memory, .op = WM_OP_NAMED}, /* made with its name (namedsection.c) */
};

wm_status wm_backing_check(enum wm_backing_kind kind, uint64_t bytes)
{
    return kinds[kind].check(bytes);
}

/* What is only reserved takes no memory. */
wm_status wm_backing_check_size(enum wm_backing_kind kind, uint64_t bytes, bool reserved)
{
    if (!reserved)
        return wm_backing_check(kind, bytes);
    return bytes > WM_SECTION_BYTES_MAX ? WM_SECTION_TOO_BIG : WM_OK;
}

wm_status wm_backing_make(enum wm_backing_kind kind, uint64_t bytes, bool reserved, struct wm_backing *out)
{
    wm_status st = wm_backing_check_size(kind, bytes, reserved);
    uint64_t behind = reserved ? wm_commits_bytes(bytes) : 0;

    if (!wm_ok(st))
        return st;
    *out = (struct wm_backing){.kind = (uint8_t)kind, .reserved = reserved, .bytes = wm_up(bytes, WM_PAGE)};
    out->fd = kinds[kind].make(out->bytes + behind, &out->id);
    return out->fd < 0 ? wm_from_errno(kinds[kind].op, out->fd) : WM_OK;
}

/* Another process may lie, or have closed it by now. */
wm_status wm_backing_open_theirs(struct wm_backing *backing, int32_t pid, bool writes)
{
    backing->fd = wm_kern_open_theirs(pid, backing->fd, writes ? O_RDWR : O_RDONLY);
    if (backing->fd < 0)
        return WM_SECTION_UNREACHABLE;
    if (wm_backing_is_ours(backing))
        return WM_OK;
    wm_kern_close(backing->fd);
    return WM_SECTION_UNREACHABLE;
}

bool wm_backing_is_ours(const struct wm_backing *backing)
{
    bool marked = backing->kind == WM_BACKING_MEMORY || backing->kind == WM_BACKING_NAMED;

    return marked ? wm_kern_is_marked_file(backing->fd, &backing->id)
                  : wm_kern_is_file(backing->fd, &backing->id);
}

void wm_backing_close(const struct wm_backing *backing)
{
    if (wm_backing_is_ours(backing))
        wm_kern_close(backing->fd);
}

void wm_backing_forget(struct wm_backing *backing)
{
    wm_backing_close(backing);
    backing->fd = -1;
}

/* Several may do so at once. */
void wm_backing_note_bytes(struct wm_backing *backing, uint64_t bytes)
{
    uint64_t known = wm_backing_bytes(backing);

    while (known < bytes && !__atomic_compare_exchange_n(&backing->bytes, &known, bytes, false,
                                                         __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
        ;
}
