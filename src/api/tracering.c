/*
 * tracering.c: putting a line into the ring (tracering.h).
 *
 * Threads and signal handlers take numbers, and so places, by one atomic step. Who is overtaken by 256 others while he writes
 * may mix his line with theirs; such a line, and one that was cut off by the end of the process, is told by its number.
 */
#include "api/tracering.h"

#include <string.h>

#include "base/atomic.h"
#include "kern/sys.h"

static struct wm_ring_line lines[WM_RING_LINES]; /* untouched, they take no memory */

struct wm_trace_ring wm_trace_ring = {
    .magic = WM_RING_MAGIC,
    .version = WM_RING_VERSION,
    .lines = WM_RING_LINES,
    .line_bytes = sizeof(struct wm_ring_line),
    .line = lines,
};

void wm_ring_put(const char *text, size_t length)
{
    uint64_t number = __atomic_add_fetch(&wm_trace_ring.next, 1, __ATOMIC_RELAXED);
    struct wm_ring_line *line = &lines[number % WM_RING_LINES];

    if (length > WM_RING_TEXT)
        length = WM_RING_TEXT;
    WM_STORE(line->number, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    line->thread = (uint32_t)wm_sys3(SYS_gettid, 0, 0, 0);
    line->length = (uint32_t)length;
    memcpy(line->text, text, length);
    WM_STORE(line->number, number);
}
