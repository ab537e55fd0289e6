/*
 * errno_status.c: what an error of the kernel means, by the operation that met it.
 *
 * One errno has several meanings: ENOMEM of a reservation is want of addresses, of a commit want of memory.
 * The table says which; what it does not list is WM_KERNEL, a refusal that nobody expected. Two causes hide
 * behind errors of all operations and are looked for first, which takes a while, but only when something
 * has failed already:
 *
 *   the table of mappings is full: the kernel says ENOMEM (pinned, fulltable.a_split_is_refused_as_want_of_memory),
 *   so the mappings are counted
 *   a filter of system calls has answered instead of the kernel (seccomp: EPERM, EACCES, ENOSYS): a call that asks
 *   for nothing is made, whose answer is known (kern/system/policy.c)
 */
#include "vm/errno_status.h"

#include <errno.h>
#include <stddef.h>

#include "kern/map/mapping.h"
#include "kern/system/system.h"

enum { NEARLY = 4 }; /* mappings that one operation may need at once */

/* clang-format off */
static const struct { enum wm_op op; int error; wm_status st; } meanings[] = {
    {WM_OP_RESERVE, EEXIST, WM_ADDRESS_TAKEN},
    {WM_OP_RESERVE, EPERM,  WM_ADDRESS_TAKEN},   /* below vm.mmap_min_addr */
    {WM_OP_RESERVE, ENOMEM, WM_ADDRESS_SPACE},
    {WM_OP_RESERVE, EINVAL, WM_ADDRESS_SPACE},   /* valgrind, beyond what it manages */
    {WM_OP_RESERVE, EDEADLK, WM_REENTERED},
    {WM_OP_RESERVE, EAGAIN, WM_ADDRESS_SPACE},   /* mlockall(MCL_FUTURE) and RLIMIT_MEMLOCK */
    {WM_OP_COMMIT,  ENOMEM, WM_COMMIT_LIMIT},
    {WM_OP_COMMIT,  EAGAIN, WM_COMMIT_LIMIT},    /* the same */
    {WM_OP_COMMIT,  EACCES, WM_CODE_BLOCKED},
    {WM_OP_COMMIT,  EPERM,  WM_PINNED},
    {WM_OP_PROTECT, ENOMEM, WM_COMMIT_LIMIT},
    {WM_OP_PROTECT, EAGAIN, WM_COMMIT_LIMIT},
    {WM_OP_PROTECT, EACCES, WM_CODE_BLOCKED},
    {WM_OP_PROTECT, EPERM,  WM_PINNED},
    {WM_OP_PROTECT, EMFILE, WM_NO_PROC},         /* /proc/self/pagemap, of a view that copies */
    {WM_OP_PROTECT, ENFILE, WM_NO_PROC},
    {WM_OP_PROTECT, ENODEV, WM_NO_PROC},
    {WM_OP_FREE,    ENOMEM, WM_MAP_COUNT},
    {WM_OP_FREE,    EPERM,  WM_PINNED},
    {WM_OP_VIEW,    EEXIST, WM_ADDRESS_TAKEN},
    {WM_OP_VIEW,    EPERM,  WM_CODE_BLOCKED},
    {WM_OP_VIEW,    EACCES, WM_CODE_BLOCKED},
    {WM_OP_VIEW,    ENOMEM, WM_ADDRESS_SPACE},
    {WM_OP_VIEW,    EBADF,  WM_DESCRIPTOR_GONE},
    {WM_OP_FILE_VIEW, EEXIST, WM_ADDRESS_TAKEN},
    {WM_OP_FILE_VIEW, EPERM,  WM_VIEW_REFUSED},  /* executable, of a file system that is not; or sealed */
    {WM_OP_FILE_VIEW, EACCES, WM_VIEW_REFUSED},
    {WM_OP_FILE_VIEW, ENODEV, WM_FILE_NO_SECTION}, /* files that cannot be mapped: of /proc, some of FUSE */
    {WM_OP_FILE_VIEW, ENOMEM, WM_ADDRESS_SPACE},
    {WM_OP_FILE_VIEW, EAGAIN, WM_ADDRESS_SPACE}, /* mlockall(MCL_FUTURE) and RLIMIT_MEMLOCK */
    {WM_OP_FILE_VIEW, EBADF,  WM_DESCRIPTOR_GONE},
    {WM_OP_SECTION, EMFILE, WM_DESCRIPTORS},
    {WM_OP_SECTION, ENFILE, WM_DESCRIPTORS},
    {WM_OP_SECTION, ENOMEM, WM_COMMIT_LIMIT},
    {WM_OP_SECTION, EFBIG,  WM_SECTION_TOO_BIG},
    {WM_OP_SECTION, EINVAL, WM_SECTION_TOO_BIG},
    {WM_OP_LOCK,    ENOMEM, WM_LOCK_LIMIT},
    {WM_OP_LOCK,    EAGAIN, WM_LOCK_LIMIT},
    {WM_OP_LOCK,    EPERM,  WM_LOCK_LIMIT},      /* RLIMIT_MEMLOCK is 0 */
    {WM_OP_LARGE,   ENOMEM, WM_LARGE_EXHAUSTED},
    {WM_OP_LARGE,   ENOSPC, WM_LARGE_EXHAUSTED}, /* a section's */
    {WM_OP_LARGE,   EFAULT, WM_LARGE_EXHAUSTED}, /* touching one would be SIGBUS */
    {WM_OP_LARGE,   EINVAL, WM_LARGE_EXHAUSTED}, /* the processor has none of 1 GiB */
    {WM_OP_LARGE,   EFBIG,  WM_SECTION_TOO_BIG},
    {WM_OP_LARGE,   EACCES, WM_CODE_BLOCKED},
    {WM_OP_LARGE,   EPERM,  WM_CODE_BLOCKED},
    {WM_OP_LARGE,   EMFILE, WM_DESCRIPTORS},
    {WM_OP_LARGE,   ENFILE, WM_DESCRIPTORS},
    {WM_OP_FRAMES,  EBUSY,  WM_FRAME_BUSY},
    {WM_OP_FRAMES,  EAGAIN, WM_FRAME_BUSY},
    {WM_OP_FRAMES,  ENOMEM, WM_FRAMES_NONE},
    {WM_OP_FRAMES,  EFAULT, WM_FRAMES_NONE},     /* shared memory that cannot be had */
    {WM_OP_FRAMES,  EMFILE, WM_MOVER_GONE},
    {WM_OP_FRAMES,  ENFILE, WM_MOVER_GONE},
    {WM_OP_PROCESS, ESRCH,  WM_PROCESS_ID},
    {WM_OP_PROCESS, EACCES, WM_PROCESS_DENIED},
    {WM_OP_PROCESS, EPERM,  WM_PROCESS_DENIED},
    {WM_OP_PROCESS, ENODEV, WM_NO_PROC},
    {WM_OP_PROCESS, EXDEV,  WM_PROC_ELSEWHERE},
    {WM_OP_PROCESS, ENXIO,  WM_PROCESS_KERNEL},
    {WM_OP_PROCESS, EMFILE, WM_DESCRIPTORS},
    {WM_OP_PROCESS, ENFILE, WM_DESCRIPTORS},
    {WM_OP_NAMED,   ENOENT, WM_NAME_UNKNOWN},
    {WM_OP_NAMED,   EPROTOTYPE, WM_NAME_KIND},
    {WM_OP_NAMED,   EACCES, WM_NAMES_DENIED},
    {WM_OP_NAMED,   EPERM,  WM_NAMES_DENIED},
    {WM_OP_NAMED,   ETIMEDOUT, WM_NAME_BUSY},
    {WM_OP_NAMED,   EDEADLK, WM_REENTERED},      /* a handler has come between */
    {WM_OP_NAMED,   ENOSPC, WM_NAMES_FULL},
    {WM_OP_NAMED,   EDQUOT, WM_NAMES_FULL},
    {WM_OP_NAMED,   EFBIG,  WM_NAMES_FULL},
    {WM_OP_NAMED,   ENOMEM, WM_COMMIT_LIMIT},
    {WM_OP_NAMED,   EMFILE, WM_DESCRIPTORS},
    {WM_OP_NAMED,   ENFILE, WM_DESCRIPTORS},
    {WM_OP_QUERY,   EMFILE, WM_NO_PROC},
    {WM_OP_QUERY,   ENFILE, WM_NO_PROC},
    {WM_OP_QUERY,   ENOENT, WM_NO_PROC},
    {WM_OP_QUERY,   EACCES, WM_NO_PROC},
    {WM_OP_QUERY,   ESRCH,  WM_PROCESS_ENDED},   /* only another one can */
    {WM_OP_NAME,    ENOENT, WM_FILE_UNKNOWN},
    {WM_OP_NAME,    EEXIST, WM_FILE_EXISTS},
    {WM_OP_NAME,    EINVAL, WM_OPEN_ARGUMENTS},
    {WM_OP_NAME,    ENOTDIR, WM_PATH_UNKNOWN},
    {WM_OP_NAME,    ENAMETOOLONG, WM_NAME_LONG},
    {WM_OP_NAME,    ELOOP,  WM_NAME_LOOP},
    {WM_OP_NAME,    EACCES, WM_FILE_DENIED},
    {WM_OP_NAME,    EPERM,  WM_FILE_DENIED},
    {WM_OP_NAME,    EISDIR, WM_FILE_IS_DIRECTORY},
    {WM_OP_NAME,    EROFS,  WM_FILE_SYSTEM_READ_ONLY},
    {WM_OP_NAME,    ENOSPC, WM_FILE_DISK_FULL},
    {WM_OP_NAME,    EDQUOT, WM_FILE_DISK_FULL},
    {WM_OP_NAME,    ETXTBSY, WM_FILE_BUSY},
    {WM_OP_NAME,    EBUSY,  WM_FILE_BUSY},
    {WM_OP_NAME,    EIO,    WM_FILE_DEVICE},
    {WM_OP_NAME,    EMFILE, WM_DESCRIPTORS},
    {WM_OP_NAME,    ENFILE, WM_DESCRIPTORS},
    {WM_OP_NAME,    EFBIG,  WM_FILE_TOO_LARGE},
    {WM_OP_NAME,    EOVERFLOW, WM_FILE_TOO_LARGE},
    {WM_OP_NAME,    ENXIO,  WM_FILE_UNKNOWN},    /* a device without a driver, a pipe that nobody reads */
    {WM_OP_NAME,    ENODEV, WM_FILE_UNKNOWN},
    {WM_OP_NAME,    EXDEV,  WM_FILE_ELSEWHERE},
    {WM_OP_NAME,    ENOTEMPTY, WM_DIRECTORY_FULL},
    {WM_OP_TRANSFER, EBADF, WM_DESCRIPTOR_GONE},
    {WM_OP_TRANSFER, EFAULT, WM_POINTER},
    {WM_OP_TRANSFER, EINVAL, WM_FILE_UNALIGNED},
    {WM_OP_TRANSFER, EISDIR, WM_FILE_IS_DIRECTORY},
    {WM_OP_TRANSFER, ESPIPE, WM_FILE_WRONG_KIND},
    {WM_OP_TRANSFER, EFBIG, WM_FILE_TOO_LARGE},
    {WM_OP_TRANSFER, ENOSPC, WM_FILE_DISK_FULL},
    {WM_OP_TRANSFER, EDQUOT, WM_FILE_DISK_FULL},
    {WM_OP_TRANSFER, EROFS, WM_FILE_SYSTEM_READ_ONLY},
    {WM_OP_TRANSFER, EPERM, WM_FILE_DENIED},     /* sealed, or append only */
    {WM_OP_TRANSFER, EACCES, WM_FILE_DENIED},
    {WM_OP_TRANSFER, ETXTBSY, WM_FILE_BUSY},
    {WM_OP_TRANSFER, EAGAIN, WM_PIPE_EMPTY},
    {WM_OP_TRANSFER, EPIPE, WM_PIPE_CLOSING},
    {WM_OP_TRANSFER, EIO,   WM_FILE_DEVICE},
    {WM_OP_TRANSFER, EOPNOTSUPP, WM_FILE_WRONG_KIND},
    {WM_OP_TRANSFER, ENODEV, WM_FILE_WRONG_KIND},
};
/* clang-format on */

