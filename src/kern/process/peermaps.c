/*
 * peermaps.c: what another process has mapped: the same questions as of our own list (kern/map/maps.c), put
 * to its files.
 *
 * The list belongs to a program, not to a process: after exec an open one is empty or ESRCH, and is opened
 * anew (pinned: process.after_exec_an_open_list_is_esrch).
 */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "kern/map/maps.h"
#include "kern/pages/pagefile.h"
#include "kern/process/peer.h"

/* It lives, and has no such file: that is no answer to what is in the file. */
static int open_of(const void *peer, const char *name, int flags)
{
    int fd = wm_peer_file(peer, name, flags);

    return fd == -ENOENT ? -ENODEV : fd;
}

struct wm_kept wm_peer_kept(const struct wm_peer *peer, const char *name, bool writes)
{
    return (struct wm_kept){.path = name, .open = open_of, .owner = peer, .writes = writes};
}

void wm_peer_files_init(struct wm_peer_files *files, const struct wm_peer *peer)
{
    files->maps = wm_peer_kept(peer, "maps", false);
    files->pagemap = wm_peer_kept(peer, "pagemap", false);
    files->memory = wm_peer_kept(peer, "mem", false);
}

void wm_peer_files_drop(struct wm_peer_files *files)
{
    wm_kept_drop(&files->maps);
    wm_kept_drop(&files->pagemap);
    wm_kept_drop(&files->memory);
}

int wm_peer_vma(struct wm_peer_files *files, uintptr_t addr, struct wm_vma *out)
{
    return wm_maps_vma(&files->maps, addr, out);
}

int wm_peer_vma_name(struct wm_peer_files *files, uintptr_t addr, char *name, size_t bytes)
{
    return wm_maps_name(&files->maps, addr, name, bytes);
}

int wm_peer_copied(struct wm_peer_files *files, struct wm_range r, bool *copied, uintptr_t *end)
{
    return wm_pagefile_copied(&files->pagemap, r, copied, end);
}

/* Between two questions the list may change: every step leads upwards. */
int wm_peer_find_file(struct wm_peer_files *files, const char *name, uintptr_t addr, struct wm_vma *out)
{
    char found[PATH_MAX + sizeof " (deleted)"];
    int result;

    while ((result = wm_maps_next_file(&files->maps, addr, out, found, sizeof found)) == 0) {
        if (strcmp(found, name) == 0)
            return 0;
        if (out->range.end <= addr)
            return -ENOENT;
        addr = out->range.end;
    }
    return result;
}
