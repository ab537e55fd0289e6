/*
 * memfd.c: sections without a file are sealed memory descriptors.
 *
 * A section's size is for ever: views and their readers rely on it. Whoever holds a descriptor of a file
 * may shrink it, and then views of it die of SIGBUS; seals forbid that to everybody, ourselves included,
 * through any descriptor (pinned: sections.seals_keep_the_size_and_nothing_else). Pages are promised by
 * nobody (sections.a_memory_descriptor_promises_nothing): large ones are taken when the section is made,
 * since a touch beyond the pool would be SIGBUS.
 */
#include <errno.h>
#include <sys/mman.h>

#include "kern/descriptor.h"
#include "kern/map/mapping.h"
#include "kern/sys.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x10u
#define MFD_NOEXEC_SEAL 0x8u
#endif
#ifndef MFD_HUGETLB
#define MFD_HUGETLB 0x4u
#endif
#define MFD_LARGE (MFD_HUGETLB | 21u << 26)
#ifndef F_ADD_SEALS
#define F_ADD_SEALS 1033
#define F_SEAL_SHRINK 2
#define F_SEAL_GROW 4
#endif

static int create_with(unsigned flags)
{
    return wm_fd_memory("winmem-section", MFD_ALLOW_SEALING | flags);
}

/* Nobody runs it. */
static int create_named(const char *name)
{
    int fd = wm_fd_memory(name, MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

    return fd == -EINVAL ? wm_fd_memory(name, MFD_ALLOW_SEALING) : fd;
}

/*
 * MFD_EXEC came with Linux 6.3; before it every memfd can be mapped executable. Where vm.memfd_noexec is 2
 * it is forbidden, and only files that can never be run may be made; views may be executable all the same.
 */
static int create(unsigned flags)
{
    int fd = create_with(flags | MFD_EXEC);

    if (fd == -EINVAL)
        fd = create_with(flags);
    return fd == -EACCES ? create_with(flags | MFD_NOEXEC_SEAL) : fd;
}

/* Sealed last: no size can be set afterwards, not by us either. */
static int prepare(int fd, uint64_t bytes, bool take, struct wm_file_id *id)
{
    long result = wm_sys3(SYS_ftruncate, fd, (long)bytes, 0);

    if (result == 0 && take)
        result = wm_sys4(SYS_fallocate, fd, 0, 0, (long)bytes);
    if (result == 0)
        result = wm_sys3(SYS_fcntl, fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
    if (result == 0)
        result = wm_kern_file_id(fd, id);
    if (result == 0)
        wm_kern_mark_file(fd, id);
    return (int)result;
}

static int make(int fd, uint64_t bytes, bool take, struct wm_file_id *id)
{
    int result;

    if (fd < 0)
        return fd;
    result = prepare(fd, bytes, take, id);
    if (result == 0)
        return fd;
    wm_kern_close(fd);
    return result;
}

int wm_kern_memfd(uint64_t bytes, struct wm_file_id *id)
{
    return make(create(0), bytes, false, id);
}

int wm_kern_memfd_named(const char *name, uint64_t bytes, struct wm_file_id *id)
{
    return make(create_named(name), bytes, false, id);
}

int wm_kern_memfd_large(uint64_t bytes, struct wm_file_id *id)
{
    return make(create(MFD_LARGE), bytes, true, id);
}

/*
 * Written through the descriptor, so that one mapping is enough. Behind the contents the page is zero, though the file ends
 * there. The program may change what it inherits of it.
 */
static int map_signed(int fd, const void *contents, size_t bytes, uintptr_t *at)
{
    long result = wm_sys4(SYS_pwrite64, fd, (long)contents, (long)bytes, 0);

    if (result != (long)bytes)
        return result < 0 ? (int)result : -EIO;
    return wm_kern_map_file_anywhere(WM_PAGE, WM_ACCESS_READ, fd, 0, at);
}

int wm_kern_sign(const char *name, const void *contents, size_t bytes, uintptr_t *at)
{
    int fd = wm_fd_memory(name, MFD_NOEXEC_SEAL), result;

    if (fd == -EINVAL)
        fd = wm_fd_memory(name, 0);
    if (fd < 0)
        return fd;
    result = map_signed(fd, contents, bytes, at);
    wm_kern_close(fd);
    return result;
}
