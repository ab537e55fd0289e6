/*
 * mappedfile.c: sections of files (mappedfile.h).
 *
 * In this order: is the handle one of a file that may do this (O163), is it a file with a size (L240), is
 * there anything in it (O165), may it grow (O164). Growing comes last, since others see it, and a file that
 * has grown is not made smaller.
 */
#include "vm/sections/mappedfile.h"

#include <errno.h>
#include <fcntl.h>

#include "kern/descriptor.h"
#include "vm/access.h"
#include "vm/errno_status.h"
#include "vm/files/file.h"
#include "vm/files/sharing.h"

bool wm_mappedfile_writes(uint16_t protect)
{
    return (wm_access_of(protect) & WM_ACCESS_WRITE) && !wm_is_copy(protect);
}

/* What is copied on write is only read of the file. */
static uint32_t rights_for(uint16_t protect)
{
    uint32_t execute = wm_access_of(protect) & WM_ACCESS_EXECUTE ? WM_FILE_EXECUTE : 0;

    return WM_FILE_READ | execute | (wm_mappedfile_writes(protect) ? WM_FILE_WRITE : 0);
}

/* What there is comes first: a pipe has no size. */
static wm_status check_size(const struct wm_file_facts *facts, uint16_t protect, uint64_t *bytes)
{
    if (!facts->regular)
        return WM_FILE_NO_SECTION;
    if (*bytes == 0)
        *bytes = facts->bytes;
    if (*bytes == 0)
        return WM_SECTION_FILE_EMPTY;
    if (*bytes > facts->bytes && !wm_mappedfile_writes(protect))
        return WM_SECTION_BEYOND_FILE;
    return *bytes > WM_SECTION_BYTES_MAX ? WM_SECTION_TOO_BIG : WM_OK;
}

static wm_status check(const struct wm_file *file, uint16_t protect, uint64_t *bytes,
                       struct wm_file_facts *facts)
{
    int error = wm_kern_file_facts(file->fd, facts);

    return error != 0 ? wm_from_errno(WM_OP_TRANSFER, error) : check_size(facts, protect, bytes);
}

wm_status wm_mappedfile_check(uintptr_t handle, uint16_t protect, uint64_t bytes)
{
    WM_PINNED_FILE pinned = {0};
    struct wm_file_facts facts = {0};
    wm_status st = wm_file_pin(handle, rights_for(protect), &pinned);

    return wm_ok(st) ? check(pinned.file, protect, &bytes, &facts) : st;
}

static bool is_out_of_descriptors(int error)
{
    return error == -EMFILE || error == -ENFILE;
}

/* The name in /proc leads to the file itself, whatever has become of its names. */
static int open_own(const struct wm_file *file, bool writes, bool *alone)
{
    int fd = wm_kern_open_again(file->fd, writes ? O_RDWR : O_RDONLY);

    *alone = fd >= 0 && wm_kern_is_file(fd, &file->id);
    if (*alone || is_out_of_descriptors(fd))
        return fd;
    if (fd >= 0)
        wm_kern_close(fd); /* a file system of layers has made a copy to be written */
    return wm_fd_duplicate(file->fd);
}

static wm_status grow(int fd, uint64_t from, uint64_t to)
{
    return to <= from ? WM_OK : wm_from_errno(WM_OP_TRANSFER, wm_kern_grow_file(fd, from, to));
}

static wm_status hold(const struct wm_file *file, uint16_t protect, struct wm_backing *out)
{
    bool alone;

    out->fd = open_own(file, wm_mappedfile_writes(protect), &alone);
    if (out->fd < 0)
        return wm_from_errno(WM_OP_NAME, out->fd);
    if (alone)
        wm_mappedfile_tell(out, protect);
    return WM_OK;
}

wm_status wm_mappedfile_make(uintptr_t handle, uint16_t protect, uint64_t bytes, struct wm_backing *out)
{
    WM_PINNED_FILE pinned = {0};
    struct wm_file_facts facts = {0};
    wm_status st = wm_file_pin(handle, rights_for(protect), &pinned);

    if (wm_ok(st))
        st = check(pinned.file, protect, &bytes, &facts);
    if (!wm_ok(st))
        return st;
    *out = (struct wm_backing){.kind = WM_BACKING_FILE, .bytes = bytes, .id = facts.id};
    st = hold(pinned.file, protect, out);
    if (!wm_ok(st))
        return st;
    st = grow(out->fd, facts.bytes, bytes);
    if (!wm_ok(st))
        wm_kern_close(out->fd);
    return st;
}

wm_status wm_mappedfile_extend(struct wm_backing *backing, uint16_t protect, uint64_t bytes)
{
    struct wm_file_facts facts = {0};
    wm_status st;
    int error;

    if (bytes <= wm_backing_bytes(backing))
        return WM_OK;
    if (!wm_backing_is_ours(backing))
        return WM_DESCRIPTOR_GONE;
    error = wm_kern_file_facts(backing->fd, &facts);
    st = error != 0 ? wm_from_errno(WM_OP_TRANSFER, error) : check_size(&facts, protect, &bytes);
    if (wm_ok(st))
        st = grow(backing->fd, facts.bytes, bytes);
    if (wm_ok(st))
        wm_backing_note_bytes(backing, bytes);
    return st;
}

void wm_mappedfile_tell(const struct wm_backing *backing, uint16_t protect)
{
    wm_sharing_section(backing->fd, wm_mappedfile_writes(protect));
}
