/*
 * flush.c: what was written to a view begins its way to the disk.
 *
 * Windows starts the writing and does not wait for the disk, nor for what tells where the file lies: FlushFileBuffers
 * does both. On Linux msync(MS_ASYNC) does nothing (since 2.6.19), and MS_SYNC waits for all of it, as fsync does. What
 * starts and does not wait is sync_file_range, by a descriptor: the section's, duplicated under the lock, so that the disk
 * is met behind it. Where there is none any more, MS_SYNC does more than was asked for, and not less.
 */
#include <errno.h>

#include "kern/descriptor.h"
#include "kern/map/mapping.h"
#include "vm/book/home.h"
#include "vm/errno_status.h"
#include "vm/sections/section.h"

struct dirty {
    struct wm_range range; /* in the view */
    int fd;                /* the caller's; negative: there is none to be had */
    uint64_t offset;       /* in the file */
    bool file;             /* else there is nothing that it could be written to */
};

/* 0 bytes: to the end of the view. */
static wm_status find(uintptr_t addr, size_t bytes, struct dirty *out)
{
    const struct wm_section *section;
    struct wm_found found;
    struct wm_range all;
    bool exists;
    wm_status st = wm_home_find(addr, &found, &exists);

    if (!wm_ok(st))
        return st;
    if (!exists || found.extent.kind != WM_VIEW)
        return WM_NOT_A_VIEW;
    all = wm_extent_range(&found.extent);
    if (bytes > all.end - addr)
        return WM_NOT_A_VIEW;
    section = wm_section_at(found.extent.section);
    *out = (struct dirty){
        .range = {wm_down(addr, WM_PAGE), bytes != 0 ? wm_up(addr + bytes, WM_PAGE) : all.end},
        .fd = -EBADF,
        .offset = (uint64_t)found.extent.offset * WM_PAGE + (wm_down(addr, WM_PAGE) - all.start),
        .file = (found.extent.traits & WM_TRAIT_FILE) != 0,
    };
    if (out->file && wm_backing_is_ours(&section->backing))
        out->fd = wm_fd_duplicate(section->backing.fd);
    return WM_OK;
}

/* The view may be gone by now (-ENOMEM): then somebody has unmapped what he wanted to flush. */
static int start(const struct dirty *dirty)
{
    int error = dirty->fd;

    if (dirty->fd >= 0)
        error = wm_kern_start_writing(dirty->fd, dirty->offset, wm_range_bytes(dirty->range));
    if (error != 0 && error != -EIO && error != -ENOSPC)
        error = wm_kern_write_back(dirty->range);
    return error == -ENOMEM ? 0 : error;
}

wm_status wm_op_flush_view(uintptr_t addr, size_t bytes)
{
    struct dirty dirty = {0};
    wm_status st;
    int error;

    WM_AT_HOME(st)
        st = find(addr, bytes, &dirty);
    if (!wm_ok(st) || !dirty.file)
        return st;
    error = start(&dirty);
    if (dirty.fd >= 0)
        wm_kern_close(dirty.fd);
    return wm_from_errno(WM_OP_TRANSFER, error);
}
