/* readself.c: ReadProcessMemory of the calling process. */
#include <errno.h>
#include <string.h>

#include "kern/kern.h"
#include "vm/book/home.h"
#include "vm/ops.h"

/* Where the system call is forbidden: page by page, after asking. */
static size_t copy_by_hand(uintptr_t to, uintptr_t from, size_t bytes)
{
    size_t done = 0, part;

    for (; done < bytes; done += part) {
        part = WM_PAGE - (from + done) % WM_PAGE;
        part = part < bytes - done ? part : bytes - done;
        if (!wm_op_reaches(from + done, part, WM_TO_READ) || !wm_op_reaches(to + done, part, WM_TO_WRITE))
            break;
        memmove((void *)(to + done), (const void *)(from + done), part);
    }
    return done;
}

static size_t copy(uintptr_t to, uintptr_t from, size_t bytes)
{
    size_t done = 0;
    long part;

    while (done < bytes && (part = wm_kern_copy(to + done, from + done, bytes - done)) != -EFAULT) {
        if (part <= 0)
            return done + copy_by_hand(to + done, from + done, bytes - done);
        done += (size_t)part;
    }
    return done;
}

/*
 * What cannot be read is not read in part: the count is 0; of a buffer that ends the count tells. Asking
 * which side it was takes a guard away, as meeting it does.
 */
wm_status wm_op_read_self(uintptr_t to, uintptr_t from, size_t bytes, size_t *done)
{
    wm_status st = wm_home_ready();

    *done = 0;
    if (!wm_ok(st))
        return st;
    *done = copy(to, from, bytes);
    if (*done == bytes)
        return WM_OK;
    if (!wm_op_reaches(from + *done, 1, WM_TO_READ))
        *done = 0;
    else
        wm_op_reaches(to + *done, 1, WM_TO_WRITE);
    return WM_COPIED_IN_PART;
}
