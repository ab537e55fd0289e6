/*
 * describe.c: descriptions of threads (describe.h).
 *
 * The text lies in a mapping of its own, whose first word is its length; few threads have one. It is read and replaced under
 * a lock, since any thread may do either for any other.
 */
#include "vm/threads/describe.h"

#include <string.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/renew.h"
#include "kern/threads/scheduling.h"
#include "vm/threads/ends.h"
#include "vm/threads/records.h"

struct wm_description {
    size_t mapped, bytes;
    char text[];
};

static struct wm_lock describing;

static void give_back(struct wm_description *description)
{
    if (description != NULL)
        wm_kern_unmap(wm_range_of((uintptr_t)description, description->mapped));
}

static struct wm_description *copy_of(const char *text, size_t bytes)
{
    size_t mapped = wm_up(sizeof(struct wm_description) + bytes + 1, WM_PAGE);
    struct wm_description *copy;
    uintptr_t start;

    if (wm_kern_map_sparse(mapped, &start) != 0)
        return NULL;
    copy = (struct wm_description *)start;
    copy->mapped = mapped;
    copy->bytes = bytes;
    memcpy(copy->text, text, bytes);
    return copy;
}

static wm_status put(struct wm_thread *thread, struct wm_description *description)
{
    struct wm_description *before;

    if (!wm_lock_take(&describing)) {
        give_back(description);
        return WM_REENTERED;
    }
    before = thread->description;
    thread->description = description;
    wm_lock_drop(&describing);
    give_back(before);
    return WM_OK;
}

/* That debuggers show it is a courtesy: where there is no /proc they do not. */
wm_status wm_thread_describe(struct wm_thread *thread, const char *text)
{
    size_t bytes = strlen(text);
    struct wm_description *copy = bytes > WM_DESCRIPTION_BYTES ? NULL : copy_of(text, bytes);
    wm_status st;

    if (copy == NULL)
        return bytes > WM_DESCRIPTION_BYTES ? WM_NAME_LONG : WM_THREAD_MEMORY;
    st = put(thread, copy);
    if (wm_ok(st) && !wm_thread_is_gone(thread))
        wm_kern_name_thread(WM_LOAD(thread->id), text);
    return st;
}

size_t wm_thread_description(struct wm_thread *thread, char *out, size_t room)
{
    size_t bytes = 0, copied;

    *out = '\0';
    if (!wm_lock_take(&describing))
        return 0;
    if (thread->description != NULL) {
        bytes = thread->description->bytes;
        copied = bytes < room ? bytes : room - 1;
        memcpy(out, thread->description->text, copied);
        out[copied] = '\0';
    }
    wm_lock_drop(&describing);
    return bytes;
}

static void reap(struct wm_thread *gone)
{
    give_back(gone->description);
}

const struct wm_thread_ending wm_ending_description = {.reap = reap};
const struct wm_renewal wm_renewed_descriptions = {.lock = &describing};