/* ENOMEM also means that the table of mappings is full: only counting tells. */
bool wm_table_is_full(void)
{
    size_t most = wm_kern_max_maps();

    return wm_kern_count_vmas(most) + NEARLY >= most;
}

static bool is_forbidden(void)
{
    char names[WM_FORBIDDEN_BYTES];

    return wm_kern_forbidden(names);
}

/* What a filter answers instead of the kernel. Of a question, of another process or of a file it means something else. */
static bool may_be_policy(enum wm_op op, int error)
{
    return (error == -EPERM || error == -EACCES || error == -ENOSYS) && op != WM_OP_QUERY &&
           op != WM_OP_PROCESS && op != WM_OP_LOCK && op < WM_OP_NAME && op != WM_OP_NAMED;
}

wm_status wm_no_records(void)
{
    return is_forbidden() ? WM_FORBIDDEN : WM_BOOK_MEMORY;
}

wm_status wm_from_errno(enum wm_op op, int error)
{
    if (error == 0)
        return WM_OK;
    if (may_be_policy(op, error) && is_forbidden())
        return WM_FORBIDDEN;
    if (may_be_policy(op, error) && wm_kern_forbids_code())
        return WM_CODE_BLOCKED;
    if (error == -ENOMEM && wm_table_is_full())
        return WM_MAP_COUNT;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++)
        if (meanings[i].op == op && meanings[i].error == -error)
            return meanings[i].st;
    return op == WM_OP_QUERY ? WM_NO_PROC : WM_KERNEL;
}
