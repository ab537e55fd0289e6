/*
 * sharing.c: who has a file open.
 *
 * Each first says what he wants, by locking, and then looks whether that fits what the others have said. So of two who do
 * not fit and come at once at least one sees the other; both may, and whoever sees somebody takes back what he has said and
 * tries once more in a while: one who is just looking is gone then, one who has the file open is not.
 */
#include "vm/files/sharing.h"

#include <errno.h>
#include <stdint.h>

#include "kern/clock.h"
#include "kern/files/files.h"

enum { USED = 0, DENIED = 3, SECTION = 6, WRITABLE_SECTION = 7, BITS = 3 };
enum { TRIES = 4 };

/* Long enough for another's few system calls, in nanoseconds. */
#define WHILE 50000u

/* One byte for each bit that is set, from a byte on. Where the file system has no locks there is nothing to be said. */
static void say(int fd, enum wm_byte_lock lock, unsigned from, unsigned bits)
{
    for (unsigned bit = 0; bit < BITS; bit++)
        if (bits & 1u << bit)
            wm_kern_lock_bytes(fd, lock, WM_SHARING_FIRST + from + bit, 1, false);
}

static bool is_said(int fd, unsigned from, unsigned bits)
{
    for (unsigned bit = 0; bit < BITS; bit++)
        if (bits & 1u << bit &&
            wm_kern_bytes_locked(fd, WM_BYTES_EXCLUSIVE, WM_SHARING_FIRST + from + bit, 1) == 1)
            return true;
    return false;
}

/* Who uses nothing denies nothing: it is as if the file were not open. */
void wm_sharing_join(int fd, unsigned uses, unsigned shares)
{
    if (uses == 0)
        return;
    say(fd, WM_BYTES_SHARED, USED, uses);
    say(fd, WM_BYTES_SHARED, DENIED, ~shares & WM_SHARE_ALL);
}

static bool fits(int fd, unsigned uses, unsigned shares)
{
    wm_sharing_join(fd, uses, shares);
    if (!is_said(fd, DENIED, uses) && !is_said(fd, USED, ~shares & WM_SHARE_ALL))
        return true;
    wm_sharing_leave(fd);
    return false;
}

wm_status wm_sharing_enter(int fd, unsigned uses, unsigned shares)
{
    for (unsigned try = 1; uses != 0; try++) {
        if (fits(fd, uses, shares))
            return WM_OK;
        if (try == TRIES)
            return WM_FILE_SHARED;
        wm_clock_sleep(wm_clock_after(WHILE * try + (uint64_t)(uintptr_t)__builtin_frame_address(0) % WHILE));
    }
    return WM_OK;
}

void wm_sharing_leave(int fd)
{
    wm_kern_lock_bytes(fd, WM_BYTES_FREE, WM_SHARING_FIRST, SECTION, false);
}

void wm_sharing_section(int fd, bool writable)
{
    wm_kern_lock_bytes(fd, WM_BYTES_SHARED, WM_SHARING_FIRST + SECTION, writable ? 2 : 1, false);
}

bool wm_sharing_has_section(int fd)
{
    return wm_kern_bytes_locked(fd, WM_BYTES_EXCLUSIVE, WM_SHARING_FIRST + SECTION, 1) == 1;
}

bool wm_sharing_has_writable_section(int fd)
{
    return wm_kern_bytes_locked(fd, WM_BYTES_EXCLUSIVE, WM_SHARING_FIRST + WRITABLE_SECTION, 1) == 1;
}
