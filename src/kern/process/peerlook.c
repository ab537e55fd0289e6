/*
 * peerlook.c: reading where another process says that something is.
 *
 * It may say what it likes, and must not be able to hold us. process_vm_readv waits for whoever is to supply a page: for
 * ever, if that is a userfaultfd which nobody reads, and only SIGKILL ends it. Reading /proc/PID/mem does not: there the
 * kernel looks for a page without letting go of the list of mappings meanwhile, and where it would have to wait for a
 * userfaultfd it says EIO. (Tried: 6.18, and tests/remote/lies.c tries it anew.) That leaves files whose pages come from
 * a program (FUSE): what is read here lies in memory without a file or of our own kind of file, which is asked of the
 * list of mappings where an address is first heard of. Who changes that between the question and the reading can hold us.
 *
 * Writing through that file is the same, and goes through protections as well. So where the process must be able to write
 * itself that is asked, too. A shared page of somebody else's file is not written at all: though it is there, the kernel
 * may have to ask its owner before it is changed.
 *
 * The file is kept open. It shows one process image: after exec there is nothing in it, and it is opened anew.
 */
#include <errno.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/atomic.h"
#include "kern/descriptor.h"
#include "kern/pages/pagefile.h"
#include "kern/process/peer.h"
#include "kern/sys.h"

static long read_at(int fd, void *to, uintptr_t from, size_t bytes)
{
    return fd < 0 ? fd : wm_sys4(SYS_pread64, fd, (long)to, (long)bytes, (long)from);
}

/* Nothing, and no error: the image is gone. On any other file that has our number the reader will find no sense. */
static long read_anew(struct wm_peer_files *files, int stale, void *to, uintptr_t from, size_t bytes)
{
    long got;

    wm_kept_drop(&files->memory);
    got = read_at(wm_kept_get(&files->memory, stale), to, from, bytes);
    return got == 0 ? -ESRCH : got;
}

long wm_peer_look(struct wm_peer_files *files, void *to, uintptr_t from, size_t bytes)
{
    int fd = wm_kept_get(&files->memory, -1);
    long got = read_at(fd, to, from, bytes);

    if (fd < 0 || got > 0 || got == -EIO)
        return got;
    return read_anew(files, fd, to, from, bytes);
}

int wm_peer_gather(struct wm_peer_files *files, const struct wm_piece *pieces, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        long got =
            pieces[i].bytes == 0 ? 0 : wm_peer_look(files, pieces[i].to, pieces[i].from, pieces[i].bytes);

        if (got != (long)pieces[i].bytes)
            return got < 0 ? (int)got : -EFAULT;
    }
    return 0;
}

/* --- who supplies the pages --- */

/* That of every memfd in the system; 0: nobody knows. In wm_vma's form. */
static uint64_t memfd_device(void)
{
    static uint64_t known;
    uint64_t device = WM_LOAD(known);
    struct stat st;
    int fd;

    if (device != 0)
        return device;
    fd = wm_fd_memory("winmem-device", 0);
    if (fd >= 0 && wm_sys3(SYS_fstat, fd, (long)&st, 0) == 0)
        device = (uint64_t)major(st.st_dev) << 32 | minor(st.st_dev);
    if (fd >= 0)
        wm_kern_close(fd);
    WM_STORE(known, device);
    return device;
}

static bool is_the_kernels(const struct wm_vma *vma)
{
    uint64_t device = vma->file ? memfd_device() : 0;

    return !vma->file || device == 0 || vma->device == device;
}

static bool is_filled(struct wm_peer_files *files, struct wm_range r)
{
    return wm_pagefile_filled(&files->pagemap, r) == wm_range_bytes(r) / WM_PAGE;
}

typedef bool may(struct wm_peer_files *files, const struct wm_vma *vma, struct wm_range part);

static bool may_look(struct wm_peer_files *files, const struct wm_vma *vma, struct wm_range part)
{
    return vma->range.start <= part.start && (is_the_kernels(vma) || is_filled(files, part));
}

/* Below a mapping: if it is a stack it grows, and the kernel knows. */
static bool may_write(struct wm_peer_files *files, const struct wm_vma *vma, struct wm_range part)
{
    if (!(vma->access & WM_ACCESS_WRITE))
        return false;
    if (vma->range.start > part.start)
        return !vma->file;
    return is_the_kernels(vma) || (!vma->shared && is_filled(files, part));
}

/* Between two questions the list may change: every step leads upwards. */
static bool all_may(may *may, struct wm_peer_files *files, uintptr_t from, size_t bytes)
{
    struct wm_range r = {wm_down(from, WM_PAGE), wm_up(from + bytes, WM_PAGE)};
    struct wm_vma vma;

    if (from + bytes < from || r.end < r.start)
        return false;
    while (r.start < r.end) {
        struct wm_range part = r;
        uintptr_t edge;

        if (wm_peer_vma(files, r.start, &vma) != 0 || vma.range.end <= r.start)
            return false;
        edge = vma.range.start > r.start ? vma.range.start : vma.range.end;
        part.end = edge < r.end ? edge : r.end;
        if (!may(files, &vma, part))
            return false;
        r.start = part.end;
    }
    return true;
}

bool wm_peer_can_look(struct wm_peer_files *files, uintptr_t from, size_t bytes)
{
    return all_may(may_look, files, from, bytes);
}

bool wm_peer_can_write(struct wm_peer_files *files, uintptr_t from, size_t bytes)
{
    return all_may(may_write, files, from, bytes);
}

size_t wm_peer_filled(struct wm_peer_files *files, uintptr_t from, size_t bytes)
{
    return wm_pagefile_filled(&files->pagemap,
                              (struct wm_range){wm_down(from, WM_PAGE), wm_up(from + bytes, WM_PAGE)});
}
