/*
 * readself.c: ReadProcessMemory of the calling process.
 *
 * Source and buffer may be any addresses, and are read and written by the kernel (process_vm_readv on
 * oneself), so that a wild one is an error and no fault, and nothing can change between a look and a copy.
 * It stops where the processor would fault, and says how far it came (pinned:
 * user.process_vm_readv_stops_where_a_fault_would_be), but not on which side that was, and the two ends are
 * different errors: that is asked afterwards.
 */
#include <errno.h>

#include "kern/arch/machine.h"
#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/ops.h"

struct copying {
    uintptr_t to, from;
    size_t bytes, done;
    bool unreadable; /* what ended it; else the buffer did */
};

static bool can_go_on(struct copying *c, size_t bytes)
{
    c->unreadable = !wm_op_reaches(c->from + c->done, bytes, WM_TO_READ);
    return !c->unreadable && wm_op_reaches(c->to + c->done, bytes, WM_TO_WRITE);
}

/*
 * Where the system call is forbidden: page by page, after asking, and as it does it, which no sanitizer sees: the bytes are
 * the program's, who may look at its freed memory, and at the sanitizer's own.
 */
static void copy_by_hand(struct copying *c)
{
    while (c->done < c->bytes) {
        size_t part = WM_PAGE - (c->from + c->done) % WM_PAGE, left = c->bytes - c->done;
        size_t room = WM_PAGE - (c->to + c->done) % WM_PAGE;

        part = part < left ? part : left;
        part = part < room ? part : room;
        if (!can_go_on(c, part))
            return;
        wm_machine_move(c->to + c->done, c->from + c->done, part);
        c->done += part;
    }
}

/* Asking which side has ended it takes a guard away, as meeting it does, and lets what is committed elsewhere be touched. */
static void copy(struct copying *c)
{
    size_t asked = SIZE_MAX;

    while (c->done < c->bytes) {
        long part = wm_kern_copy(c->to + c->done, c->from + c->done, c->bytes - c->done);

        if (part == -EFAULT) {
            if (!can_go_on(c, 1) || asked == c->done)
                return;
            asked = c->done;
            continue;
        }
        if (part <= 0) {
            copy_by_hand(c);
            return;
        }
        c->done += (size_t)part;
    }
}

/* What cannot all be read is not read in part: the count is 0. Of a buffer that ends it tells. */
wm_status wm_op_read_self(uintptr_t to, uintptr_t from, size_t bytes, size_t *done)
{
    struct copying c = {.to = to, .from = from, .bytes = bytes};
    wm_status st = wm_home_ready();

    *done = 0;
    if (!wm_ok(st))
        return st;
    copy(&c);
    *done = c.unreadable ? 0 : c.done;
    return c.done == bytes ? WM_OK : WM_COPIED_IN_PART;
}
