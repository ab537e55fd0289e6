#include "kern/probe.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/atomic.h"
#include "kern/map/mapping.h"
#include "kern/pages/pagestate.h"
#include "kern/process/peer.h"

static const char *const names[WM_FEATURE_COUNT] = {
    [WM_FEATURE_ARENAS] = "arenas",
    [WM_FEATURE_PROCMAP_QUERY] = "procmap_query",
    [WM_FEATURE_GUARD_MARKERS] = "guard_markers",
    [WM_FEATURE_WIPE_ON_FORK] = "wipe_on_fork",
    [WM_FEATURE_USERFAULTFD] = "userfaultfd",
    [WM_FEATURE_NUMA] = "numa",
    [WM_FEATURE_PAGEMAP_SCAN] = "pagemap_scan",
    [WM_FEATURE_ZERO_PAGE] = "zero_page",
    [WM_FEATURE_HUGE_PAGES] = "huge_pages",
    [WM_FEATURE_HUGE_MOVE] = "huge_move",
    [WM_FEATURE_POPULATE] = "populate",
    [WM_FEATURE_MLOCK] = "mlock",
    [WM_FEATURE_UFFD_MOVE] = "uffd_move",
    [WM_FEATURE_PIDFD] = "pidfd",
    [WM_FEATURE_ANCHOR] = "anchor",
    [WM_FEATURE_AT_LOAD] = "at_load",
    [WM_FEATURE_PROCESS_VM] = "process_vm",
};

static bool missing[WM_FEATURE_COUNT];

bool wm_probe_has(enum wm_feature feature)
{
    return !WM_LOAD(missing[feature]);
}

void wm_probe_lacks(enum wm_feature feature)
{
    WM_STORE(missing[feature], true);
}

static int try_on_own_page(int (*try_page)(struct wm_range page))
{
    struct wm_range page;
    int error = wm_kern_reserve(WM_PAGE, &page.start);

    if (error != 0)
        return error;
    page.end = page.start + WM_PAGE;
    error = try_page(page);
    wm_kern_unmap(page);
    return error;
}

bool wm_probe_page(enum wm_feature feature, bool *known, int (*try_page)(struct wm_range page))
{
    int error;

    if (WM_LOAD(*known) || !wm_probe_has(feature))
        return wm_probe_has(feature);
    error = try_on_own_page(try_page);
    if (error != 0 && error != -ENOMEM && error != -EAGAIN)
        wm_probe_lacks(feature);
    WM_STORE(*known, error == 0);
    return error == 0;
}

static bool named(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && strncmp(word, name, length) == 0;
}

void wm_probe_read(const char *list)
{
    while (list != NULL && *list != '\0') {
        size_t length = strcspn(list, ",");

        for (int i = 0; i < WM_FEATURE_COUNT; i++)
            if (named(list, length, names[i]) || named(list, length, "all"))
                wm_probe_lacks((enum wm_feature)i);
        list += length + (list[length] == ',');
    }
}

/* What has run out for a moment says nothing. */
static void try_uffd_move(void)
{
    struct wm_mover mover;
    int error = wm_kern_mover_open(&mover);

    if (error == 0)
        wm_kern_close(mover.fd);
    else if (error != -EMFILE && error != -ENFILE && error != -ENOMEM)
        wm_probe_lacks(WM_FEATURE_UFFD_MOVE);
}

/* The ioctls are tried by asking, the rest on pages and words of our own. What is not here is tried by being used. */
static void try_feature(enum wm_feature feature)
{
    uint64_t word = 0, copy;
    struct wm_peer self;
    struct wm_page_run run;
    struct wm_vma vma;

    if (feature == WM_FEATURE_PAGEMAP_SCAN)
        wm_kern_scan(&(struct wm_scan){.range = {WM_SPACE_START, WM_SPACE_START + WM_PAGE}}, &run, 1);
    if (feature == WM_FEATURE_ZERO_PAGE)
        wm_kern_tells_zeros();
    if (feature == WM_FEATURE_HUGE_PAGES || feature == WM_FEATURE_HUGE_MOVE)
        wm_kern_has_large();
    if (feature == WM_FEATURE_MLOCK)
        wm_kern_can_pin();
    if (feature == WM_FEATURE_PROCMAP_QUERY)
        wm_kern_vma(WM_SPACE_START, &vma);
    if (feature == WM_FEATURE_GUARD_MARKERS)
        wm_kern_has_markers();
    if (feature == WM_FEATURE_PIDFD && wm_peer_open(getpid(), &self) == 0)
        wm_peer_close(&self);
    if (feature == WM_FEATURE_PROCESS_VM)
        wm_kern_copy((uintptr_t)&copy, (uintptr_t)&word, sizeof word);
    if (feature == WM_FEATURE_UFFD_MOVE)
        try_uffd_move();
}

bool wm_probe_named(const char *name)
{
    for (int i = 0; i < WM_FEATURE_COUNT; i++)
        if (strcmp(names[i], name) == 0) {
            if (wm_probe_has((enum wm_feature)i))
                try_feature((enum wm_feature)i);
            return wm_probe_has((enum wm_feature)i);
        }
    return false;
}
